"""`sampand --remove-all`: end everything that one root holds outside its own folders.

Containers and their monitors, cgroups, mounts, bridges and packet filter rules. Files of the
root stay: who wants them gone removes the folders. The daemon must not be running.
"""

import asyncio
import logging
import os
import re
from contextlib import suppress

from sampan.daemon import log_lines
from sampan.daemon.claims import Claims
from sampan.daemon.directories import make_directories
from sampan.daemon.settings import Settings
from sampan.daemon.translate import engine_options
from sampan.daemon.wiring import build_engine
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import reconnect, stop
from sampan.linux.flags import MNT_DETACH
from sampan.linux.mounts import umount2

log = logging.getLogger(__name__)


async def remove_all(settings: Settings) -> None:
    """End it all."""
    log_lines.set_up(settings)
    options = engine_options(settings, [])
    claims = Claims()
    claims.roots(options.data(), options.run())
    try:
        make_directories(options.data(), options.run())
        engine = build_engine(settings, options)
        try:
            await _end_containers(engine)
            await engine.threads.net(engine.networks.cleanup)
        finally:
            await engine.shutdown()
        for point in mounts_below(options.data_root, options.exec_root):
            umount2(point, MNT_DETACH)
        _remove_empty_parents(engine)
    finally:
        claims.release()


async def _end_containers(engine: Engine) -> None:
    await reconnect.all_tasks(engine)
    running = [each for each in engine.containers if each.state.running]
    await asyncio.gather(*(stop.for_shutdown(engine, each, 0) for each in running))
    await engine.teardown.idle()
    # Tasks of no container, and what was only half ended: their groups are killed and removed.
    await reconnect.all_tasks(engine)


def mounts_below(*roots: str) -> list[str]:
    """Mount points below our directories, the innermost first."""
    found = []
    with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as lines:
        for line in lines:
            # proc(5): blanks in a path are written in octal.
            point = re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), line.split(" ")[4])
            if any(point.startswith(f"{root}/") for root in roots):
                found.append(point)
    return sorted(found, key=len, reverse=True)


def _remove_empty_parents(engine: Engine) -> None:
    """Remove the directory that containers' cgroups are in, unless another daemon uses it."""
    parent = engine.options.cgroup_parent or "/sampan"
    if not parent.startswith("/"):
        return
    for top in {*engine.hierarchy.mounts.values(), engine.hierarchy.unified}:
        if top:
            with suppress(OSError):
                os.rmdir(f"{top}{parent}")
