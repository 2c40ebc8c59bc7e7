"""Short texts from long ones: ids, quoted commands, labels. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

SHORT_ID = 12
_ESCAPES = {
    "\a": "\\a",
    "\b": "\\b",
    "\f": "\\f",
    "\n": "\\n",
    "\r": "\\r",
    "\t": "\\t",
    "\v": "\\v",
    "\\": "\\\\",
    '"': '\\"',
}


def short_id(identity: str) -> str:
    """Return the twelve digits users see."""
    return identity.removeprefix("sha256:")[:SHORT_ID]


def ellipsis(text: str, width: int) -> str:
    """Cut a text to this width, the last place taken by a sign that it was cut."""
    return text if len(text) <= width else text[: width - 1] + "…"


def quoted(text: str) -> str:
    """Quote a text as Go's %q does."""
    return '"' + "".join(_escaped(letter) for letter in text) + '"'


def labels(found: Mapping[str, str] | None) -> str:
    """Return labels as a=b,c=d."""
    return ",".join(f"{key}={value}" for key, value in sorted((found or {}).items()))


def _escaped(letter: str) -> str:
    if letter in _ESCAPES:
        return _ESCAPES[letter]
    if letter.isprintable():
        return letter
    code = ord(letter)
    if code < 0x80:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
