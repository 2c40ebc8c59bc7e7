"""Detach keys: finding the sequence that lets go of a terminal in what is typed. Pure.

`ctrl-p,ctrl-q` by default. Bytes that might begin the sequence are held back until it is
clear that they do not.
"""

from sampan.errors import InvalidRequest

DEFAULT = "ctrl-p,ctrl-q"

# ctrl- and one of these gives the control character; the symbols are those of term.ToBytes in
# moby/term.
_SYMBOLS = {"@": 0, "[": 27, "\\": 28, "]": 29, "^": 30, "_": 31}


def parse_keys(text: str) -> bytes:
    """`ctrl-p,ctrl-q` as the bytes a terminal sends; empty text means the default."""
    keys = bytearray()
    for key in (text or DEFAULT).split(","):
        if len(key) == 1 and key.isascii():
            keys.append(ord(key))
        elif key.startswith("ctrl-") and len(key) == 6:
            keys.append(_control(key[5], text))
        else:
            raise InvalidRequest(f"invalid detach keys ({text}) provided")
    return bytes(keys)


def _control(letter: str, text: str) -> int:
    if "a" <= letter <= "z":
        return ord(letter) - ord("a") + 1
    if letter in _SYMBOLS:
        return _SYMBOLS[letter]
    raise InvalidRequest(f"invalid detach keys ({text}) provided")


class DetachScanner:
    """Passes bytes through until the sequence appears in them."""

    __slots__ = ("_held", "_keys", "detached")

    def __init__(self, keys: bytes) -> None:
        self._keys = keys
        self._held = b""
        self.detached = False

    def feed(self, data: bytes) -> bytes:
        """Return what may be passed on; afterwards `detached` tells whether to let go."""
        data = self._held + data
        self._held = b""
        at = data.find(self._keys)
        if at >= 0:
            self.detached = True
            return data[:at]
        for size in range(min(len(self._keys) - 1, len(data)), 0, -1):
            if data.endswith(self._keys[:size]):
                self._held = data[-size:]
                return data[:-size]
        return data
