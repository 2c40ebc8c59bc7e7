"""File work inside a container's root, where every name may be a trap.

The tree belongs to the image and to volumes: symlinks may point out of it, and another
container sharing a volume may change them while we look (CVE-2021-30465). So nothing here
uses a joined path: openat2(RESOLVE_IN_ROOT) resolves, and deeds go by descriptor.
"""

import errno
import os
import stat

from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_SYMLINKS
from sampan.linux.openat2 import openat2

MAX_LINKS = 40


class Tree:
    """A container's root directory, held open."""

    __slots__ = ("fd",)

    def __init__(self, fd: int) -> None:
        self.fd = fd

    def open(self, path: str, flags: int = os.O_PATH) -> int:
        """Open what path means inside; symlinks are followed but never lead out."""
        return openat2(self.fd, path.lstrip("/") or ".", flags)

    def open_plain(self, path: str, flags: int = os.O_PATH) -> int:
        """Open path, refusing symlinks anywhere in it (ELOOP)."""
        resolve = RESOLVE_IN_ROOT | RESOLVE_NO_SYMLINKS
        return openat2(self.fd, path.lstrip("/") or ".", flags, resolve=resolve)

    def make_directory(self, path: str, mode: int = 0o755) -> int:
        """Open the directory at path, making what is missing on the way."""
        try:
            return self.open(path, os.O_PATH | os.O_DIRECTORY)
        except FileNotFoundError:
            return self.open_plain(self._make_directories(path, mode), os.O_PATH | os.O_DIRECTORY)

    def make_file(self, path: str) -> int:
        """Open what is at path, making an empty file when there is nothing."""
        try:
            return self.open(path)
        except FileNotFoundError:
            parent, _, name = path.rstrip("/").rpartition("/")
            directory = self.make_directory(parent)
        try:
            made = os.open(
                name, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o644, dir_fd=directory
            )
            os.close(made)
            # Not the path again: it may have become a link meanwhile.
            return os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=directory)
        finally:
            os.close(directory)

    def _make_directories(self, path: str, mode: int) -> str:
        """Make directories along path; return the same place without symlinks in it.

        Dangling links are followed as if their targets were there: /var/run -> /run must work
        in an image without /run.
        """
        pending = path.split("/")[::-1]
        done = ""
        links = 0
        while pending:
            name = pending.pop()
            if name in {"", "."}:
                continue
            if name == "..":
                done = done.rpartition("/")[0]
                continue
            target = self._step(done, name, mode)
            if target is None:
                done = f"{done}/{name}"
                continue
            links += 1
            if links > MAX_LINKS:
                raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), path)
            if target.startswith("/"):
                done = ""
            pending.extend(target.split("/")[::-1])
        return done

    def _step(self, parent: str, name: str, mode: int) -> str | None:
        """Make name in parent when it is missing; return a link's target, None for a directory."""
        directory = self.open_plain(parent, os.O_PATH | os.O_DIRECTORY)
        try:
            try:
                os.mkdir(name, mode, dir_fd=directory)
            except FileExistsError:
                pass
            else:
                return None
            kind = os.stat(name, dir_fd=directory, follow_symlinks=False).st_mode
            if stat.S_ISLNK(kind):
                return os.readlink(name, dir_fd=directory)
            if not stat.S_ISDIR(kind):
                raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), f"{parent}/{name}")
            return None
        finally:
            os.close(directory)
