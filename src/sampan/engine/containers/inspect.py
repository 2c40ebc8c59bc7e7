"""Everything about one container."""

import os
from typing import Any

from sampan.engine import find
from sampan.engine.documents import container as documents
from sampan.engine.engine import Engine
from sampan.engine.networking import files as network_files
from sampan.engine.spec import security
from sampan.engine.stores import Stores
from sampan.errors import NotFound
from sampan.state.containers import Container


async def inspect(engine: Engine, ref: str, *, size: bool = False) -> dict[str, Any]:
    """Give Docker's inspect document."""
    container = find.container(engine, ref)
    host = container.host_config
    masked, readonly = security.hidden(
        host.masked_paths, host.readonly_paths, privileged=host.privileged
    )
    around = documents.Surroundings(
        files=_files(engine, container),
        log_path=_log_path(engine, container),
        exec_ids=[each.id for each in engine.execs.of(container.id) if each.running],
        graph={"Name": engine.snapshots.name, "Data": None},
        image=image_name(engine, container),
        size=await sizes(engine, container) if size else None,
    )
    return documents.inspect(container, around, masked, readonly)


def _files(engine: Engine, container: Container) -> dict[str, str]:
    """Return the paths of the container's files, those that are there."""
    try:
        found = network_files.paths(engine, container)
    except NotFound:
        return {}
    return {inside: path for inside, path in found.items() if os.path.exists(path)}


def _log_path(engine: Engine, container: Container) -> str:
    if container.host_config.log_config.type != "json-file":
        return ""
    path = engine.data.container_log(container.id)
    return path if os.path.exists(path) else ""


async def sizes(engine: Stores, container: Container) -> tuple[int, int]:
    """Return SizeRw and SizeRootFs."""
    changed = await engine.threads.disk(engine.snapshots.usage, container.id)
    try:
        below = engine.images.resolve(container.image_id).size
    except NotFound:
        below = 0
    return changed, changed + below


def image_name(engine: Stores, container: Container) -> str:
    """Return the name a container's image was given by, unless it means another one now."""
    name = container.config.image
    try:
        same = engine.images.resolve(name).id == container.image_id
    except NotFound:
        same = False
    return name if same else container.image_id
