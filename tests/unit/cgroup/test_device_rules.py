"""What lists of device rules come to, and the program made of it, run by a small interpreter."""

import itertools
import struct

import pytest

from sampan.cgroup.devices.program import assemble
from sampan.cgroup.devices.rules import MKNOD, READ, WRITE, lines_v1, reduce
from sampan.errors import InvalidRequest

DENY = {"allow": False, "access": "rwm"}
ALLOW = {"allow": True, "access": "rwm"}


def rule(text, *, allow=True):
    kind, numbers, access = text.split()
    major, minor = (None if n == "*" else int(n) for n in numbers.split(":"))
    return {"allow": allow, "type": kind, "major": major, "minor": minor, "access": access}


def test_rule_for_everything_sets_the_default_and_forgets_the_rest():
    assert reduce([rule("c 1:3 rwm"), DENY]).describe() == "deny all but"
    assert reduce([DENY, rule("c 1:3 rwm"), ALLOW]).describe() == "allow all but"


def test_bits_of_one_device_add_up():
    policy = reduce([DENY, rule("c 1:3 r"), rule("c 1:3 w"), rule("b 8:* m")])
    assert policy.describe() == "deny all but\nc 1:3 rw\nb 8:* m"


def test_later_rule_takes_bits_back():
    policy = reduce([DENY, rule("c 1:3 rwm"), rule("c 1:3 w", allow=False)])
    assert policy.describe() == "deny all but\nc 1:3 rm"
    policy = reduce([DENY, rule("c 1:3 w"), rule("c 1:3 w", allow=False)])
    assert policy.describe() == "deny all but"


def test_no_rules_allow_everything():
    assert reduce([]).describe() == "allow all but"


def test_type_a_with_numbers_means_both_kinds():
    assert reduce([DENY, rule("a 5:1 r")]).describe() == "deny all but\nb 5:1 r\nc 5:1 r"


@pytest.mark.parametrize(
    ("bad", "message"),
    [({"allow": True, "type": "x"}, "type 'x'"), ({"allow": True, "access": "rx"}, "access 'rx'")],
)
def test_rule_that_makes_no_sense_is_refused(bad, message):
    with pytest.raises(InvalidRequest, match=message):
        reduce([bad])


def test_lines_for_v1():
    assert lines_v1(reduce([DENY, rule("c 1:3 rwm"), rule("c *:* m")])) == [
        ("devices.deny", ["a"]),
        ("devices.allow", ["c 1:3 rwm", "c *:* m"]),
    ]
    assert lines_v1(reduce([ALLOW, rule("b 8:0 rwm", allow=False)])) == [
        ("devices.allow", ["a"]),
        ("devices.deny", ["b 8:0 rwm"]),
    ]


CALCULATE = {
    0xBF: lambda target, source, immediate: source,
    0xB7: lambda target, source, immediate: immediate,
    0x54: lambda target, source, immediate: target & immediate,
    0x4C: lambda target, source, immediate: target | source,
    0x64: lambda target, source, immediate: target << immediate & 0xFFFFFFFF,
    0x74: lambda target, source, immediate: target >> immediate,
}


def run(program: bytes, kind: str, major: int, minor: int, access: int) -> int:
    """Interpret the handful of instructions that device programs are made of."""
    memory = struct.pack("<III", access << 16 | {"b": 1, "c": 2}[kind], major, minor)
    registers = [0] * 11
    at = 0
    while True:
        code, both, offset, immediate = struct.unpack_from("<BBhI", program, at * 8)
        target, source = both & 15, both >> 4
        at += 1
        if code == 0x95:
            return registers[0]
        if code == 0x61:
            assert source == 1
            registers[target] = struct.unpack_from("<I", memory, offset)[0]
        elif code in CALCULATE:
            value = CALCULATE[code](registers[target], registers[source], immediate)
            registers[target] = value
        else:
            assert code in (0x56, 0x16)
            if (registers[target] == immediate) == (code == 0x16):
                at += offset


def expected(policy, kind, major, minor, access) -> int:
    """The v1 controller's own reading (security/device_cgroup.c, match_exception)."""
    for (k, ma, mi), bits in policy.exceptions.items():
        if k == kind and ma in (-1, major) and mi in (-1, minor):
            if policy.allow and access & bits:
                return 0
            if not policy.allow and not access & ~bits:
                return 1
    return int(policy.allow)


@pytest.mark.parametrize(
    "rules",
    [
        [],
        [DENY],
        [ALLOW],
        [DENY, rule("c 1:3 rwm"), rule("c 1:5 r"), rule("b *:* m"), rule("c 5:* rw")],
        [ALLOW, rule("c 1:3 w", allow=False), rule("b 8:* rwm", allow=False)],
        [DENY, rule("c *:* m"), rule("c 1:3 rw")],
        [ALLOW, rule("c *:3 w", allow=False), rule("c 1:3 r", allow=False)],
        [DENY, rule("b 8:3 r"), rule("b 8:5 w"), rule("b 8:0 rwm"), rule("b 8:* m")],
        [DENY, rule("c 4095:1048575 rw"), rule("c 4096:3 rwm"), rule("c 1:5 rw")],
    ],
)
def test_program_agrees_with_the_v1_controller(rules):
    policy = reduce(rules)
    program = assemble(policy)
    assert len(program) % 8 == 0
    accesses = [a | b | c for a, b, c in itertools.product((0, MKNOD), (0, READ), (0, WRITE))]
    for kind, major, minor, access in itertools.product(
        "bc", (1, 5, 8, 4095), (0, 3, 5, 1048575), accesses[1:]
    ):
        assert run(program, kind, major, minor, access) == expected(
            policy, kind, major, minor, access
        ), (kind, major, minor, access)
