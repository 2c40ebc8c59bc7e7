"""Device nodes of the host that a container is to see: `--device`, and all of them."""

import os
import stat

from sampan.engine.spec.devices import Node, check_access
from sampan.errors import InvalidRequest
from sampan.schema.host_config import DeviceMapping, HostConfig

# What a container has of its own, or must not have (moby, container/devices).
OWN = frozenset({"pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console"})


def nodes(host: HostConfig) -> list[Node]:
    """Return the nodes to make in a container."""
    found = {}
    if host.privileged:
        found = {node.path: node for node in _below("/dev")}
    for wish in host.devices or ():
        for node in _wished(wish):
            found[node.path] = node
    return list(found.values())


def number(path: str) -> tuple[int, int]:
    """Return major and minor of a block device."""
    try:
        status = os.stat(path)
    except OSError as error:
        raise InvalidRequest(f"no such device: {path}") from error
    if not stat.S_ISBLK(status.st_mode):
        raise InvalidRequest(f"not a block device: {path}")
    return os.major(status.st_rdev), os.minor(status.st_rdev)


def _wished(wish: DeviceMapping) -> list[Node]:
    access = check_access(wish.cgroup_permissions)
    source = os.path.realpath(wish.path_on_host)
    inside = wish.path_in_container or wish.path_on_host
    if os.path.isdir(source):
        return [
            node._replace(path=inside + node.path[len(source) :], access=access)
            for node in _below(source)
        ]
    try:
        status = os.stat(source)
    except OSError as error:
        raise InvalidRequest(
            f'error gathering device information while adding custom device "{wish.path_on_host}":'
            " no such file or directory"
        ) from error
    node = _node(inside, status)
    if node is None:
        raise InvalidRequest(
            f'error gathering device information while adding custom device "{wish.path_on_host}":'
            " not a device node"
        )
    return [node._replace(access=access)]


def _below(directory: str) -> list[Node]:
    found = []
    with os.scandir(directory) as entries:
        for entry in entries:
            if entry.name in OWN:
                continue
            if entry.is_dir(follow_symlinks=False):
                found += _below(entry.path)
            elif not entry.is_symlink():
                node = _node(entry.path, entry.stat(follow_symlinks=False))
                if node is not None:
                    found.append(node)
    return found


def _node(path: str, status: os.stat_result) -> Node | None:
    if stat.S_ISCHR(status.st_mode):
        kind = "c"
    elif stat.S_ISBLK(status.st_mode):
        kind = "b"
    else:
        return None
    return Node(
        path=path,
        type=kind,
        major=os.major(status.st_rdev),
        minor=os.minor(status.st_rdev),
        mode=stat.S_IMODE(status.st_mode),
        uid=status.st_uid,
        gid=status.st_gid,
    )
