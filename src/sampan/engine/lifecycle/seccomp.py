"""Compiled seccomp filters, kept by content in the run root. What they say is the runtime's."""

from typing import Any

from sampan.engine.stores import Stores
from sampan.state.containers import Container


def path(engine: Stores, container: Container, spec: dict[str, Any]) -> str:
    """Return the file of a container's filter, "" for none."""
    return ""
