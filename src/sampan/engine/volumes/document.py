"""A volume as Docker shows it. Pure."""

from typing import Any

from sampan.state.volumes import Volume


def document(volume: Volume) -> dict[str, Any]:
    """Return Docker's volume document."""
    return {
        "CreatedAt": volume.created,
        "Driver": volume.driver,
        "Labels": volume.labels,
        "Mountpoint": volume.mountpoint,
        "Name": volume.name,
        "Options": volume.options,
        "Scope": "local",
    }
