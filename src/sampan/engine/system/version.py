"""Versions of the engine and its parts."""

from typing import Any

from sampan.engine.engine import Engine
from sampan.errors import NotImplemented_


async def version(engine: Engine) -> dict[str, Any]:
    """Give the version document, without ApiVersion and MinAPIVersion: they are the API's."""
    raise NotImplemented_("system version is not there yet")
