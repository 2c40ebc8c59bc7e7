"""Digests, and the chain ids that are made of them (OCI image-spec, descriptor.md, config.md)."""

import hashlib
import re
from collections.abc import Iterable

from sampan.errors import InvalidRequest

_SHA256 = re.compile(r"sha256:([0-9a-f]{64})\Z")
# Other algorithms are well-formed, and not supported.
_ANY = re.compile(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-zA-Z=_-]{32,}\Z")


def is_digest(text: str) -> bool:
    """Whether text is a digest we can check."""
    return _SHA256.match(text) is not None


def looks_like_digest(text: str) -> bool:
    """Whether text has the form of a digest of any algorithm."""
    return _ANY.match(text) is not None


def of(data: bytes) -> str:
    """The digest of some bytes."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def hex_of(digest: str) -> str:
    """The hex digits of a digest; they are safe as a file name."""
    match = _SHA256.match(digest)
    if match is None:
        raise InvalidRequest(f"invalid or unsupported digest: {digest}")
    return match[1]


def chain_ids(diff_ids: Iterable[str]) -> list[str]:
    """Chain id of each layer, bottom first (image-spec, config.md, "Layer ChainID")."""
    chains: list[str] = []
    for diff_id in diff_ids:
        chains.append(of(f"{chains[-1]} {diff_id}".encode()) if chains else diff_id)
    return chains
