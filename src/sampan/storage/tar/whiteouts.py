"""How a layer's deletions are kept on disk.

Overlay knows a character device 0:0 as "deleted" and an extended attribute as "nothing shows
through from below" (Documentation/filesystems/overlayfs.rst, "whiteouts and opaque directories").
Without overlay the deletion is carried out on a copy of what lies below.
"""

import os
import stat
from collections.abc import Callable
from typing import Protocol

from sampan.storage import tree

OPAQUE_XATTR = "trusted.overlay.opaque"


class Whiteouts(Protocol):
    """What to do when a layer deletes something of the layers below it."""

    made: Callable[[str], None] | None
    """Wants to know of every path that the layer itself makes; None when it does not matter."""

    def hide(self, dir_fd: int, path: str, name: str) -> None:
        """Delete `name` (with all below it) of the lower layers."""

    def opaque(self, dir_fd: int, path: str) -> None:
        """Delete what the lower layers have in a directory."""


class OverlayWhiteouts:
    """Marks that overlay understands. Everything in the directory is this layer's own."""

    made: Callable[[str], None] | None = None

    def hide(self, dir_fd: int, path: str, name: str) -> None:
        """Put a 0:0 device there, or make the directory of this layer opaque.

        "Whiteout files MUST only apply to resources in lower/parent layers" (image-spec,
        layer.md), so what this layer made itself stays.
        """
        try:
            os.mknod(name, stat.S_IFCHR | 0o600, 0, dir_fd=dir_fd)
        except FileExistsError:
            if stat.S_ISDIR(os.lstat(name, dir_fd=dir_fd).st_mode):
                fd = tree.open_directory(name, dir_fd)
                try:
                    self.opaque(fd, path)
                finally:
                    os.close(fd)

    def opaque(self, dir_fd: int, path: str) -> None:
        """Set the attribute."""
        os.setxattr(dir_fd, OPAQUE_XATTR, b"y")


class PlainWhiteouts:
    """Deletion carried out in a copy of the lower layers."""

    def __init__(self) -> None:
        self._made: set[str] = set()
        self.made: Callable[[str], None] | None = self._note

    def _note(self, path: str) -> None:
        """Remember it, with the directories above it."""
        while path and path not in self._made:
            self._made.add(path)
            path = path.rpartition("/")[0]

    def hide(self, dir_fd: int, path: str, name: str) -> None:
        """Remove it, unless it is (also) this layer's: then remove only what is below and old."""
        if path not in self._made:
            tree.remove(name, dir_fd)
            return
        if stat.S_ISDIR(os.lstat(name, dir_fd=dir_fd).st_mode):
            fd = tree.open_directory(name, dir_fd)
            try:
                self.opaque(fd, path)
            finally:
                os.close(fd)

    def opaque(self, dir_fd: int, path: str) -> None:
        """Remove all that this layer did not make."""
        prefix = f"{path}/" if path else ""
        for name in os.listdir(dir_fd):
            self.hide(dir_fd, prefix + name, name)
