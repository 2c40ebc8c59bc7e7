"""What a container changed in its file system."""

from collections.abc import Iterable
from typing import Any

from sampan.engine import find
from sampan.engine.engine import Engine
from sampan.state.containers import Container
from sampan.storage.driver import Change

MODIFIED, ADDED = 0, 1

# Places the runtime mounts something on; it makes them when the image has none.
STANDARD = (
    "/dev", "/dev/console", "/dev/mqueue", "/dev/pts", "/dev/shm", "/etc/hostname", "/etc/hosts",
    "/etc/resolv.conf", "/proc", "/sbin/docker-init", "/sys", "/sys/fs/cgroup",
)  # fmt: skip


async def changes(engine: Engine, ref: str) -> list[dict[str, Any]]:
    """List changes: [{Path, Kind}]."""
    container = find.container(engine, ref)
    found = await engine.threads.disk(lambda: list(engine.snapshots.changes(container.id)))
    return [{"Path": change.path, "Kind": change.kind} for change in own(found, _places(container))]


def _places(container: Container) -> set[str]:
    host = container.host_config
    return {
        *STANDARD,
        *(point.destination for point in container.mounts),
        *(host.tmpfs or ()),
        *(mount.target for mount in host.mounts or ()),
    }


def own(found: list[Change], places: Iterable[str]) -> list[Change]:
    """Leave out what was made to be mounted on: that is not the program's doing.

    A directory that is only changed because such a place was made in it goes too.
    """
    hidden = set(places)
    kept: list[Change] = []
    needed: set[str] = set()
    emptied: set[str] = set()
    for change in sorted(found, key=lambda each: each.path, reverse=True):
        above = change.path.rpartition("/")[0]
        made = change.kind == ADDED and change.path in hidden
        only_around = change.kind in {ADDED, MODIFIED} and change.path in emptied
        if (made or only_around) and change.path not in needed:
            emptied.add(above)
            continue
        kept.append(change)
        needed.add(above)
    return kept[::-1]
