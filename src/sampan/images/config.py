"""Configs of images made here: the words an image keeps, the line of history, the bytes. Pure."""

from typing import Any

import msgspec

from sampan.oci import media

Config = dict[str, Any]

# Of a container's config, what belongs to the image (image-spec, config.md, and Docker's own).
KEPT = (
    "User",
    "ExposedPorts",
    "Env",
    "Entrypoint",
    "Cmd",
    "Healthcheck",
    "ArgsEscaped",
    "Volumes",
    "WorkingDir",
    "OnBuild",
    "Labels",
    "StopSignal",
    "StopTimeout",
    "Shell",
    "NetworkDisabled",
)

# The layer of an archive without entries: such a step is noted in the history, and is no layer.
EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef"


def words_of_image(config: Config) -> Config:
    """Leave out what is empty and what concerns one container only."""
    return {key: config[key] for key in KEPT if config.get(key)}


def step(
    when: str, *, command: str = "", author: str = "", comment: str = "", empty: bool = False
) -> Config:
    """One line of history."""
    line: Config = {"created": when}
    if author:
        line["author"] = author
    if command:
        line["created_by"] = command
    if comment:
        line["comment"] = comment
    if empty:
        line["empty_layer"] = True
    return line


def platform(text: str) -> Config:
    """Read `os[/architecture[/variant]]`; what is not said is this machine's."""
    system, _, rest = text.partition("/")
    architecture, _, variant = rest.partition("/")
    found = {
        "architecture": architecture or media.ARCHITECTURE,
        "os": system or "linux",
    }
    variant = variant or ("" if architecture else media.VARIANT)
    if variant:
        found["variant"] = variant
    return found


def build(
    *,
    platform: Config,
    config: Config,
    diff_ids: list[str],
    history: list[Config],
    created: str,
    author: str = "",
) -> bytes:
    """Make the bytes of a config; its digest will be the image's id."""
    document: Config = {**platform, "config": words_of_image(config)}
    if author:
        document["author"] = author
    document["created"] = created
    document["history"] = history
    document["rootfs"] = {"type": "layers", "diff_ids": diff_ids}
    return msgspec.json.encode(document, order="sorted")
