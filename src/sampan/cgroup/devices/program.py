"""A device policy as a BPF program. Pure: returns bytes.

The kernel calls the program for every open and mknod of a device node with
struct bpf_cgroup_dev_ctx { u32 access_type; u32 major; u32 minor; } (linux/bpf.h), where
access_type is access << 16 | type, and lets it pass when the program returns 1.

The shape is chosen for the verifier, which walks every path with what is known on it: devices
named in full are compared as one number, and a path that has met its device never goes back
to the others. Written rule by rule instead, a thousand rules are refused as too complex.
"""

from sampan.cgroup.devices.rules import ALL, ANY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sampan.cgroup.devices.rules import Policy

    Key = tuple[str, int, int]

# Operation codes: class, size, source (kernel Documentation/bpf, instruction-set.rst).
LOAD_WORD = 0x61  # dst = *(u32 *)(src + offset)
MOVE = 0xB7
MOVE_REGISTER = 0xBF
AND = 0x54  # this and the following on 32 bits
OR_REGISTER = 0x4C
SHIFT_LEFT = 0x64
SHIFT_RIGHT = 0x74
JUMP_EQUAL = 0x16
JUMP_NOT_EQUAL = 0x56
EXIT = 0x95

RESULT, CONTEXT, TYPE, ACCESS, MAJOR, MINOR, DEVICE = range(7)  # registers
TYPES = {"b": 1, "c": 2}  # BPF_DEVCG_DEV_*

# dev_t is 12 bits of major and 20 of minor (linux/kdev_t.h).
MINOR_BITS = 20
MAJORS, MINORS = 1 << 12, 1 << MINOR_BITS


def instruction(
    code: int, target: int = 0, source: int = 0, offset: int = 0, immediate: int = 0
) -> bytes:
    """Encode one instruction: eight bytes, little-endian fields."""
    return (
        bytes((code, source << 4 | target))
        + offset.to_bytes(2, "little", signed=True)
        + (immediate & 0xFFFFFFFF).to_bytes(4, "little")
    )


def assemble(policy: "Policy") -> bytes:
    """Return the program for a policy."""
    program = [
        instruction(LOAD_WORD, TYPE, CONTEXT, 0),
        instruction(AND, TYPE, immediate=0xFFFF),
        instruction(LOAD_WORD, ACCESS, CONTEXT, 0),
        instruction(SHIFT_RIGHT, ACCESS, immediate=16),
        instruction(LOAD_WORD, MAJOR, CONTEXT, 4),
        instruction(LOAD_WORD, MINOR, CONTEXT, 8),
        instruction(MOVE_REGISTER, DEVICE, MAJOR),
        instruction(SHIFT_LEFT, DEVICE, immediate=MINOR_BITS),
        instruction(OR_REGISTER, DEVICE, MINOR),
    ]
    characters = _section("c", policy)
    skip = instruction(JUMP_NOT_EQUAL, TYPE, offset=len(characters), immediate=TYPES["c"])
    return b"".join([*program, skip, *characters, *_section("b", policy)])


def _section(kind: str, policy: "Policy") -> list[bytes]:
    """Answer for one type of device: those named in full, those named in part, the default."""
    exact: list[tuple[Key, int]] = []
    partial: list[tuple[Key, int]] = []
    for key, bits in policy.exceptions.items():
        if key[0] != kind or key[1] >= MAJORS or key[2] >= MINORS:
            continue
        (partial if ANY in key else exact).append((key, bits))
    rest = [step for key, bits in partial for step in _partial(key, bits, policy)]
    rest += _answer(allow=policy.allow)
    steps: list[bytes] = []
    # From the end, because a device whose access does not fit goes on at the rest.
    for key, bits in reversed(exact):
        steps = _exact(key, bits, policy, len(steps)) + steps
    return steps + rest


def _exact(key: "Key", bits: int, policy: "Policy", to_rest: int) -> list[bytes]:
    body = _if_access_fits(bits, policy, to_rest)
    number = key[1] << MINOR_BITS | key[2]
    return [instruction(JUMP_NOT_EQUAL, DEVICE, offset=len(body), immediate=number), *body]


def _partial(key: "Key", bits: int, policy: "Policy") -> list[bytes]:
    steps = _if_access_fits(bits, policy, 0)
    for register, number in ((MINOR, key[2]), (MAJOR, key[1])):
        if number != ANY:
            test = instruction(JUMP_NOT_EQUAL, register, offset=len(steps), immediate=number)
            steps = [test, *steps]
    return steps


def _if_access_fits(bits: int, policy: "Policy", otherwise: int) -> list[bytes]:
    """Answer with the exception, or jump `otherwise` instructions past that answer."""
    answer = _answer(allow=not policy.allow)
    if bits == ALL:
        return answer
    # Allowed only if nothing beyond the bits is asked for; denied if any of them is.
    mask = bits if policy.allow else ALL & ~bits
    code = JUMP_EQUAL if policy.allow else JUMP_NOT_EQUAL
    return [
        instruction(MOVE_REGISTER, CONTEXT, ACCESS),
        instruction(AND, CONTEXT, immediate=mask),
        instruction(code, CONTEXT, offset=len(answer) + otherwise),
        *answer,
    ]


def _answer(*, allow: bool) -> list[bytes]:
    return [instruction(MOVE, RESULT, immediate=int(allow)), instruction(EXIT)]
