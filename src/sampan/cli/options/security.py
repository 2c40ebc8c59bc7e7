"""--security-opt: seccomp profiles read and compacted, systempaths taken out."""

from __future__ import annotations

from sampan.client.jsontext import dumps, loads
from sampan.errors import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

UNCONFINED_PATHS = "systempaths=unconfined"


def security(words: Iterable[str]) -> tuple[list[str], bool]:
    """Return SecurityOpt, and whether masked and read-only paths are given up."""
    found = [_option(word) for word in words]
    return [word for word in found if word != UNCONFINED_PATHS], UNCONFINED_PATHS in found


def _option(word: str) -> str:
    key, equals, value = word.partition("=")
    if not equals and word != "no-new-privileges":
        key, colon, value = word.partition(":")
        if not colon:
            raise ValueError(f'Invalid --security-opt: "{word}"')
    if key != "seccomp" or value in {"unconfined", "builtin"}:
        return word
    return f"seccomp={_profile(value)}"


def _profile(path: str) -> str:
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError as error:
        raise ValueError(
            f"opening seccomp profile ({path}) failed: open {path}: {str(error.strerror).lower()}"
        ) from error
    try:
        return dumps(loads(text))
    except Unavailable:
        raise ValueError(
            f"compacting json for seccomp profile ({path}) failed: it is not JSON"
        ) from None
