"""Names of images, by the grammar that every registry and client shares. Pure.

    name[:tag][@digest]      name = [domain/]path-component[/path-component]...

The familiar form leaves out what Docker fills in: `busybox` is docker.io/library/busybox. Grammar
and wording of the errors as in https://github.com/distribution/reference.
"""

import re
from typing import NamedTuple

from sampan.errors import InvalidRequest

DEFAULT_DOMAIN = "docker.io"
LEGACY_DOMAIN = "index.docker.io"
OFFICIAL = "library/"
DEFAULT_TAG = "latest"
MAX_NAME = 255

_PATH_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_DOMAIN_PART = r"(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])"
_DOMAIN = rf"(?:{_DOMAIN_PART}(?:\.{_DOMAIN_PART})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_TAG = r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}"
_DIGEST = r"[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}"
_REFERENCE = re.compile(
    rf"((?:{_DOMAIN}/)?{_PATH_PART}(?:/{_PATH_PART})*)(?::({_TAG}))?(?:@({_DIGEST}))?\Z"
)
_IDENTIFIER = re.compile(r"[a-f0-9]{64}\Z")
_WHOLE_TAG = re.compile(rf"{_TAG}\Z")


class Reference(NamedTuple):
    """A name with what is said about which of its images is meant."""

    domain: str
    path: str
    tag: str = ""
    digest: str = ""

    @property
    def name(self) -> str:
        """The whole name: docker.io/library/busybox."""
        return f"{self.domain}/{self.path}"

    @property
    def familiar_name(self) -> str:
        """The name as users write it: busybox."""
        if self.domain != DEFAULT_DOMAIN:
            return self.name
        path = self.path.removeprefix(OFFICIAL)
        # docker.io/library/a/b is not a/b.
        return path if "/" not in path or path == self.path else self.path

    def __str__(self) -> str:
        return self.name + self._suffix()

    @property
    def familiar(self) -> str:
        """The reference as users write it: busybox:latest."""
        return self.familiar_name + self._suffix()

    def _suffix(self) -> str:
        tag = f":{self.tag}" if self.tag else ""
        return f"{tag}@{self.digest}" if self.digest else tag

    def tagged(self, tag: str = DEFAULT_TAG) -> "Reference":
        """The same with a tag, if it has neither tag nor digest."""
        return self if self.tag or self.digest else self._replace(tag=tag)


def parse(text: str) -> Reference:
    """Read a reference as users write it; fill in domain and `library/`, but no tag."""
    if _IDENTIFIER.match(text):
        raise InvalidRequest(
            f"invalid repository name ({text}), cannot specify 64-byte hexadecimal strings"
        )
    domain, rest = _split_domain(text)
    path = re.split("[:@]", rest, maxsplit=1)[0]
    if path != path.lower():
        raise InvalidRequest(
            f"invalid reference format: repository name ({path}) must be lowercase"
        )
    match = _REFERENCE.match(f"{domain}/{rest}")
    if match is None:
        raise InvalidRequest("invalid reference format")
    name, tag, digest = match.groups()
    if len(name) > MAX_NAME:
        raise InvalidRequest(f"repository name must not be more than {MAX_NAME} characters")
    return Reference(domain, name[len(domain) + 1 :], tag or "", digest or "")


def with_tag(repository: str, tag: str) -> Reference:
    """Read what `docker tag` and `docker commit` send apart; no tag means latest."""
    reference = parse(repository)
    if tag:
        if not _WHOLE_TAG.match(tag):
            raise InvalidRequest("invalid tag format")
        reference = reference._replace(tag=tag, digest="")
    return reference.tagged()


def _split_domain(text: str) -> tuple[str, str]:
    first, slash, rest = text.partition("/")
    plain = not slash or (
        "." not in first and ":" not in first and first != "localhost" and first == first.lower()
    )
    if plain:
        domain, rest = DEFAULT_DOMAIN, text
    else:
        domain = first
    if domain == LEGACY_DOMAIN:
        domain = DEFAULT_DOMAIN
    if domain == DEFAULT_DOMAIN and "/" not in rest:
        rest = OFFICIAL + rest
    return domain, rest
