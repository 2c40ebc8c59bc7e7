"""A new container's mounts settled: binds checked or made, volumes found or made, copied up."""

import errno
import os
from typing import NamedTuple

from sampan.engine.spec import mounts as spec_mounts
from sampan.engine.spec.binds import Wish, of_bind, of_mount, of_volumes_from
from sampan.engine.stores import Stores
from sampan.errors import Conflict, InvalidRequest, NotImplemented_
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig
from sampan.schema.mount import MountPoint
from sampan.state.volumes import Volume


class Settled(NamedTuple):
    """What came of the wishes."""

    points: list[MountPoint]
    copy_up: list[MountPoint]  # volumes whose emptiness is filled from the image
    made: list[Volume]  # to be removed again when the create fails


def settle(engine: Stores, config: ContainerConfig, host: HostConfig) -> Settled:
    """Settle all mounts of a new container."""
    wishes = _wishes(engine, config, host)
    settled = Settled([], [], [])
    try:
        for wish in wishes.values():
            _settle_one(engine, wish, host, settled)
    except BaseException:
        undo(engine, settled)
        raise
    return settled


def undo(engine: Stores, settled: Settled) -> None:
    """Remove the volumes made for a container that will not be."""
    for volume in settled.made:
        engine.volumes.table.delete(volume.name)
        engine.volumes.erase(volume)


def _wishes(engine: Stores, config: ContainerConfig, host: HostConfig) -> dict[str, Wish]:
    """Return one wish per destination: what is asked for wins over what the image declares."""
    found: dict[str, Wish] = {}
    for text in host.volumes_from or ():
        name, mode = of_volumes_from(text)
        other = engine.containers.resolve(name)
        for point in other.mounts:
            found[point.destination] = Wish.again(point, mode)
    own: dict[str, Wish] = {}
    for text in host.binds or ():
        _put(own, of_bind(text, host.volume_driver))
    for mount in host.mounts or ():
        _put(own, of_mount(mount))
    for destination in host.tmpfs or ():
        _put(own, Wish(kind="tmpfs", destination=_clean(destination)))
    found.update(own)
    for destination in config.volumes or ():
        clean = _clean(destination)
        # A wish for a deeper or the same place leaves nothing to declare.
        if clean not in found:
            found[clean] = Wish(kind="volume", destination=clean, driver=host.volume_driver)
    return found


def _put(wishes: dict[str, Wish], wish: Wish) -> None:
    if wish.destination in wishes:
        raise InvalidRequest(f"Duplicate mount point: {wish.destination}")
    wishes[wish.destination] = wish


def _clean(destination: str) -> str:
    if not destination.startswith("/"):
        raise InvalidRequest(f"invalid mount path: '{destination}' mount path must be absolute")
    clean = os.path.normpath(destination)
    clean = "/" + clean.lstrip("/")
    if clean == "/":
        raise InvalidRequest("invalid specification: destination can't be '/'")
    return clean


def _settle_one(engine: Stores, wish: Wish, host: HostConfig, settled: Settled) -> None:
    match wish.kind:
        case "bind":
            settled.points.append(_bind(wish))
        case "volume":
            _volume(engine, wish, host, settled)
        case "tmpfs":
            _tmpfs(wish, settled)


def _tmpfs(wish: Wish, settled: Settled) -> None:
    # Docker lists --mount type=tmpfs among Mounts, and --tmpfs not.
    if wish.listed:
        settled.points.append(
            MountPoint(type="tmpfs", destination=wish.destination, rw=not wish.read_only)
        )


def _bind(wish: Wish) -> MountPoint:
    """Check the source of a bind, or make a missing directory when `-v` asked for it."""
    if wish.propagation and wish.propagation not in spec_mounts.PROPAGATIONS:
        raise InvalidRequest(f"invalid propagation mode: {wish.propagation}")
    if not os.path.lexists(wish.source):
        if not wish.create:
            raise InvalidRequest(
                'invalid mount config for type "bind": '
                f"bind source path does not exist: {wish.source}"
            )
        try:
            os.makedirs(wish.source, mode=0o755, exist_ok=True)
        except OSError as error:
            raise InvalidRequest(
                f"error while creating mount source path '{wish.source}': "
                f"mkdir {wish.source}: {os.strerror(error.errno or errno.EIO).lower()}"
            ) from error
        except RecursionError as error:
            raise InvalidRequest(
                f"error while creating mount source path '{wish.source}': nested too deep"
            ) from error
    return MountPoint(
        type="bind",
        source=wish.source,
        destination=wish.destination,
        mode=wish.mode,
        rw=not wish.read_only,
        propagation=wish.propagation or "rprivate",
    )


def _volume(engine: Stores, wish: Wish, host: HostConfig, settled: Settled) -> None:
    existing = engine.volumes.table.get(wish.source) if wish.source else None
    if existing is not None:
        volume, new = existing, False
        if wish.driver and wish.driver != existing.driver:
            raise Conflict(
                f"create {existing.name}: conflict: volume name must be unique: "
                f"driver {existing.driver} has it"
            )
    else:
        volume, new = engine.volumes.create(
            wish.source, wish.driver, wish.options or None, wish.labels or None
        )
    if new:
        settled.made.append(volume)
    point = MountPoint(
        type="volume",
        name=volume.name,
        source=_within(volume, wish),
        destination=wish.destination,
        driver=volume.driver,
        mode=wish.mode,
        rw=not wish.read_only,
        propagation="",
    )
    settled.points.append(point)
    if not wish.no_copy and not wish.subpath and not (volume.options or {}).get("device"):
        settled.copy_up.append(point)


def _within(volume: Volume, wish: Wish) -> str:
    """Return the directory of a volume to mount."""
    if wish.subpath:
        # A container that writes to the volume could turn the path into a link out of it between
        # our look and the mount (CVE-2021-30465).
        raise NotImplemented_("mounts of a volume's subpath are not there yet")
    return volume.mountpoint
