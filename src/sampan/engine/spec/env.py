"""The environment of a container's program."""

from collections.abc import Iterable

DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def merge(base: Iterable[str], override: Iterable[str]) -> list[str]:
    """Return base with override on top. A word without "=" takes the variable away."""
    merged: dict[str, str | None] = {}
    for word in (*base, *override):
        name, separator, _ = word.partition("=")
        merged[name] = word if separator else None
    return [word for word in merged.values() if word is not None]


def below(chosen: list[str] | None, image: list[str] | None) -> list[str]:
    """Return the caller's variables followed by those of the image it did not set."""
    names = {word.partition("=")[0] for word in chosen or ()}
    rest = [word for word in image or () if word.partition("=")[0] not in names]
    return [*(chosen or ()), *rest]


def of_process(
    env: Iterable[str], *, hostname: str, home: str, tty: bool, links: Iterable[str] = ()
) -> list[str]:
    """Return the whole environment: Docker's own words first, the container's on top."""
    own = [DEFAULT_PATH, f"HOSTNAME={hostname}"]
    if tty:
        own.append("TERM=xterm")
    merged = merge([*own, *links], env)
    if not any(word.startswith("HOME=") for word in merged):
        merged.append(f"HOME={home}")
    return merged
