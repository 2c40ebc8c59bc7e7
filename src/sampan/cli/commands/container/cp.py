"""sampan container cp: files between a container and here, or a tar archive through a pipe."""

from __future__ import annotations

import binascii
import os

from sampan.cli.archive import pieces
from sampan.cli.copying import (
    DIRECTORY,
    SYMLINK,
    Place,
    argument,
    asserts_directory,
    decide,
    followed,
    keep_ending,
    split,
)
from sampan.cli.errors import CommandError
from sampan.cli.flags import BOOL, Flag
from sampan.cli.format.units import size
from sampan.client.errors import ApiError
from sampan.client.jsontext import loads
from sampan.client.pack import pack
from sampan.client.unpack import unpack
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = """[OPTIONS] CONTAINER:SRC_PATH DEST_PATH|-
        sampan cp [OPTIONS] SRC_PATH|- CONTAINER:DEST_PATH"""
ARGUMENTS = (2, 2)
FLAGS = (
    Flag("archive", "a", BOOL, "Archive mode (copy all uid/gid information)"),
    Flag("follow-link", "L", BOOL, "Always follow symbol link in SRC_PATH"),
    Flag(
        "quiet",
        "q",
        BOOL,
        "Suppress progress output during copy. Progress output is automatically suppressed "
        "if no terminal is attached",
    ),
)
STAT = "x-docker-container-path-stat"
STDIN = 0


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Copy."""
    source, target = arguments
    if not source or not target:
        raise CommandError(f"{'source' if not source else 'destination'} can not be empty")
    from_container, source_path = argument(source)
    to_container, target_path = argument(target)
    if from_container and to_container:
        raise CommandError("copying between containers is not supported")
    if not from_container and not to_container:
        raise CommandError("must specify at least one container source")
    copy = _Copy(context, options, from_container or to_container)
    try:
        if from_container:
            copy.out(source_path or "/", target_path)
        else:
            copy.into(source_path, target_path or "/", target)
    except OSError as error:
        raise CommandError(f"lstat {error.filename}: {str(error.strerror).lower()}") from error
    return 0


class _Copy:
    """One copy, from or to one container."""

    def __init__(self, context: Context, options: Options, container: str) -> None:
        self._context = context
        self._container = container
        self._route = f"/containers/{segment(container)}/archive"
        self._owners = options.on("archive")
        self._follow = options.on("follow-link")
        self._quiet = options.on("quiet") or not context.err.is_terminal()
        self._count = 0

    def out(self, source: str, target: str) -> None:
        """From the container."""
        if target != "-":
            target = keep_ending(os.path.abspath(target), target)
            directory = os.path.dirname(target.rstrip("/.")) or "/"
            if not os.path.isdir(directory):
                raise CommandError(f'invalid output path: directory "{directory}" does not exist')
        source, name = self._followed(source)
        answer = self._context.client.stream("GET", self._route, {"path": source})
        if target == "-":
            for piece in answer:
                self._context.out.write(piece)
            return
        found = _decoded(answer.headers[STAT])
        is_directory = bool(found["mode"] & DIRECTORY)
        place = Place(source, exists=True, is_directory=is_directory, name=name)
        directory, name = decide(place, _local_target(target))
        left_out = unpack(self._counted(answer), directory, name, owners=self._owners)
        for path in left_out:
            self._context.warn(f"left out {path}: device files are not copied")
        self._report(target)

    def into(self, source: str, target: str, shown: str) -> None:
        """Into the container."""
        place = self._target(target)
        data: Iterable[bytes]
        if source == "-":
            if not place.is_directory:
                raise CommandError(f'destination "{shown}" must be a directory')
            directory, data = place.path, pieces(STDIN)
        else:
            local, found = _local_source(source, follow=self._follow)
            directory, name = decide(found, place)
            data = pack(local, name)
        values = {
            "path": directory,
            "noOverwriteDirNonDir": "true",
            "copyUIDGID": "true" if self._owners else None,
        }
        headers = {"Content-Type": "application/x-tar"}
        client = self._context.client
        client.stream("PUT", self._route, values, self._counted(data), headers).read_all()
        self._report(shown)

    def _followed(self, path: str) -> tuple[str, str]:
        """Follow a link in the container if that was asked for; the copy keeps its name."""
        if not self._follow:
            return path, ""
        found = self._stat(path)
        if not found or not found["mode"] & SYMLINK:
            return path, ""
        return followed(path, found["linkTarget"]), split(path)[1]

    def _target(self, path: str) -> Place:
        found = self._stat(path)
        if found and found["mode"] & SYMLINK:
            path = followed(path, found["linkTarget"])
            found = self._stat(path)
        if not found:
            return Place(path, exists=False)
        return Place(path, exists=True, is_directory=bool(found["mode"] & DIRECTORY))

    def _stat(self, path: str) -> dict[str, Any] | None:
        """Ask what is at a path; None when nothing is, which the copy may be about to change."""
        try:
            answer = self._context.client.stream("HEAD", self._route, {"path": path})
        except ApiError as error:
            if error.status != 404:
                raise
            return None
        return _decoded(answer.headers[STAT])

    def _counted(self, data: Iterable[bytes]) -> Iterator[bytes]:
        for piece in data:
            self._count += len(piece)
            yield piece

    def _report(self, target: str) -> None:
        if not self._quiet:
            self._context.err.line(f"Successfully copied {size(self._count, 3)} to {target}")


def _local_target(path: str) -> Place:
    path = keep_ending(os.path.realpath(path), path) if os.path.islink(path) else path
    return Place(path, exists=os.path.exists(path), is_directory=os.path.isdir(path))


def _local_source(path: str, *, follow: bool) -> tuple[str, Place]:
    """Return the path to pack, and the place as the rules see it."""
    whole = os.path.abspath(path)
    if follow or asserts_directory(path):
        real = os.path.realpath(whole)
    else:
        real = os.path.join(os.path.realpath(os.path.dirname(whole)), os.path.basename(whole))
    os.lstat(real)
    is_directory = os.path.isdir(real) and not os.path.islink(real)
    if path.endswith("/") and not is_directory:
        raise CommandError("not a directory")
    return real, Place(
        keep_ending(real, path),
        exists=True,
        is_directory=is_directory,
        name="." if path == "." or path.endswith("/.") else os.path.basename(whole),
    )


def _decoded(header: str) -> dict[str, Any]:
    found: dict[str, Any] = loads(binascii.a2b_base64(header))
    return found
