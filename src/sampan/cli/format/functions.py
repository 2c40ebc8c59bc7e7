"""Functions that templates may call: text/template's own, and those Docker adds. Pure."""

from __future__ import annotations

from sampan.cli.format.text import quoted
from sampan.cli.format.values import NOTHING, shown
from sampan.client.jsontext import dumps
from sampan.client.url import quote

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;", "\0": "�"}


class Misuse(Exception):
    """A function was given what it cannot use; the text is Go's."""


def call(name: str, arguments: Sequence[Any]) -> Any:  # noqa: ANN401
    """Call a function by its name."""
    function, least, most = FUNCTIONS[name]
    if len(arguments) < least or (most is not None and len(arguments) > most):
        wanted = f"at least {least}" if most is None else str(least)
        raise Misuse(f"wrong number of args for {name}: want {wanted} got {len(arguments)}")
    try:
        return function(*arguments)
    except (TypeError, AttributeError) as error:
        raise Misuse(f"wrong type of value: {error}") from None


def truth(value: object) -> bool:
    """Return what `if` thinks of a value."""
    if hasattr(value, "field"):
        return True
    return bool(value)


def number(text: str) -> int | float:
    """Read a number of a template; ValueError when it is none."""
    try:
        return int(text, 0)
    except ValueError:
        return float(text)


def index(value: Any, *keys: Any) -> Any:  # noqa: ANN401
    """Look up in a map or a list, deeper with every key."""
    for key in keys:
        if value is None or value is NOTHING:
            raise Misuse("index of untyped nil")
        if isinstance(value, dict):
            value = value.get(key, _zero(value))
        elif isinstance(value, (list, tuple, str)):
            value = _item(value, key)
        else:
            raise Misuse(f"can't index item of type {type(value).__name__}")
    return value


def cut(value: Any, *ends: int) -> Any:  # noqa: ANN401
    """Return a part of a list or text: slice x 1 2."""
    first, last = (*ends, *(0, len(value))[len(ends) :])[:2]
    for end in (first, last):
        if not 0 <= end <= len(value):
            raise Misuse(f"index out of range: {end}")
    return value[first:last]


def json(value: Any) -> str:  # noqa: ANN401
    """Return a value as JSON."""
    if value is NOTHING:
        return "null"
    return dumps(value.document() if hasattr(value, "document") else value)


def join(value: Any, separator: str = "") -> str:  # noqa: ANN401
    """Join the texts of a list."""
    return separator.join(shown(one) for one in value or ())


def title(text: str) -> str:
    """Make the first letter of each word a capital."""
    out = []
    before = " "
    for letter in text:
        out.append(letter.upper() if not (before.isalnum() or before in "_'") else letter)
        before = letter
    return "".join(out)


def pad(text: str, before: int, after: int) -> str:
    """Put blanks around a text, unless it is empty."""
    return f"{' ' * before}{text}{' ' * after}" if text else ""


def truncate(text: str, width: int) -> str:
    """Cut a text to this width."""
    return text[:width]


def equal(first: Any, *others: Any) -> bool:  # noqa: ANN401
    """Tell whether the first equals one of the others."""
    # All are looked at, so that a comparison that makes no sense is always told.
    same = [_same(first, other) for other in others]
    return any(same)


def unequal(first: Any, second: Any) -> bool:  # noqa: ANN401
    """Tell whether two differ."""
    return not _same(first, second)


def less(first: Any, second: Any) -> bool:  # noqa: ANN401
    """Tell whether the first is less than the second."""
    _same(first, second)
    return bool(first < second)


def spaced(*values: Any) -> str:  # noqa: ANN401
    """Print values, blanks between those that are not texts (Go's Sprint)."""
    out = ""
    for at, value in enumerate(values):
        both = at and not isinstance(value, str) and not isinstance(values[at - 1], str)
        out += (" " if both else "") + shown(value)
    return out


def printf(layout: str, *values: Any) -> str:  # noqa: ANN401
    """Print values by a layout: %s %q %v %d %x %t %f with widths."""
    rest = list(values)
    out = []
    at = 0
    while at < len(layout):
        if layout[at] != "%":
            out.append(layout[at])
            at += 1
            continue
        end = at + 1
        while end < len(layout) and layout[end] in "+-# 0123456789.":
            end += 1
        verb = layout[end : end + 1]
        flags = layout[at + 1 : end]
        at = end + 1
        if verb == "%":
            out.append("%")
        elif not rest:
            out.append(f"%!{verb}(MISSING)")
        else:
            out.append(_formatted(flags, verb, rest.pop(0)))
    if rest:
        extra = ", ".join(f"{type(one).__name__}={shown(one)}" for one in rest)
        out.append(f"%!(EXTRA {extra})")
    return "".join(out)


def _formatted(flags: str, verb: str, value: Any) -> str:  # noqa: ANN401
    texts: dict[str, Callable[[Any], str]] = {"s": shown, "v": shown, "q": quoted}
    if verb in texts:
        return f"%{flags}s" % texts[verb](value)
    if verb == "t":
        return shown(value)
    if verb in "xX" and isinstance(value, str):
        return value.encode().hex()
    if verb and verb in "dxXoceEfFgGb":
        if verb == "b":
            return f"{value:b}"
        return f"%{flags}{verb}" % value  # type: ignore[no-any-return]
    return f"%!{verb}({type(value).__name__}={shown(value)})"


def _zero(value: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return what a map gives for a key that it has not: the zero of its values."""
    return "" if all(isinstance(one, str) for one in value.values()) else NOTHING


def _item(value: Any, key: Any) -> Any:  # noqa: ANN401
    if not isinstance(key, int):
        raise Misuse(f"cannot index slice/array with type {_go_type(key)}")
    if not 0 <= key < len(value):
        raise Misuse(f"index out of range: {key}")
    return value[key]


def _same(first: Any, second: Any) -> bool:  # noqa: ANN401
    kinds = {_basic(first), _basic(second)}
    if len(kinds) > 1 and None not in (first, second):
        raise Misuse("incompatible types for comparison")
    return bool(first == second)


def _basic(value: object) -> str:
    if isinstance(value, bool):
        return "bool"
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def _go_type(value: object) -> str:
    return {"str": "string", "float": "float64"}.get(type(value).__name__, type(value).__name__)


def _length(value: Any) -> int:  # noqa: ANN401
    if value is None:
        return 0
    if hasattr(value, "__len__"):
        return len(value)
    raise Misuse(f"len of type {_go_type(value)}")


def _html(*values: Any) -> str:  # noqa: ANN401
    return "".join(_HTML.get(letter, letter) for letter in spaced(*values))


# Name: the function, the least and the most arguments; and/or are the language's own business.
FUNCTIONS: dict[str, tuple[Callable[..., Any], int, int | None]] = {
    "and": (lambda *values: values, 1, None),
    "or": (lambda *values: values, 1, None),
    "not": (lambda value: not truth(value), 1, 1),
    "len": (_length, 1, 1),
    "index": (index, 1, None),
    "slice": (cut, 1, 3),
    "print": (spaced, 0, None),
    "printf": (printf, 1, None),
    "println": (lambda *values: " ".join(shown(one) for one in values) + "\n", 0, None),
    "html": (_html, 1, None),
    "urlquery": (lambda *values: _query(spaced(*values)), 1, None),
    "eq": (equal, 2, None),
    "ne": (unequal, 2, 2),
    "lt": (less, 2, 2),
    "le": (lambda a, b: less(a, b) or a == b, 2, 2),
    "gt": (lambda a, b: less(b, a), 2, 2),
    "ge": (lambda a, b: less(b, a) or a == b, 2, 2),
    "json": (json, 1, 1),
    "split": (lambda text, by: text.split(by) if by else list(text), 2, 2),
    "join": (join, 2, 2),
    "title": (title, 1, 1),
    "lower": (lambda text: text.lower(), 1, 1),
    "upper": (lambda text: text.upper(), 1, 1),
    "pad": (pad, 3, 3),
    "truncate": (truncate, 2, 2),
}


def _query(text: str) -> str:
    return quote(text).replace("%20", "+")
