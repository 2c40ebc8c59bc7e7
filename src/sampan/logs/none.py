"""The none driver: output goes to whoever is attached, and nowhere else. It cannot be read."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any


class NoneWriter:
    """Keeps nothing."""

    __slots__ = ()

    def __init__(self, log: "Mapping[str, Any]") -> None:
        """Take the description, of which nothing matters here."""

    def write(self, stream: int, data: bytes) -> None:
        """Forget a chunk."""

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """Nothing is open."""
