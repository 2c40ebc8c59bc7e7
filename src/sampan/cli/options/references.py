"""Names of images as users write them: name, tag and digest apart. Pure."""

from __future__ import annotations

from sampan.errors import InvalidRequest


def split(text: str) -> tuple[str, str]:
    """Return the name, and the tag or digest, which may be empty."""
    name, at, digest = text.partition("@")
    if at:
        return _without_tag(name), digest
    bare = _without_tag(text)
    return bare, text[len(bare) + 1 :]


def with_tag(text: str) -> str:
    """Add the default tag when there is neither tag nor digest."""
    return text if split(text)[1] else f"{text}:latest"


def familiar(text: str) -> str:
    """Return the name as lists show it: without Docker Hub's host and library."""
    for prefix in ("docker.io/library/", "docker.io/"):
        if text.startswith(prefix):
            return text.removeprefix(prefix)
    return text


def check(text: str) -> str:
    """Refuse what cannot be an image's name, in the words of the docker client."""
    name = split(text)[0]
    if any(letter.isupper() for letter in name.partition("/")[2] or name):
        raise InvalidRequest(
            "invalid reference format: repository name "
            f"({name if '/' in name else f'library/{name}'}) must be lowercase"
        )
    if not name or not (name[0].isalnum() and name[-1].isalnum()) or " " in text:
        raise InvalidRequest("invalid reference format")
    return text


def _without_tag(text: str) -> str:
    # A colon before the last slash belongs to a registry's port.
    slash = text.rfind("/")
    colon = text.rfind(":")
    return text[:colon] if colon > slash else text
