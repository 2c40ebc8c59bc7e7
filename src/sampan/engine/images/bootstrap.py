"""Make a base image from the distribution's package mirror."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.bridges import iterate
from sampan.engine.engine import Engine


async def bootstrap(engine: Engine, ref: str) -> AsyncIterator[dict[str, Any]]:
    """Make debian:SUITE, ubuntu:SUITE or busybox; give progress documents."""
    return iterate(engine.threads, engine.images.bootstrap(ref, engine.data.tmp))
