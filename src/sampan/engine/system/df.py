"""What takes how much room."""

from typing import Any

from sampan.engine.containers.list_ import list_ as list_containers
from sampan.engine.engine import Engine
from sampan.engine.volumes import users
from sampan.engine.volumes.document import document
from sampan.errors import InvalidRequest

TYPES = ("container", "image", "volume", "build-cache")


async def df(engine: Engine, *, types: list[str] | None = None) -> dict[str, Any]:
    """Give {LayersSize, Images, Containers, Volumes, BuildCache}."""
    wanted = types or list(TYPES)
    for kind in wanted:
        if kind not in TYPES:
            raise InvalidRequest(f"unknown object type: {kind}")
    found: dict[str, Any] = {}
    if "image" in wanted:
        found |= await engine.threads.disk(engine.images.usage)
        for image in found["Images"]:
            image["Containers"] = sum(
                container.image_id == image["Id"] for container in engine.containers
            )
    if "container" in wanted:
        found["Containers"] = await list_containers(engine, all_=True, size=True)
    if "volume" in wanted:
        found["Volumes"] = await _volumes(engine)
    if "build-cache" in wanted:
        found["BuildCache"] = []
    return found


async def _volumes(engine: Engine) -> list[dict[str, Any]]:
    found = []
    for volume in engine.volumes.table:
        driver = engine.volumes.driver(volume.driver)
        size = await engine.threads.disk(driver.usage, volume)
        usage = {"Size": size, "RefCount": len(users.of(engine, volume.name))}
        found.append({**document(volume), "UsageData": usage})
    return found
