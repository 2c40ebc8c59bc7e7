"""API versions: the prefix of a path, what is too old or too new. Pure."""

import re

from sampan.errors import InvalidRequest
from sampan.version import API_VERSION, MIN_API_VERSION

Version = tuple[int, int]

_PREFIX = re.compile(r"/v([0-9]+)\.([0-9]+)(?=/)")


def parse(text: str) -> Version:
    """`1.51` as numbers that compare."""
    major, _, minor = text.partition(".")
    return int(major), int(minor or 0)


NEWEST = parse(API_VERSION)
OLDEST = parse(MIN_API_VERSION)


def split(path: str) -> tuple[Version, str]:
    """The version a path asks for (ours when it names none), and the path without it."""
    match = _PREFIX.match(path)
    if match is None:
        return NEWEST, path
    version = int(match[1]), int(match[2])
    text = f"{match[1]}.{match[2]}"
    if version > NEWEST:
        raise InvalidRequest(
            f"client version {text} is too new. Maximum supported API version is {API_VERSION}"
        )
    if version < OLDEST:
        raise InvalidRequest(
            f"client version {text} is too old. Minimum supported API version is "
            f"{MIN_API_VERSION}, please upgrade your client to a newer version"
        )
    return version, path[match.end() :]
