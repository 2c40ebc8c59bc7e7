"""Ids of containers, networks, execs and endpoints: 64 lower-case hex digits."""

import os
import re

SHORT = 12

_ID = re.compile(r"[0-9a-f]{1,64}\Z")


def new_id() -> str:
    """Make a fresh random id."""
    while True:
        candidate = os.urandom(32).hex()
        # A short id of digits only could be read as a number where it becomes a host name.
        if not candidate[:SHORT].isdigit():
            return candidate


def short(identity: str) -> str:
    """Return the first twelve digits, without the `sha256:` of image ids."""
    return identity.removeprefix("sha256:")[:SHORT]


def looks_like_id(text: str) -> bool:
    """Whether text may be an id or the beginning of one."""
    return _ID.match(text) is not None
