"""Applies a layer: entries of a hostile archive onto a directory, and nowhere else.

Parents are found by openat2(2) below the root; the last part of a name is only ever created
(O_EXCL, O_NOFOLLOW) or replaced, never followed. What cannot be done safely is refused with the
entry's name. Order of attributes: owner, mode, capabilities, times, because each of these calls
undoes some of the later ones.
"""

import errno
import os
import stat
from collections.abc import Callable, Iterable
from typing import NamedTuple, TypeVar

from sampan.storage import tree
from sampan.storage.directories import Directories, Directory
from sampan.storage.pipeline import Block
from sampan.storage.tar import header
from sampan.storage.tar.errors import Breakout, TarError
from sampan.storage.tar.header import Entry
from sampan.storage.tar.names import OPAQUE, WHITEOUT, WHITEOUT_META, clean, hidden_by
from sampan.storage.tar.reader import Reader
from sampan.storage.tar.source import Source
from sampan.storage.tar.split import Recorder
from sampan.storage.tar.whiteouts import Whiteouts

_Made = TypeVar("_Made")

_CREATE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MAX_ID = (1 << 32) - 2  # 2**32-1 means "leave as it is" to chown(2)
_MAX_TIME = (1 << 63) - 1

# Docker passes over global headers; volume labels and directory lists say nothing of files.
_SKIPPED = frozenset((header.PAX_GLOBAL, header.VOLUME_LABEL, "D", "M", "N"))

# The kernel's own and overlay's attributes are not the archive's to set: trusted.overlay.redirect
# could show any directory of the layers below (overlayfs.rst, "Metadata only copy up").
_XATTRS = ("user.", "security.capability", "system.posix_acl_")
_REFUSED_XATTRS = ("user.overlay.",)
_UNSUPPORTED = frozenset((errno.ENOTSUP, errno.EPERM, errno.EINVAL))

# Errors that the archive causes, not the machine.
_THEIR_FAULT = frozenset(
    (
        errno.ENAMETOOLONG,
        errno.ENOTDIR,
        errno.EISDIR,
        errno.ELOOP,
        errno.EINVAL,
        errno.EEXIST,
        errno.ENOENT,
        errno.EFBIG,
        errno.EMLINK,
        errno.EXDEV,
        errno.EPERM,
    )
)


class Outcome(NamedTuple):
    """What was applied."""

    size: int  # bytes of file content
    names_root: bool  # whether the archive said what its root directory looks like


def apply(
    blocks: Iterable[Block], root_fd: int, whiteouts: Whiteouts, recorder: Recorder | None = None
) -> Outcome:
    """Apply a plain layer tar below root_fd."""
    source = Source(blocks, recorder.literal) if recorder else Source(blocks)
    applier = Applier(root_fd, Reader(source), whiteouts, recorder)
    return applier.run()


class Applier:
    """One archive being applied."""

    def __init__(
        self, root_fd: int, reader: Reader, whiteouts: Whiteouts, recorder: Recorder | None
    ) -> None:
        self._root_fd = root_fd
        self._reader = reader
        self._whiteouts = whiteouts
        self._recorder = recorder
        self._directories = Directories(root_fd)
        # Entries of one directory follow each other.
        self._above = ""
        self._parent = self._directories.root
        self._made = whiteouts.made
        self._times: dict[str, int] = {}  # of directories: set last, filling them changes them
        self.size = 0
        self._methods: dict[str, Callable[[Entry, Directory, str], None]] = {
            header.REGULAR: self._file,
            header.HARDLINK: self._hardlink,
            header.SYMLINK: self._symlink,
            header.CHAR: self._device,
            header.BLOCK_DEVICE: self._device,
            header.DIRECTORY: self._directory,
            header.FIFO: self._fifo,
        }

    def run(self) -> Outcome:
        """Apply every entry."""
        for entry in self._reader:
            try:
                self._apply(entry)
            except OSError as error:
                if error.errno in _THEIR_FAULT:
                    raise TarError(f"{entry.name}: {error.strerror}") from error
                error.add_note(f"while unpacking {entry.name}")
                raise
        self._set_times()
        return Outcome(self.size, "" in self._times)

    def _apply(self, entry: Entry) -> None:
        path = clean(entry.name)
        above, _, name = path.rpartition("/")
        if name.startswith(WHITEOUT):
            self._whiteout(path, above, name)
            return
        if path.startswith(WHITEOUT_META):
            return
        if not name:
            self._root(entry)
            return
        method = self._methods.get(entry.type)
        if method is None:
            if entry.type in _SKIPPED:
                return
            raise TarError(f"unhandled tar header type {ord(entry.type)} of {entry.name}")
        if above != self._above:
            self._parent = self._directories.get(above)
            self._above = above
        self._check(entry)
        method(entry, self._parent, name)
        if self._made is not None:
            self._made(self._parent.path + name)

    def _check(self, entry: Entry) -> None:
        if not (0 <= entry.uid <= _MAX_ID and 0 <= entry.gid <= _MAX_ID):
            raise TarError(f"owner {entry.uid}:{entry.gid} of {entry.name} is out of range")
        # Docker takes times it cannot set for the epoch (boundTime).
        if not 0 <= entry.mtime_ns <= _MAX_TIME:
            entry.mtime_ns = 0

    def _whiteout(self, path: str, above: str, name: str) -> None:
        if name == OPAQUE:
            parent = self._directories.get(above)
            self._whiteouts.opaque(parent.fd, parent.path.rstrip("/"))
        elif not path.startswith(WHITEOUT_META) and not name.startswith(WHITEOUT_META):
            hidden = hidden_by(name)
            parent = self._directories.get(above)
            self._whiteouts.hide(parent.fd, parent.path + hidden, hidden)
            self._forget()

    def _forget(self) -> None:
        """Look directories up again: one of them is no longer what it was."""
        self._directories.forget()
        self._above, self._parent = "", self._directories.root

    def _root(self, entry: Entry) -> None:
        """Give the root directory itself its attributes."""
        if entry.type != header.DIRECTORY:
            raise TarError(f"the root of the archive is not a directory ({entry.name!r})")
        self._check(entry)
        self._adorn(self._directories.root.fd, entry)
        self._times[""] = entry.mtime_ns

    def _file(self, entry: Entry, parent: Directory, name: str) -> None:
        try:
            fd = os.open(name, _CREATE, 0o600, dir_fd=parent.fd)
        except FileExistsError:
            self._replace(parent, name)
            fd = os.open(name, _CREATE, 0o600, dir_fd=parent.fd)
        try:
            if entry.sparse is not None:
                self._sparse(fd, entry, parent.path + name)
            elif entry.size:
                if self._recorder:
                    self._recorder.file(parent.path + name, entry.size)
                self._reader.pour(fd)
                self.size += entry.size
            if entry.uid or entry.gid or parent.setgid:
                os.fchown(fd, entry.uid, entry.gid)
            os.fchmod(fd, entry.mode)
            if entry.xattrs:
                _set_xattrs(fd, entry.xattrs)
            os.utime(fd, ns=(entry.mtime_ns, entry.mtime_ns))
        finally:
            os.close(fd)

    def _sparse(self, fd: int, entry: Entry, path: str) -> None:
        assert entry.sparse is not None
        os.ftruncate(fd, entry.real_size)
        for offset, length in entry.sparse:
            if self._recorder and length:
                self._recorder.file(path, length, offset)
            os.lseek(fd, offset, os.SEEK_SET)
            for piece in self._reader.chunks(length):
                while piece:
                    piece = piece[os.write(fd, piece) :]
            self.size += length

    def _directory(self, entry: Entry, parent: Directory, name: str) -> None:
        hidden = False
        while True:
            try:
                os.mkdir(name, 0o700, dir_fd=parent.fd)
                break
            except FileExistsError:
                status = os.lstat(name, dir_fd=parent.fd)
                if stat.S_ISDIR(status.st_mode):
                    break
                hidden = hidden or _is_whiteout(status)
                self._replace(parent, name)
        fd = tree.open_directory(name, parent.fd)
        made = Directory(fd, f"{parent.path}{name}/", setgid=bool(entry.mode & 0o2000))
        self._adorn(fd, entry)
        if hidden:
            # The layer deletes what was below and makes it anew: nothing may show through.
            self._whiteouts.opaque(fd, parent.path + name)
        self._times[parent.path + name] = entry.mtime_ns
        self._directories.keep(parent.path + name, made)

    def _adorn(self, fd: int, entry: Entry) -> None:
        os.fchown(fd, entry.uid, entry.gid)
        os.fchmod(fd, entry.mode)
        if entry.xattrs:
            _set_xattrs(fd, entry.xattrs)

    def _symlink(self, entry: Entry, parent: Directory, name: str) -> None:
        # The target may say anything: it is only followed inside the container's own root.
        self._create(
            parent, name, lambda: os.symlink(entry.linkname, name, dir_fd=parent.fd)
        )
        self._finish_node(entry, parent, name, mode=False)

    def _hardlink(self, entry: Entry, parent: Directory, name: str) -> None:
        try:
            target = clean(entry.linkname)
        except Breakout:
            raise Breakout(f"invalid hardlink {entry.name!r} -> {entry.linkname!r}") from None
        above, _, last = target.rpartition("/")
        origin = self._directories.get(above) if target else None
        if origin is None or target == parent.path + name:
            raise TarError(f"invalid hardlink {entry.name!r} -> {entry.linkname!r}")
        try:
            self._create(
                parent,
                name,
                lambda: os.link(
                    last, name, src_dir_fd=origin.fd, dst_dir_fd=parent.fd, follow_symlinks=False
                ),
            )
        except FileNotFoundError:
            raise TarError(
                f"invalid hardlink {entry.name!r} -> {entry.linkname!r}: no such file in the layer"
            ) from None

    def _device(self, entry: Entry, parent: Directory, name: str) -> None:
        kind = stat.S_IFCHR if entry.type == header.CHAR else stat.S_IFBLK
        if entry.major == entry.minor == 0 and kind == stat.S_IFCHR:
            raise TarError(f"{entry.name}: character device 0:0 is overlay's mark of a deletion")
        try:
            device = os.makedev(entry.major, entry.minor)
        except (OverflowError, ValueError):
            raise TarError(f"{entry.name}: device number is out of range") from None
        self._create(
            parent, name, lambda: os.mknod(name, kind | 0o600, device, dir_fd=parent.fd)
        )
        self._finish_node(entry, parent, name, mode=True)

    def _fifo(self, entry: Entry, parent: Directory, name: str) -> None:
        self._create(parent, name, lambda: os.mkfifo(name, 0o600, dir_fd=parent.fd))
        self._finish_node(entry, parent, name, mode=True)

    def _finish_node(self, entry: Entry, parent: Directory, name: str, *, mode: bool) -> None:
        """Owner, mode and time of something that cannot be opened; it was made just now."""
        if entry.uid or entry.gid or parent.setgid:
            os.chown(name, entry.uid, entry.gid, dir_fd=parent.fd, follow_symlinks=False)
        if mode:
            os.chmod(name, entry.mode, dir_fd=parent.fd)
        times = (entry.mtime_ns, entry.mtime_ns)
        os.utime(name, ns=times, dir_fd=parent.fd, follow_symlinks=False)

    def _create(self, parent: Directory, name: str, make: Callable[[], _Made]) -> _Made:
        try:
            return make()
        except FileExistsError:
            self._replace(parent, name)
            return make()

    def _replace(self, parent: Directory, name: str) -> None:
        """Make way for an entry: what an earlier one of the same archive made is kept aside."""
        status = os.lstat(name, dir_fd=parent.fd)
        keep = stat.S_ISREG(status.st_mode) or stat.S_ISDIR(status.st_mode)
        if keep and self._recorder:
            self._recorder.orphan(parent.path + name, parent.fd, name)
        else:
            tree.remove(name, parent.fd)
        if not stat.S_ISREG(status.st_mode):
            self._forget()
            gone = f"{parent.path}{name}/"
            for path in [p for p in self._times if f"{p}/".startswith(gone)]:
                del self._times[path]

    def _set_times(self) -> None:
        for path, mtime in self._times.items():
            directory = self._directories.get(path)
            os.utime(directory.fd, ns=(mtime, mtime))


def _is_whiteout(status: os.stat_result) -> bool:
    return stat.S_ISCHR(status.st_mode) and status.st_rdev == 0


def _set_xattrs(fd: int, xattrs: dict[str, bytes]) -> None:
    for name, value in xattrs.items():
        if not name.startswith(_XATTRS) or name.startswith(_REFUSED_XATTRS):
            continue
        try:
            os.setxattr(fd, name, value)
        except OSError as error:
            # As tar does: a file system without attributes is no reason to refuse the file.
            if error.errno not in _UNSUPPORTED:
                raise
