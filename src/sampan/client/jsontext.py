"""JSON in and out without the json package, and pretty printing of JSON as it came.

`import json` brings `re` along and doubles the start-up of a command; its C halves need
neither. Knows nothing of what the documents mean.
"""

from __future__ import annotations

# The scanner and the string writer behind json.loads and json.dumps.
from _json import encode_basestring, make_scanner

from sampan.errors import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

BLANKS = " \t\r\n"


class _Rules:
    """What the scanner asks its context: plain JSON, no hooks."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    parse_float = float
    parse_int = int
    parse_constant = float


_scan = make_scanner(_Rules)  # type: ignore[arg-type]  # the stub wants a JSONDecoder


def loads(text: bytes | str) -> Any:  # noqa: ANN401 - a document is whatever the server sent
    """Read one JSON document; Unavailable when it is none."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "replace")
    value, _ = scan(text, 0)
    return value


def scan(text: str, start: int) -> tuple[Any, int]:
    """Read the document that begins at or after start; return it and where it ended."""
    while start < len(text) and text[start] in BLANKS:
        start += 1
    try:
        value: tuple[Any, int] = _scan(text, start)
    except (StopIteration, ValueError, RecursionError) as error:
        raise Unavailable("the server's answer is not JSON") from error
    return value


def dumps(value: object) -> str:
    """Write a document on one line, keys in their order."""
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None:
        return "null"
    if value is True:
        return "true"
    if value is False:
        return "false"
    if isinstance(value, dict):
        inner = ",".join(f"{encode_basestring(str(k))}:{dumps(v)}" for k, v in value.items())
        return "{" + inner + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(map(dumps, value)) + "]"
    if isinstance(value, (int, float)):
        return repr(value)
    raise TypeError(f"not a JSON value: {value!r}")


def indent(text: str, step: str = "    ", prefix: str = "") -> str:
    """Lay a document out over lines without touching its values.

    Numbers and escapes stay as the server wrote them, which reading and writing again
    would not promise.
    """
    out = []
    level = prefix
    at = 0
    while at < len(text):
        mark = text[at]
        if mark == '"':
            end = _string_end(text, at)
            out.append(text[at:end])
            at = end
            continue
        at += 1
        if mark in "{[":
            close = _skip_blanks(text, at)
            if text[close : close + 1] in ("}", "]"):
                out.append(mark + text[close])
                at = close + 1
                continue
            level += step
            out.append(f"{mark}\n{level}")
        elif mark in "}]":
            level = level[: -len(step)]
            out.append(f"\n{level}{mark}")
        elif mark == ",":
            out.append(f",\n{level}")
        elif mark == ":":
            out.append(": ")
        elif mark not in BLANKS:
            out.append(mark)
    return "".join(out)


def _skip_blanks(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in BLANKS:
        at += 1
    return at


def _string_end(text: str, start: int) -> int:
    at = start + 1
    while True:
        at = text.index('"', at)
        slashes = 0
        while text[at - 1 - slashes] == "\\":
            slashes += 1
        at += 1
        if slashes % 2 == 0:
            return at
