"""What can be wrong with an archive. The caller sent it, so both are its request's fault."""

from sampan.errors import InvalidRequest


class TarError(InvalidRequest):
    """The archive is broken, truncated, or of a kind we do not read."""


class Breakout(TarError):
    """An entry would land, or point, outside the directory it is unpacked into."""
