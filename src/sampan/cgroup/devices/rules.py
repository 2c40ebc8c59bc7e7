"""What a list of device rules comes to. Pure; v1 and v2 are told the same thing.

The OCI rules are read in order, as the v1 devices controller reads what is written to it
(kernel security/device_cgroup.c): a rule for everything sets the default and forgets the rest,
a rule against the default adds an exception, a rule along with it takes bits out of one.

    reduce([deny all, allow c 1:3 rwm]) -> Policy(allow=False, {("c", 1, 3): 7})
"""

from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

MKNOD, READ, WRITE = 1, 2, 4  # BPF_DEVCG_ACC_*
ACCESS = {"m": MKNOD, "r": READ, "w": WRITE}
ALL = MKNOD | READ | WRITE
ANY = -1


class Policy:
    """A default, and the devices it does not hold for."""

    __slots__ = ("allow", "exceptions")

    def __init__(self, exceptions: "dict[tuple[str, int, int], int]", *, allow: bool) -> None:
        self.allow = allow
        self.exceptions = exceptions

    def describe(self) -> str:
        """Several lines, for --debug and for tests."""
        first = "allow all but" if self.allow else "deny all but"
        return "\n".join([first, *[_line(key, bits) for key, bits in self.exceptions.items()]])


def reduce(rules: "Iterable[Mapping[str, Any]]") -> Policy:
    """Read the rules in order; before the first everything is allowed, as in a new v1 group."""
    policy = Policy({}, allow=True)
    for rule in rules:
        key, bits = _read(rule)
        if key == ("a", ANY, ANY):
            policy.allow = bool(rule["allow"])
            policy.exceptions.clear()
            continue
        for kind in "bc" if key[0] == "a" else key[0]:
            _apply(policy, (kind, *key[1:]), bits, allow=bool(rule["allow"]))
    return policy


def _apply(policy: Policy, key: "tuple[str, int, int]", bits: int, *, allow: bool) -> None:
    known = policy.exceptions.get(key, 0)
    if allow != policy.allow:
        policy.exceptions[key] = known | bits
    elif known & ~bits:
        policy.exceptions[key] = known & ~bits
    else:
        policy.exceptions.pop(key, None)


def _read(rule: "Mapping[str, Any]") -> "tuple[tuple[str, int, int], int]":
    kind = rule.get("type") or "a"
    # "p" and "u" are fifos and unbuffered character devices (config-linux.md).
    kind = {"u": "c"}.get(kind, kind)
    if kind not in ("a", "b", "c"):
        raise InvalidRequest(f"device rule has type {kind!r}, not a, b or c")
    bits = 0
    for letter in rule.get("access") or "rwm":
        if letter not in ACCESS:
            raise InvalidRequest(f"device rule has access {rule['access']!r}, not of r, w, m")
        bits |= ACCESS[letter]
    return (kind, _number(rule.get("major")), _number(rule.get("minor"))), bits


def _number(value: "int | None") -> int:
    return ANY if value is None or value < 0 else value


def lines_v1(policy: Policy) -> list[tuple[str, list[str]]]:
    """Return what to write for v1: files in order, and the lines for each."""
    default, other = "devices.allow", "devices.deny"
    if not policy.allow:
        default, other = other, default
    lines = [_line(key, bits) for key, bits in policy.exceptions.items()]
    return [(default, ["a"]), (other, lines)]


def _line(key: "tuple[str, int, int]", bits: int) -> str:
    kind, major, minor = key
    access = "".join(letter for letter in "rwm" if bits & ACCESS[letter])
    return f"{kind} {_text(major)}:{_text(minor)} {access}"


def _text(number: int) -> str:
    return "*" if number == ANY else str(number)
