"""The local driver: a directory below the data root, or a file system mounted by its options.

With `type`, `device` and `o` a volume stands for something mount(8) can mount (nfs, a device, a
directory elsewhere). It is mounted inside each container's own namespace, never on the host, so
that nothing is left behind; the other side of that is that a tmpfs volume is each container's own.
"""

import os
from contextlib import suppress
from typing import Any

from sampan.base import files
from sampan.base.data_root import DataRoot
from sampan.errors import InvalidRequest
from sampan.state.volumes import Volume

KNOWN = ("type", "o", "device", "size")


class LocalDriver:
    """Volumes on this host's disk."""

    name = "local"

    def __init__(self, root: DataRoot) -> None:
        self._root = root

    def check(self, options: dict[str, str]) -> None:
        """Refuse unknown options, and a mount without its device or type."""
        for option in options:
            if option not in KNOWN:
                raise InvalidRequest(f'create: invalid option: "{option}"')
        if "size" in options:
            raise InvalidRequest("create: quota size requested but no quota support")
        if "type" in options and not options.get("device"):
            raise InvalidRequest('create: missing device in volume options: "device"')
        if "o" in options and "type" not in options and "device" not in options:
            raise InvalidRequest('create: missing required option: "type"')

    def create(self, volume: Volume) -> str:
        """Make the directory; 0701 keeps other users of the host from looking in."""
        mountpoint = self._root.volume(volume.name)
        os.makedirs(os.path.dirname(mountpoint), mode=0o701, exist_ok=True)
        with suppress(FileExistsError):
            os.mkdir(mountpoint, 0o755)
        return mountpoint

    def mount(self, volume: Volume, destination: str, options: list[str]) -> dict[str, Any]:
        """Return a bind of the directory, or the mount its options speak of."""
        wished = volume.options or {}
        device = wished.get("device", "")
        if not device:
            return _mount(destination, "bind", volume.mountpoint, ["rbind", *options])
        words = [word for word in wished.get("o", "").split(",") if word]
        kind = wished.get("type", "none") or "none"
        if kind == "none" or "bind" in words or "rbind" in words:
            bind = [] if {"bind", "rbind"} & set(words) else ["rbind"]
            return _mount(destination, "bind", device, [*bind, *words, *options])
        plain = [word for word in options if word in {"ro", "rw"}]
        return _mount(destination, kind, device, [*words, *plain])

    def usage(self, volume: Volume) -> int:
        """Add up the files' blocks; hard links count once."""
        if (volume.options or {}).get("device"):
            return -1
        total, seen = 0, set()
        for directory, _, names in os.walk(volume.mountpoint):
            for name in names:
                with suppress(OSError):
                    stat = os.lstat(f"{directory}/{name}")
                    if (stat.st_dev, stat.st_ino) not in seen:
                        seen.add((stat.st_dev, stat.st_ino))
                        total += stat.st_size
        return total

    def remove(self, volume: Volume) -> None:
        """Remove the directory with everything in it."""
        files.remove_tree(os.path.dirname(self._root.volume(volume.name)))


def _mount(destination: str, kind: str, source: str, options: list[str]) -> dict[str, Any]:
    return {"destination": destination, "type": kind, "source": source, "options": options}
