"""Archives of Docker before 1.10: a directory per layer, and a file that names the top ones. Pure.

    repositories            {"busybox": {"latest": "<layer id>"}}
    <layer id>/json         {"id", "parent", "config", "created", …}
    <layer id>/layer.tar

Their images have no config of today's form: it is made from the top layer's (as Docker's
image/v1.MakeConfigFromV1Config does), with a history of one line per layer.
"""

from typing import Any, Protocol

import msgspec

from sampan.errors import InvalidRequest
from sampan.images.layout import Found
from sampan.storage.driver import Staged

# Of the old words these are not part of a config.
_DROPPED = frozenset(("id", "parent", "Size", "layer_id", "throwaway", "parent_id"))


class Members(Protocol):
    """What such an archive holds."""

    documents: dict[str, bytes]
    layers: dict[str, Staged]

    def follow(self, name: str) -> str:
        """Resolve a link."""


def from_repositories(parts: Members) -> list[Found]:
    """Read `repositories`."""
    repositories = _read(parts, "repositories")
    found: dict[str, Found] = {}
    for repository, tags in repositories.items():
        for tag, top in tags.items():
            if top not in found:
                found[top] = _image(parts, top)
            found[top].names.append(f"{repository}:{tag}")
    return list(found.values())


def _image(parts: Members, top: str) -> Found:
    chain: list[tuple[str, dict[str, Any]]] = []
    identity = top
    while identity:
        document = _read(parts, f"{identity}/json")
        chain.append((identity, document))
        identity = document.get("parent") or ""
        if len(chain) > 1024:
            raise InvalidRequest("invalid archive: layers without end")
    chain.reverse()
    members = [f"{identity}/layer.tar" for identity, _ in chain]
    config = {key: value for key, value in chain[-1][1].items() if key not in _DROPPED}
    config["rootfs"] = {"type": "layers", "diff_ids": [_diff_id(parts, m) for m in members]}
    config["history"] = [_history(document) for _, document in chain]
    config.setdefault("os", "linux")
    return Found(msgspec.json.encode(config, order="sorted"), members, [])


def _diff_id(parts: Members, member: str) -> str:
    layer = parts.layers.get(parts.follow(member))
    if layer is None:
        raise InvalidRequest(f"invalid archive: layer {member} is missing")
    return layer.diff_id


def _history(document: dict[str, Any]) -> dict[str, Any]:
    command = (document.get("container_config") or {}).get("Cmd") or []
    line = {
        "created": document.get("created"),
        "author": document.get("author"),
        "created_by": " ".join(command),
        "comment": document.get("comment"),
    }
    return {key: value for key, value in line.items() if value}


def _read(parts: Members, name: str) -> dict[str, Any]:
    try:
        document = msgspec.json.decode(parts.documents[name], type=dict[str, Any])
    except KeyError:
        raise InvalidRequest(f"invalid archive: {name} is missing") from None
    except (msgspec.MsgspecError, RecursionError) as error:
        raise InvalidRequest(f"invalid archive: {name}: {error}") from None
    return document
