"""Prepare a program to run inside a running container."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_
from sampan.schema.container import ExecCreate


async def create(engine: Engine, ref: str, request: ExecCreate) -> dict[str, Any]:
    """Prepare an exec; answer {Id}."""
    raise NotImplemented_("exec create is not there yet")
