"""A task directory: config.json and task.json, as the launcher wants them."""

import os
from typing import Any, NamedTuple

import msgspec

from sampan.base import files
from sampan.cgroup.driver import Cgroup, from_dict
from sampan.engine import find
from sampan.engine.lifecycle import accounts, host_devices, seccomp
from sampan.engine.networking import files as network_files
from sampan.engine.spec import build, namespaces, users
from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import Handle
from sampan.errors import Conflict, InvalidRequest, Unavailable
from sampan.logs import attributes
from sampan.logs import options as log_options
from sampan.schema.host_config import Ulimit
from sampan.state.containers import Container


class Bundle(NamedTuple):
    """What was written, for those who need it after."""

    directory: str
    shared: list[Handle]  # of the containers whose namespaces are joined, by pid


async def write(engine: Stores, container: Container) -> Bundle:
    """Write the task directory of a container about to start."""
    passwd, group = await accounts.read(engine, container)
    host = container.host_config
    user = users.resolve(container.config.user, passwd, group, host.group_add)
    directory = engine.run.task(container.id)
    # What a monitor that was killed left there would speak for the new one.
    files.remove_tree(directory)
    os.makedirs(f"{directory}/rootfs", mode=0o700)
    resolved = build.Resolved(
        user=user,
        device_number=host_devices.number,
        sharing=_sharing(engine, container),
        nodes=host_devices.nodes(host),
        files=network_files.paths(engine, container),
        shm_source=_shm_source(engine, container),
        cgroup_path=cgroup_path(engine, container),
        capabilities=engine.facts.capabilities,
        no_new_privileges=engine.options.no_new_privileges,
        ulimits=[msgspec.convert(each, Ulimit) for each in engine.options.default_ulimits],
        ports_from_zero=engine.facts.ports_from_zero,
        volumes=_volume_mounts(engine, container),
    )
    spec = build.build(container, resolved)
    container.seccomp = seccomp.path(engine, container, spec)
    if runtime(engine, host.runtime):
        # Ours takes the compiled filter; every other one compiles its own.
        spec["linux"]["seccomp"] = seccomp.profile(engine, container, spec)
    files.write(f"{directory}/config.json", msgspec.json.encode(spec), 0o600)
    task = _task(engine, container)
    files.write(f"{directory}/task.json", msgspec.json.encode(task), 0o600)
    return Bundle(directory, _donors(engine, container))


def _task(engine: Stores, container: Container) -> dict[str, Any]:
    config, host = container.config, container.host_config
    size = host.console_size or [0, 0]
    return {
        "id": container.id,
        "terminal": config.tty,
        "rows": size[0],
        "cols": size[1],
        "open_stdin": config.open_stdin,
        "stdin_once": config.stdin_once,
        "rootfs": [step._asdict() for step in engine.snapshots.mounts(container.id)],
        "cgroup": cgroup(engine, container).to_dict(),
        "seccomp": container.seccomp,
        "log": log(engine, container),
        "init": init_path(engine, container),
        "hooks_net": True,
        "runtime": runtime(engine, host.runtime),
    }


def log(engine: Stores, container: Container) -> dict[str, Any]:
    """Return the description of a container's log."""
    wish = container.host_config.log_config
    return log_options.description(
        wish.type,
        wish.config or {},
        path=engine.data.container_log(container.id),
        attrs=_log_attributes(container, wish.config or {}),
    )


def _log_attributes(container: Container, wish: dict[str, str]) -> dict[str, str]:
    """Return the labels and variables that `--log-opt labels=…,env=…` picks."""
    config = container.config
    return attributes.chosen(
        wish,
        labels=config.labels or {},
        environment=config.env or (),
        words={
            "ID": container.id[:12],
            "FullID": container.id,
            "Name": container.name,
            "ImageName": config.image,
            "ImageID": container.image_id[7:19],
            "ImageFullID": container.image_id,
            "DaemonName": "sampan",
        },
    )


def cgroup_path(engine: Stores, container: Container) -> str:
    """Return a container's place below the cgroup root."""
    parent = container.host_config.cgroup_parent or engine.options.cgroup_parent or "/sampan"
    return f"{parent.rstrip('/')}/{container.id}"


def cgroup(engine: Stores, container: Container) -> Cgroup:
    """Return the handle of a container's control group."""
    return engine.hierarchy.group(cgroup_path(engine, container))


def recorded_cgroup(directory: str) -> Cgroup | None:
    """Return the handle of the control group a task directory speaks of."""
    try:
        task = msgspec.json.decode(files.read(f"{directory}/task.json"))
        return from_dict(task["cgroup"])
    except (OSError, ValueError, KeyError, TypeError, msgspec.MsgspecError):
        return None


def init_path(engine: Stores, container: Container) -> str:
    """Return the init to put in front of the program, "" for none."""
    wish = container.host_config.init
    if not (engine.options.init if wish is None else wish):
        return ""
    for path in (engine.options.init_path, "/usr/bin/tini-static", "/usr/bin/tini"):
        if path and os.access(path, os.X_OK):
            return path
    raise Unavailable("--init needs tini: no /usr/bin/tini-static or /usr/bin/tini here")


def runtime(engine: Stores, name: str) -> str:
    """Return the command of an OCI runtime, "" for ours."""
    name = name or engine.options.default_runtime
    if name in {"", "sampan"}:
        return ""
    known = {"runc": ["runc"], "crun": ["crun"], "runsc": ["runsc"], **engine.options.runtimes}
    if name not in known:
        raise InvalidRequest(f"unknown or invalid runtime name: {name}")
    return " ".join(known[name])


def _sharing(engine: Stores, container: Container) -> namespaces.Sharing:
    host = container.host_config
    return namespaces.Sharing(
        network=_pid_of(engine, host.network_mode),
        ipc=_pid_of(engine, host.ipc_mode),
        pid=_pid_of(engine, host.pid_mode),
    )


def _donors(engine: Stores, container: Container) -> list[Handle]:
    """Return the handles of the containers whose namespaces are joined."""
    host = container.host_config
    names = (namespaces.joined(mode) for mode in (host.network_mode, host.ipc_mode, host.pid_mode))
    return [find.running(engine, name)[1] for name in names if name is not None]


def _pid_of(engine: Stores, mode: str) -> int:
    name = namespaces.joined(mode)
    if name is None:
        return 0
    other, handle = find.running(engine, name)
    if other.state.restarting:
        raise Conflict(f"container {name} is restarting, wait until the container is running")
    return handle.pid


def _shm_source(engine: Stores, container: Container) -> str:
    """Return the directory behind /dev/shm where it is shared between containers."""
    mode = container.host_config.ipc_mode
    name = namespaces.joined(mode)
    if name is not None:
        other = engine.containers.resolve(name)
        if other.host_config.ipc_mode != "shareable":
            raise Conflict(
                f"can't join IPC of container {other.id}: non-shareable IPC "
                "(hint: use IpcMode:shareable for the donor container)"
            )
        return shm_path(engine, other)
    return shm_path(engine, container) if mode == "shareable" else ""


def shm_path(engine: Stores, container: Container) -> str:
    """Return where the shared memory of a container with shareable IPC is mounted."""
    return f"{engine.run.task(container.id)}/shm"


def _volume_mounts(engine: Stores, container: Container) -> dict[str, dict[str, Any]]:
    """Return the mounts of volumes that are not plain directories, by destination."""
    found = {}
    for point in container.mounts:
        if point.type != "volume":
            continue
        volume = engine.volumes.table.get(point.name)
        if volume is not None and (volume.options or {}).get("device"):
            options = [point.propagation or "rprivate", *([] if point.rw else ["ro"])]
            driver = engine.volumes.driver(volume.driver)
            found[point.destination] = driver.mount(volume, point.destination, options)
    return found
