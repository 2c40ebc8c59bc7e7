"""Detach keys: what `ctrl-p,ctrl-q` means, and watching for it in what is typed. Pure."""

from __future__ import annotations

from sampan.errors import InvalidRequest

DEFAULT = b"\x10\x11"  # ctrl-p, ctrl-q


def parse(text: str) -> bytes:
    """Read a sequence such as `ctrl-a,x`; empty means the default."""
    if not text:
        return DEFAULT
    return b"".join(_key(word) for word in text.split(","))


class Watch:
    """Holds back typed bytes that may become the sequence."""

    def __init__(self, keys: bytes) -> None:
        self._keys = keys
        self._matched = 0

    def feed(self, typed: bytes) -> tuple[bytes, bool]:
        """Return what may be passed on, and whether the sequence is complete."""
        passed = bytearray()
        for byte in typed:
            if byte != self._keys[self._matched]:
                passed += self._keys[: self._matched]
                self._matched = 0
            if byte != self._keys[self._matched]:
                passed.append(byte)
                continue
            self._matched += 1
            if self._matched == len(self._keys):
                return bytes(passed), True
        return bytes(passed), False


def _key(word: str) -> bytes:
    if len(word) == 1 and word.isascii():
        return word.encode()
    letter = word.removeprefix("ctrl-")
    if letter != word and len(letter) == 1:
        code = ord(letter.upper()) - 64
        # @ is 0, A to Z, then [ \ ] ^ _
        if 0 <= code < 32:
            return bytes((code,))
    raise InvalidRequest(f"Unknown character: '{word}'")
