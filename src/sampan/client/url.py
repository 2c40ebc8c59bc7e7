"""Paths and query strings, percent-encoded. urllib.parse does it too, and imports `re`."""

from __future__ import annotations

from sampan.client.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_IN_PATH = _PLAIN | frozenset(b"/:@")


def quote(text: str) -> str:
    """Encode one value of a query."""
    return _encode(text, _PLAIN)


def segment(text: str) -> str:
    """Encode a name inside a path; slashes stay, image names have them."""
    return _encode(text, _IN_PATH)


def query(values: Mapping[str, object]) -> str:
    """Write a query string with its question mark.

    None and False are left out, True is 1, a list repeats its key.
    """
    pairs = []
    for key, value in values.items():
        for one in value if isinstance(value, (list, tuple)) else (value,):
            if one is None or one is False:
                continue
            pairs.append(f"{key}={quote('1' if one is True else str(one))}")
    return "?" + "&".join(pairs) if pairs else ""


def filters(words: Iterable[str]) -> str | None:
    """Turn `name=value` words into the API's filters document; None when there are none."""
    found: dict[str, dict[str, bool]] = {}
    for word in words:
        name, _, value = word.partition("=")
        found.setdefault(name.strip().lower(), {})[value.strip()] = True
    return dumps(found) if found else None


def _encode(text: str, plain: frozenset[int]) -> str:
    data: Sequence[int] = text.encode("utf-8", "surrogateescape")
    return "".join([chr(byte) if byte in plain else f"%{byte:02X}" for byte in data])
