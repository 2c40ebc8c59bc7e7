"""Volumes: as wished for at create."""

from sampan.schema.wire import Document


class VolumeCreate(Document):
    """POST /volumes/create."""

    name: str = ""
    driver: str = "local"
    driver_opts: dict[str, str] | None = None
    labels: dict[str, str] | None = None
