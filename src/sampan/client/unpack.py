"""An archive from a container, unpacked into a directory of the user's.

What a container sends is not to be trusted: every name is walked by descriptors that do not
follow links, so nothing is written outside of the directory, whatever links the archive made
before. Devices are left out, and set-user-id bits unless owners are kept too: a file that was
some container's root's must not become a door to ours.
"""

from __future__ import annotations

import os
import stat
import tarfile

from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PIECE = 1 << 18
DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def unpack(data: Iterable[bytes], directory: str, name: str, *, owners: bool = False) -> list[str]:
    """Unpack an archive whose first entry is to be called `name`; return what was left out.

    `owners` keeps owners and all mode bits, which root can do. The name `.` keeps entries
    as they are called.
    """
    root = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        return _Unpacking(root, name, owners=owners).run(data)
    finally:
        os.close(root)


class _Source:
    """Pieces as a file that can be read, for tarfile."""

    def __init__(self, data: Iterable[bytes]) -> None:
        self._data: Iterator[bytes] = iter(data)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return exactly so many bytes, fewer only at the end."""
        pieces = [self._rest]
        have = len(self._rest)
        while have < size and (piece := next(self._data, b"")):
            pieces.append(piece)
            have += len(piece)
        whole = b"".join(pieces)
        self._rest = whole[size:]
        return whole[:size]


class _Unpacking:
    """One archive on its way to disk."""

    def __init__(self, root: int, name: str, *, owners: bool) -> None:
        self._root = root
        self._name = name
        self._owners = owners
        self._first: str | None = None
        self._left_out: list[str] = []
        # Directories get their times and modes last: unpacking changes the first and may
        # need more of the second.
        self._directories: list[tuple[list[str], tarfile.TarInfo]] = []

    def run(self, data: Iterable[bytes]) -> list[str]:
        """Unpack everything."""
        try:
            with tarfile.open(fileobj=_Source(data), mode="r|", bufsize=PIECE) as archive:  # type: ignore[call-overload]
                for header in archive:
                    self._entry(archive, header)
        except tarfile.TarError as error:
            raise InvalidRequest(f"the archive cannot be read: {error}") from error
        for parts, header in reversed(self._directories):
            self._finish_directory(parts, header)
        return self._left_out

    def _entry(self, archive: tarfile.TarFile, header: tarfile.TarInfo) -> None:
        parts = self._placed(header.name)
        if header.isdir():
            self._make_directory(parts, header)
            return
        if not parts:
            raise InvalidRequest(f"the archive has no name for an entry: {header.name!r}")
        if header.ischr() or header.isblk():
            self._left_out.append(header.name)
            return
        parent = self._open(parts[:-1], make=True)
        try:
            self._write(archive, header, parent, parts[-1])
        finally:
            os.close(parent)

    def _placed(self, name: str) -> list[str]:
        """Return where an entry goes: its parts, the first of them renamed."""
        parts = [part for part in name.split("/") if part not in {"", "."}]
        if ".." in parts:
            raise InvalidRequest(f"the archive leads out of its directory: {name!r}")
        if self._first is None:
            self._first = parts[0] if parts else ""
        if self._name == ".":
            return parts
        if self._first and parts[:1] == [self._first]:
            parts = parts[1:]
        return [self._name, *parts]

    def _open(self, parts: list[str], *, make: bool) -> int:
        """Open a directory below the root, link by link refused, missing ones made."""
        fd = os.dup(self._root)
        for part in parts:
            try:
                if make:
                    _make(part, fd)
                inner = os.open(part, DIRECTORY, dir_fd=fd)
            except NotADirectoryError:
                raise InvalidRequest(
                    f"will not unpack through what is no directory: {'/'.join(parts)}"
                ) from None
            finally:
                os.close(fd)
            fd = inner
        return fd

    def _make_directory(self, parts: list[str], header: tarfile.TarInfo) -> None:
        if parts:
            parent = self._open(parts[:-1], make=True)
            try:
                kind = _kind(parts[-1], parent)
                if kind == stat.S_IFLNK:
                    os.unlink(parts[-1], dir_fd=parent)
                elif kind not in {0, stat.S_IFDIR}:
                    raise InvalidRequest(
                        f'cannot overwrite non-directory "{"/".join(parts)}" '
                        f'with directory "{header.name}"'
                    )
                _make(parts[-1], parent)
            finally:
                os.close(parent)
            self._directories.append((parts, header))

    def _write(
        self, archive: tarfile.TarFile, header: tarfile.TarInfo, parent: int, name: str
    ) -> None:
        kind = _kind(name, parent)
        if kind == stat.S_IFDIR:
            raise InvalidRequest(
                f'cannot overwrite directory "{name}" with non-directory "{header.name}"'
            )
        if kind:
            os.unlink(name, dir_fd=parent)
        if header.issym():
            os.symlink(header.linkname, name, dir_fd=parent)
        elif header.islnk():
            self._link(header, parent, name)
            return
        elif header.isfifo():
            os.mkfifo(name, 0o600, dir_fd=parent)
        else:
            _copy(archive, header, os.open(name, NEW_FILE, 0o600, dir_fd=parent))
        if self._owners:
            os.chown(name, header.uid, header.gid, dir_fd=parent, follow_symlinks=False)
        if not header.issym():
            os.chmod(name, self._mode(header), dir_fd=parent)
        os.utime(name, (header.mtime, header.mtime), dir_fd=parent, follow_symlinks=False)

    def _link(self, header: tarfile.TarInfo, parent: int, name: str) -> None:
        target = self._placed(header.linkname)
        if not target:
            raise InvalidRequest(f"the archive links to nothing: {header.name!r}")
        there = self._open(target[:-1], make=False)
        try:
            os.link(target[-1], name, src_dir_fd=there, dst_dir_fd=parent, follow_symlinks=False)
        finally:
            os.close(there)

    def _finish_directory(self, parts: list[str], header: tarfile.TarInfo) -> None:
        fd = self._open(parts, make=False)
        try:
            if self._owners:
                os.fchown(fd, header.uid, header.gid)
            os.fchmod(fd, self._mode(header))
            os.utime(fd, (header.mtime, header.mtime))
        finally:
            os.close(fd)

    def _mode(self, header: tarfile.TarInfo) -> int:
        return header.mode & (0o7777 if self._owners else 0o1777)


def _kind(name: str, parent: int) -> int:
    """Return what is there: a file's type, 0 for nothing."""
    try:
        return stat.S_IFMT(os.lstat(name, dir_fd=parent).st_mode)
    except FileNotFoundError:
        return 0


def _make(name: str, parent: int) -> None:
    try:
        os.mkdir(name, 0o700, dir_fd=parent)
    except FileExistsError:
        return


def _copy(archive: tarfile.TarFile, header: tarfile.TarInfo, fd: int) -> None:
    try:
        source = archive.extractfile(header)
        assert source is not None
        while piece := source.read(PIECE):
            view = memoryview(piece)
            while view:
                view = view[os.write(fd, view) :]
    finally:
        os.close(fd)
