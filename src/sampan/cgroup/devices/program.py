"""A device policy as a BPF program. Pure: returns bytes.

The kernel calls the program for every open and mknod of a device node with
struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; } (linux/bpf.h), where
access_type is access << 16 | type, and lets it pass when the program returns 1.
"""

from sampan.cgroup.devices.rules import ALL, ANY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cgroup.devices.rules import Policy

# Operation codes: class, size, source (kernel Documentation/bpf, instruction-set.rst).
LOAD_WORD = 0x61  # dst = *(u32 *)(src + offset)
MOVE_REGISTER = 0xBF
MOVE = 0xB7
AND_32 = 0x54
SHIFT_RIGHT_32 = 0x74
JUMP_NOT_EQUAL = 0x55
JUMP_EQUAL = 0x15
EXIT = 0x95

RESULT, CONTEXT, TYPE, ACCESS, MAJOR, MINOR = range(6)  # registers
TYPES = {"b": 1, "c": 2}  # BPF_DEVCG_DEV_*


def instruction(
    code: int, target: int = 0, source: int = 0, offset: int = 0, immediate: int = 0
) -> bytes:
    """Encode one instruction: eight bytes, little-endian fields."""
    return (
        bytes((code, source << 4 | target))
        + offset.to_bytes(2, "little", signed=True)
        + immediate.to_bytes(4, "little", signed=True)
    )


def assemble(policy: "Policy") -> bytes:
    """Return the program for a policy."""
    program = [
        instruction(LOAD_WORD, TYPE, CONTEXT, 0),
        instruction(AND_32, TYPE, immediate=0xFFFF),
        instruction(LOAD_WORD, ACCESS, CONTEXT, 0),
        instruction(SHIFT_RIGHT_32, ACCESS, immediate=16),
        instruction(LOAD_WORD, MAJOR, CONTEXT, 4),
        instruction(LOAD_WORD, MINOR, CONTEXT, 8),
    ]
    for key, bits in policy.exceptions.items():
        program += _exception(key, bits, allow=not policy.allow)
    program += _answer(allow=policy.allow)
    return b"".join(program)


def _exception(key: tuple[str, int, int], bits: int, *, allow: bool) -> list[bytes]:
    """Answer if the device and the access are meant; else fall through to what follows."""
    kind, major, minor = key
    # Each test as (code, register, immediate): jump past the answer when it is true.
    tests = [(JUMP_NOT_EQUAL, TYPE, TYPES[kind])]
    if major != ANY:
        tests.append((JUMP_NOT_EQUAL, MAJOR, major))
    if minor != ANY:
        tests.append((JUMP_NOT_EQUAL, MINOR, minor))
    answer = _answer(allow=allow)
    access = []
    if bits != ALL:
        # Allowed only if nothing beyond the bits is asked for; denied if any of them is.
        access = [
            instruction(MOVE_REGISTER, CONTEXT, ACCESS),
            instruction(AND_32, CONTEXT, immediate=ALL & ~bits if allow else bits),
            instruction(
                JUMP_NOT_EQUAL if allow else JUMP_EQUAL, CONTEXT, offset=len(answer), immediate=0
            ),
        ]
    rest = len(access) + len(answer)
    return [
        *[
            instruction(code, register, offset=len(tests) - at - 1 + rest, immediate=number)
            for at, (code, register, number) in enumerate(tests)
        ],
        *access,
        *answer,
    ]


def _answer(*, allow: bool) -> list[bytes]:
    return [instruction(MOVE, RESULT, immediate=int(allow)), instruction(EXIT)]
