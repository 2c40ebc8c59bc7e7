"""What a volume driver promises.

Words
    volume       a named directory that outlives containers
    mountpoint   where its files are on the host, "" when the driver has none there
    mount        the OCI mount that shows it in a container

Life
    create(volume)     its directory exists, empty; again is fine
    mount(volume, …)   the spec of the mount; nothing is mounted on the host
    remove(volume)     directory and files are gone; again is fine

Who uses a volume is the engine's business: a driver removes what it is told to.
"""

from typing import Any, Protocol

from sampan.state.volumes import Volume


class VolumeDriver(Protocol):
    """One kind of volume. Every method is synchronous."""

    name: str

    def check(self, options: dict[str, str]) -> None:
        """Refuse options that make no sense, before anything is made."""

    def create(self, volume: Volume) -> str:
        """Make the volume's directory; return its mountpoint."""

    def mount(self, volume: Volume, destination: str, options: list[str]) -> dict[str, Any]:
        """Return the OCI mount of a volume at a destination."""

    def usage(self, volume: Volume) -> int:
        """Return the bytes it holds, -1 when that cannot be told."""

    def remove(self, volume: Volume) -> None:
        """Remove the volume's files."""
