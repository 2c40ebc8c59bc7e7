"""cp's rules: what is copied where, and under which name. Decides only.

    cp C:/etc  there/      there/etc          the destination is a directory: into it
    cp C:/etc  new         new                it is not there: it becomes the copy
    cp C:/etc/. there      there/passwd …     only what is inside
    cp C:/file there/new   there/new          a file gets the destination's name

The rules are POSIX cp's as Docker took them over; archives carry names, so a decision is a
directory to unpack in and the name that the first entry gets.
"""

from __future__ import annotations

import posixpath

from sampan.cli.errors import CommandError

# Bits of Go's FileMode, which the API's path stat speaks.
DIRECTORY = 1 << 31
SYMLINK = 1 << 27


class Place:
    """One end of a copy: a path, and what is there."""

    __slots__ = ("exists", "is_directory", "name", "path")

    def __init__(
        self, path: str, *, exists: bool, is_directory: bool = False, name: str = ""
    ) -> None:
        self.path = path
        self.exists = exists
        self.is_directory = is_directory
        # What its entries are called in the archive, when a link gave them another name.
        self.name = name or split(path)[1]


def argument(text: str) -> tuple[str, str]:
    """Split CONTAINER:PATH; the container is empty for a local path."""
    if text.startswith("/"):
        return "", text
    container, colon, path = text.partition(":")
    # ./a:b and ../a:b are files with a colon in their names.
    if not colon or container.startswith("."):
        return "", text
    return container, path


def decide(source: Place, target: Place) -> tuple[str, str]:
    """Return the directory to unpack in, and the name for the first entry.

    The name `.` keeps entries where they are: the contents go into the directory.
    """
    if target.exists and target.is_directory:
        return target.path, source.name
    if source.is_directory and target.exists:
        raise CommandError("cannot copy directory")
    if not source.is_directory and not target.exists and asserts_directory(target.path):
        raise CommandError("no such directory")
    return split(target.path)


def split(path: str) -> tuple[str, str]:
    """Split a path into its directory and its last name; `a/.` is `.` in `a`."""
    clean = posixpath.normpath(path)
    if path == "." or path.endswith("/."):
        return clean, "."
    return posixpath.dirname(clean) or ".", posixpath.basename(clean) or "/"


def asserts_directory(path: str) -> bool:
    """Tell whether a path says of itself that it is a directory: `a/`, `a/.`."""
    return path == "." or path.endswith(("/", "/."))


def keep_ending(clean: str, original: str) -> str:
    """Put back the `/` or `/.` that made a path speak of what is inside."""
    if (original == "." or original.endswith("/.")) and not clean.endswith("/."):
        return f"{clean.rstrip('/')}/."
    if original.endswith("/") and not clean.endswith("/"):
        return f"{clean}/"
    return clean


def followed(path: str, link: str) -> str:
    """Return what a link at this path leads to."""
    return posixpath.normpath(posixpath.join(split(path)[0], link))
