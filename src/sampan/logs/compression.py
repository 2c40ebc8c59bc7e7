"""Compressing a rotated file beside the writing. Touches only <path>, <path>.gz and <path>.gz.tmp.

In a thread, because the container's output must not wait for it: zlib releases the GIL. _thread
and zlib are C modules; threading and gzip would cost every monitor their imports.
"""

import _thread
import os
import zlib

BLOCK = 262144

# RFC 1952: magic, deflate, a comment follows, no time, no flags, Unix. The comment tells a
# reader that had the plain file open when it was compressed where to go on.
HEADER = b"\x1f\x8b\x08\x10\0\0\0\0\0\3"


def origin(status: os.stat_result) -> bytes:
    """Name a plain file, for the comment; inode numbers alone are used again."""
    return b"sampan inode %d written %d" % (status.st_ino, status.st_mtime_ns)


class Compression:
    """At most one file being compressed."""

    __slots__ = ("_busy", "_stopping")

    def __init__(self) -> None:
        self._busy = _thread.allocate_lock()
        self._stopping = False

    def sweep(self, path: str, max_file: int) -> None:
        """Remove what a killed compression left."""
        for number in range(1, max_file):
            try:
                os.unlink(f"{path}.{number}.gz.tmp")
            except FileNotFoundError:
                continue

    def start(self, path: str) -> None:
        """Turn path into path.gz in the background."""
        self._busy.acquire()
        try:
            _thread.start_new_thread(self._run, (path,))
        except RuntimeError:
            # No thread to be had (pids limit of the daemon): the file stays as it is.
            self._busy.release()

    def wait(self) -> None:
        """Return when nothing is under way."""
        self._busy.acquire()
        self._busy.release()

    def stop(self) -> None:
        """Give up what is under way; the file stays as it was, which readers take as well."""
        self._stopping = True
        self.wait()

    def _run(self, path: str) -> None:
        try:
            self._compress(path)
        except OSError:
            # A full disk: the file stays uncompressed.
            _forget(f"{path}.gz.tmp")
        finally:
            self._busy.release()

    def _compress(self, path: str) -> None:
        source = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            target = os.open(
                f"{path}.gz.tmp", os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o640
            )
            try:
                if not self._pump(source, target):
                    _forget(f"{path}.gz.tmp")
                    return
            finally:
                os.close(target)
        finally:
            os.close(source)
        os.rename(f"{path}.gz.tmp", f"{path}.gz")
        os.unlink(path)

    def _pump(self, source: int, target: int) -> bool:
        _write(target, HEADER + origin(os.fstat(source)) + b"\0")
        squeeze = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        checksum = size = 0
        while block := os.read(source, BLOCK):
            if self._stopping:
                return False
            checksum = zlib.crc32(block, checksum)
            size += len(block)
            _write(target, squeeze.compress(block))
        _write(target, squeeze.flush())
        _write(target, checksum.to_bytes(4, "little") + (size & 0xFFFFFFFF).to_bytes(4, "little"))
        return True


def _write(fd: int, data: bytes) -> None:
    while data:
        data = data[os.write(fd, data) :]


def _forget(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
