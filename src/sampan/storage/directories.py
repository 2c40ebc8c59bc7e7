"""Open directories of a tree under construction, found by path without leaving the tree.

A tar names the same directories again and again: each is resolved once, by openat2(2) below the
root, and used by descriptor from then on.
"""

import os

from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS
from sampan.linux.openat2 import openat2
from sampan.storage.tree import open_directory

# Descriptors kept open: archives walk depth first, so the recent ones are the ones needed.
KEPT = 64
# Docker gives directories that an archive forgot to name this mode (ImpliedDirectoryMode).
IMPLIED = 0o755


class Directory:
    """One open directory: its descriptor and its true path below the root."""

    __slots__ = ("fd", "path", "setgid")

    def __init__(self, fd: int, path: str, *, setgid: bool = False) -> None:
        self.fd = fd
        self.path = path  # without symlinks; "" or "usr/share/"
        self.setgid = setgid  # new files take its group: chown needed even for root's

    def __del__(self) -> None:
        if self.fd >= 0:
            os.close(self.fd)
            self.fd = -1


class Directories:
    """A cache of open directories below root_fd (which stays the caller's)."""

    def __init__(self, root_fd: int, owner: tuple[int, int] = (0, 0)) -> None:
        self._root_fd = root_fd
        self._root = os.readlink(f"/proc/self/fd/{root_fd}").rstrip("/")
        self._owner = owner
        self._open: dict[str, Directory] = {}
        own = os.open(".", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC, dir_fd=root_fd)
        self.root = Directory(own, "", setgid=bool(os.fstat(own).st_mode & 0o2000))

    def get(self, path: str) -> Directory:
        """Open the directory at a clean relative path, making what is missing of it."""
        if not path:
            return self.root
        found = self._open.get(path)
        if found is None:
            try:
                found = self._resolve(path)
            except FileNotFoundError:
                return self._make(path)
            self.keep(path, found)
        return found

    def keep(self, path: str, directory: Directory) -> None:
        """Remember a directory that was opened otherwise."""
        if len(self._open) >= KEPT:
            del self._open[next(iter(self._open))]
        self._open[path] = directory

    def forget(self) -> None:
        """Drop everything known: a directory was moved or replaced."""
        self._open.clear()

    def _resolve(self, path: str) -> Directory:
        flags = os.O_RDONLY | os.O_DIRECTORY
        fd = openat2(self._root_fd, path, flags, 0, RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS)
        true = os.readlink(f"/proc/self/fd/{fd}")[len(self._root) + 1 :]
        setgid = bool(os.fstat(fd).st_mode & 0o2000)
        return Directory(fd, true + "/" if true else "", setgid=setgid)

    def _make(self, path: str) -> Directory:
        """Make what is missing of a path, from the top: it may be very deep."""
        parent = self.root
        at = 0
        while at <= len(path):
            end = path.find("/", at)
            end = len(path) if end < 0 else end
            step = path[:end]
            found = self._open.get(step)
            if found is None:
                try:
                    found = self._resolve(step)
                except FileNotFoundError:
                    found = self._make_in(parent, path[at:end])
                self.keep(step, found)
            parent = found
            at = end + 1
        return parent

    def _make_in(self, parent: Directory, name: str) -> Directory:
        os.mkdir(name, IMPLIED, dir_fd=parent.fd)
        fd = open_directory(name, parent.fd)
        made = Directory(fd, f"{parent.path}{name}/", setgid=parent.setgid)
        os.fchmod(fd, IMPLIED)
        if parent.setgid or self._owner != (0, 0):
            os.fchown(fd, *self._owner)
        return made
