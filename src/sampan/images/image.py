"""What an image is to the rest of the program: a value, read once."""

from typing import Any, NamedTuple


class Image(NamedTuple):
    """One image, as the state has it."""

    id: str  # digest of the config, "sha256:<hex>"
    config: dict[str, Any]  # the whole OCI image config
    diff_ids: list[str]
    chain: str | None  # top layer; None for an image without layers
    size: int  # bytes of file content in all layers
    created: str
    references: list[str]  # whole ones: docker.io/library/busybox:latest
    parent: str  # "" when there is none, or it is not here
    tagged: str  # when it last got a name, "" if never

    @property
    def os(self) -> str:
        """The operating system, linux unless it says otherwise."""
        return str(self.config.get("os") or "linux")
