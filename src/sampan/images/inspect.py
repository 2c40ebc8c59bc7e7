"""`image inspect`: everything about one image, in Docker's words."""

from typing import Any

from sampan.base import clock
from sampan.images.image import Image
from sampan.images.shelf import Shelf
from sampan.oci import reference

# Docker answers all of these, whatever the image says; clients read them without asking.
_CONFIG = {
    "Hostname": "",
    "Domainname": "",
    "User": "",
    "AttachStdin": False,
    "AttachStdout": False,
    "AttachStderr": False,
    "Tty": False,
    "OpenStdin": False,
    "StdinOnce": False,
    "Env": None,
    "Cmd": None,
    "Image": "",
    "Volumes": None,
    "WorkingDir": "",
    "Entrypoint": None,
    "OnBuild": None,
    "Labels": None,
}
# What dockerd calls the same way of storing.
_DRIVERS = {"overlay": "overlay2"}


def inspect(shelf: Shelf, image: Image) -> dict[str, Any]:
    """Make the document."""
    tags, digests = names(image)
    config = image.config
    document: dict[str, Any] = {
        "Id": image.id,
        "RepoTags": tags,
        "RepoDigests": digests,
        "Parent": image.parent,
        "Comment": _comment(config),
        "Created": image.created or clock.ZERO,
        "DockerVersion": config.get("docker_version") or "",
        "Author": config.get("author") or "",
        "Config": {**_CONFIG, **(config.get("config") or {})},
        "Architecture": config.get("architecture") or "",
        "Os": image.os,
        "Size": image.size,
        "GraphDriver": {
            "Data": None,
            "Name": _DRIVERS.get(shelf.snapshots.name, shelf.snapshots.name),
        },
        "RootFS": {"Type": "layers", "Layers": image.diff_ids},
        "Metadata": {"LastTagTime": image.tagged or clock.ZERO},
    }
    if config.get("variant"):
        document["Variant"] = config["variant"]
    if config.get("os.version"):
        document["OsVersion"] = config["os.version"]
    return document


def _comment(config: dict[str, Any]) -> str:
    lines = config.get("history") or [{}]
    return config.get("comment") or lines[-1].get("comment") or ""


def names(image: Image) -> tuple[list[str], list[str]]:
    """Tags and digests of an image, as users write them."""
    parsed = [reference.parse(name) for name in image.references]
    tags = [name.familiar for name in parsed if not name.digest]
    digests = [name.familiar for name in parsed if name.digest]
    return tags, digests
