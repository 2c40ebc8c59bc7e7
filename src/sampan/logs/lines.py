"""From chunks to whole lines. Pure; knows no format and no file.

Both file drivers take a block of whole lines at once: work per line in Python is what makes a
logger slow (32 MB/s against 216 for a block, measured), so nothing here looks at single lines
unless one of them is too long.
"""

# Docker cuts lines at this length (moby, daemon/logger/copier.go: defaultBufSize), and readers
# of its files expect pieces no longer than that.
PIECE = 16384


class Lines:
    """What one stream has said since its last newline."""

    __slots__ = ("_rest",)

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[bytes]:
        """Take a chunk; return blocks in order.

        A block is either many whole lines, ending in a newline, or one piece of a long line,
        without one.
        """
        cut = data.rfind(b"\n") + 1
        if not cut:
            self._rest += data
            return self._cut_rest() if len(self._rest) >= PIECE else []
        block = self._rest + data[:cut] if self._rest else data[:cut]
        self._rest = data[cut:]
        blocks = _cut_long_lines(block) if len(block) > PIECE else [block]
        if len(self._rest) >= PIECE:
            blocks += self._cut_rest()
        return blocks

    def rest(self) -> bytes:
        """Hand over what has no newline yet."""
        rest = self._rest
        self._rest = b""
        return rest

    def _cut_rest(self) -> list[bytes]:
        blocks = []
        rest = self._rest
        start = 0
        while len(rest) - start >= PIECE:
            end = _character_end(rest, start + PIECE)
            blocks.append(rest[start:end])
            start = end
        self._rest = rest[start:]
        return blocks


def _cut_long_lines(block: bytes) -> list[bytes]:
    """Split a block of whole lines around lines of PIECE bytes or more.

    Jumps from newline to newline in steps of almost PIECE, so that a block without long lines
    costs a few C calls.
    """
    blocks = []
    start = at = 0
    while len(block) - at > PIECE:
        newline = block.rfind(b"\n", at, at + PIECE)
        if newline >= 0:
            at = newline + 1
            continue
        if at > start:
            blocks.append(block[start:at])
        start = _character_end(block, at + PIECE)
        blocks.append(block[at:start])
        at = start
    if start < len(block):
        blocks.append(block[start:])
    return blocks


def _character_end(data: bytes, end: int) -> int:
    """Step back from end so that no UTF-8 character is cut; at most three bytes.

    A cut character would turn into two replacement characters, as it does with Docker.
    """
    for back in (1, 2, 3):
        byte = data[end - back]
        if byte < 0x80:
            return end
        if byte >= 0xC0:
            length = 2 if byte < 0xE0 else 3 if byte < 0xF0 else 4
            return end - back if length > back else end
    return end
