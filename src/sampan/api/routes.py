"""All route tables. A new group of resources is one line here."""

from sampan.api.resources import (
    absent,
    archive,
    containers,
    events,
    exec,
    images,
    networks,
    streams,
    system,
    volumes,
)

TABLES = (
    system.ROUTES,
    events.ROUTES,
    containers.ROUTES,
    streams.ROUTES,
    archive.ROUTES,
    exec.ROUTES,
    images.ROUTES,
    networks.ROUTES,
    volumes.ROUTES,
    absent.ROUTES,
)
