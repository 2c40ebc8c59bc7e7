"""Paths inside a container's tree: opened below its root, never outside."""

import errno
import os
import stat
from typing import NamedTuple

from sampan.errors import InvalidRequest, NotFound
from sampan.linux.flags import RESOLVE_IN_ROOT, RESOLVE_NO_MAGICLINKS
from sampan.linux.openat2 import openat2

RESOLVE = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS
MAX_LINKS = 40


class Place(NamedTuple):
    """Where something is: the open directory above it, and its name there ("." for the root)."""

    parent: int
    name: str


def clean(path: str) -> str:
    """Return an absolute path without dots and doubled slashes, "/" for the root."""
    return "/" + os.path.normpath("/" + path).lstrip("/")


def find(root_fd: int, path: str, shown: str) -> Place:
    """Open the directory above a path. The last part is not followed; the caller closes."""
    whole = clean(path)
    above, _, name = whole.rpartition("/")
    try:
        parent = openat2(
            root_fd, above.lstrip("/") or ".", os.O_RDONLY | os.O_DIRECTORY, 0, RESOLVE
        )
        if not name:
            return Place(parent, ".")
        try:
            os.stat(name, dir_fd=parent, follow_symlinks=False)
        except OSError:
            os.close(parent)
            raise
    except OSError as error:
        raise refusal(error, shown) from error
    return Place(parent, name)


def refusal(error: OSError, shown: str) -> Exception:
    """Turn an OSError about a path into what the caller is told."""
    if error.errno in {errno.ENOENT, errno.ENOTDIR, errno.ELOOP}:
        return _NoSuchFile(shown)
    return InvalidRequest(f"cannot read {shown}: {os.strerror(error.errno or 0).lower()}")


class _NoSuchFile(NotFound):
    """Docker's words for it name file and container in one."""

    def __init__(self, shown: str) -> None:
        super().__init__("file", shown)
        self.args = (f"Could not find the file {shown}",)


def link_target(root_fd: int, status: os.stat_result, whole: str) -> str:
    """Return where a symlink leads inside the container, as an absolute path; "" for others."""
    return follow(root_fd, whole) if stat.S_ISLNK(status.st_mode) else ""


def follow(root_fd: int, whole: str) -> str:
    """Return the path that a path means once symlinks at its end are followed."""
    for _ in range(MAX_LINKS):
        step = _one_link(root_fd, whole)
        if step is None:
            return whole
        whole = step
    return whole


def _one_link(root_fd: int, path: str) -> str | None:
    """Return what the symlink at path means; None when there is no symlink."""
    above, _, name = path.rpartition("/")
    try:
        parent = openat2(
            root_fd, above.lstrip("/") or ".", os.O_RDONLY | os.O_DIRECTORY, 0, RESOLVE
        )
        try:
            target = os.readlink(name, dir_fd=parent)
        finally:
            os.close(parent)
    except OSError:
        return None
    return clean(target if target.startswith("/") else f"{above}/{target}")
