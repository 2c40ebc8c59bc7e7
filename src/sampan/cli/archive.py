"""Archives between the daemon and files: -o and stdout out, -i and stdin in.

Bytes are passed on as they are; what is in a tar is cp's and the daemon's business.
"""

from __future__ import annotations

import os

from sampan.cli.errors import CommandError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sampan.cli.context import Context

BLOCK = 1 << 18


def save(
    context: Context, path: str, route: str, values: Mapping[str, object], *, verb: str
) -> None:
    """Write an archive from the daemon to a file, or to stdout unless that is a terminal."""
    if not path and context.out.is_terminal():
        raise CommandError("cowardly refusing to save to a terminal. Use the -o flag or redirect")
    if path:
        _check_place(path, verb)
    answer = context.client.stream("GET", route, values)
    if not path:
        for piece in answer:
            context.out.write(piece)
        return
    # Written beside and renamed: a broken download must not replace a good archive.
    beside = f"{path}.sampan-{os.getpid()}"
    try:
        with open(beside, "wb", buffering=0) as file:
            for piece in answer:
                _write(file.fileno(), piece)
        os.replace(beside, path)
    finally:
        if os.path.exists(beside):
            os.unlink(beside)


def pieces(fd: int, moved: Callable[[int], None] | None = None) -> Iterator[bytes]:
    """Read a descriptor to its end."""
    while data := os.read(fd, BLOCK):
        yield data
        if moved is not None:
            moved(len(data))


def open_input(path: str) -> int:
    """Open a file to read; CommandError in Docker's words when that fails."""
    try:
        return os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as error:
        raise CommandError(f"open {path}: {str(error.strerror).lower()}") from error


def _check_place(path: str, verb: str) -> None:
    directory = os.path.dirname(path) or "."
    if not os.path.isdir(directory):
        raise CommandError(
            f"failed to {verb}: invalid output path: stat {directory}: no such file or directory"
        )
    if os.path.isdir(path):
        raise CommandError(f"failed to {verb}: invalid output path: cannot write to a directory")


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
