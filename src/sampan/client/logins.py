"""Who we are at a registry: the X-Registry-Auth header from ~/.docker/config.json.

Reads what `docker login` and `sampan login` wrote. Credential helpers are programs of
others and are asked by login's own code, not here.
"""

from __future__ import annotations

import binascii
import os

from sampan.client.jsontext import dumps, loads
from sampan.errors import Unavailable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Docker Hub's key is an address that nothing else uses any more.
HUB = "https://index.docker.io/v1/"


def header(directory: str, image: str) -> str:
    """Return the header's value for the registry of this image."""
    key = registry(image)
    found = _logins(directory).get(key, {})
    login: dict[str, str] = {}
    if found.get("identitytoken"):
        login["identitytoken"] = found["identitytoken"]
    elif found.get("auth"):
        text = binascii.a2b_base64(found["auth"]).decode("utf-8", "replace")
        login["username"], _, login["password"] = text.partition(":")
    if login:
        login["serveraddress"] = key
    return encode(login)


def registry(image: str) -> str:
    """Return the registry that an image's name belongs to, as logins are kept under. Pure."""
    first, slash, _ = image.partition("/")
    if slash and ("." in first or ":" in first or first == "localhost") and first != "docker.io":
        return first
    return HUB


def encode(login: dict[str, str]) -> str:
    """Encode a login as the header wants it: base64 in its URL form. Pure."""
    text = binascii.b2a_base64(dumps(login).encode(), newline=False).decode()
    return text.replace("+", "-").replace("/", "_")


def _logins(directory: str) -> dict[str, Any]:
    try:
        with open(os.path.join(directory, "config.json"), "rb") as file:
            found = loads(file.read()).get("auths")
    except (OSError, Unavailable, AttributeError):
        return {}  # no logins, which most registries do not mind
    return found if isinstance(found, dict) else {}
