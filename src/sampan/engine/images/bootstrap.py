"""Make a base image from the distribution's package mirror."""

from collections.abc import AsyncIterator
from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def bootstrap(engine: Engine, ref: str) -> AsyncIterator[dict[str, Any]]:
    """Make debian:SUITE, ubuntu:SUITE or busybox; give progress documents."""
    raise NotImplemented_("images bootstrap is not there yet")
