"""Where the host gets its packages from, in the one-line form that mmdebstrap takes.

Only when the host runs the same distribution: then its mirror (often a near one, sometimes the
only one it can reach) serves the other suites as well. Otherwise mmdebstrap's defaults are right.
Both formats of sources.list(5) are read.
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

ETC = "/etc"
# These have neither updates nor a security archive of their own.
_ROLLING = frozenset(("sid", "unstable", "experimental", "rc-buggy"))


class Source(NamedTuple):
    """One archive and suite that apt reads packages from."""

    uri: str
    suite: str
    components: tuple[str, ...]


def of_host(distribution: str, suite: str, etc: str = ETC) -> list[str]:
    """Give `deb URI suite main` lines for a suite, or none when the host cannot serve as a model.

    The archives are those that the host's own release, its updates and its security come from.
    """
    release = _os_release(etc)
    codename = release.get("VERSION_CODENAME", "")
    if release.get("ID") != distribution or not codename:
        return []
    found: dict[str, str] = {}
    for source in read(etc):
        if "main" in source.components and source.uri.startswith(("http://", "https://")):
            found.setdefault(source.suite, source.uri)
    if codename not in found:
        return []
    lines = [f"deb {found[codename]} {suite} main"]
    if suite not in _ROLLING:
        lines += [
            f"deb {uri} {suite}-{part} main"
            for part in ("updates", "security")
            if (uri := found.get(f"{codename}-{part}"))
        ]
    return lines


def read(etc: str = ETC) -> Iterator[Source]:
    """Yield what the files of sources.list(5) name."""
    directory = f"{etc}/apt/sources.list.d"
    names = sorted(os.listdir(directory)) if os.path.isdir(directory) else []
    for path in [f"{etc}/apt/sources.list", *(f"{directory}/{name}" for name in names)]:
        try:
            with open(path, encoding="utf-8", errors="replace") as opened:
                text = opened.read()
        except OSError:
            continue
        if path.endswith(".sources"):
            yield from stanzas(text)
        elif path.endswith(".list"):
            yield from lines(text)


def lines(text: str) -> Iterator[Source]:
    """Read the one-line format: deb [options] uri suite component…"""
    for line in text.splitlines():
        words = line.partition("#")[0].split()
        if not words or words[0] != "deb":
            continue
        words = words[1:]
        if words and words[0].startswith("["):
            while words and not words.pop(0).endswith("]"):
                pass
        if len(words) >= 2:
            yield Source(words[0], words[1], tuple(words[2:]))


def stanzas(text: str) -> Iterator[Source]:
    """Read the deb822 format."""
    for stanza in text.split("\n\n"):
        fields: dict[str, str] = {}
        key = ""
        for line in stanza.splitlines():
            if line.startswith("#"):
                continue
            if line[:1].isspace():
                fields[key] = f"{fields.get(key, '')} {line.strip()}"
            else:
                key, _, value = line.partition(":")
                key = key.strip().lower()
                fields[key] = value.strip()
        if "deb" not in fields.get("types", "").split() or fields.get("enabled") == "no":
            continue
        for uri in fields.get("uris", "").split():
            for suite in fields.get("suites", "").split():
                yield Source(uri, suite, tuple(fields.get("components", "").split()))


def _os_release(etc: str) -> dict[str, str]:
    try:
        with open(f"{etc}/os-release", encoding="utf-8") as opened:
            pairs = (line.strip().partition("=") for line in opened)
            return {key: value.strip("\"'") for key, _, value in pairs}
    except OSError:
        return {}
