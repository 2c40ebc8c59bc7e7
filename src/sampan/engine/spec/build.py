"""A whole config.json from a container's document and what was resolved for it. Pure."""

from typing import Any, NamedTuple

from sampan.engine.spec import capabilities, command, env, mounts, namespaces, security
from sampan.engine.spec.devices import Node, rules
from sampan.engine.spec.namespaces import HOST, Sharing
from sampan.engine.spec.resources import DeviceNumber, resources
from sampan.engine.spec.users import User
from sampan.schema.host_config import HostConfig, Ulimit
from sampan.state.containers import Container

OCI_VERSION = "1.2.0"

Spec = dict[str, Any]


class Resolved(NamedTuple):
    """What the host and the image had to say about a container."""

    user: User
    device_number: DeviceNumber
    sharing: Sharing = Sharing()
    nodes: list[Node] = []
    files: dict[str, str] = {}
    shm_source: str = ""
    cgroup_path: str = ""
    cgroups: bool = True
    capabilities: list[str] = capabilities.ALL
    no_new_privileges: bool = False
    ulimits: list[Ulimit] = []
    volumes: dict[str, Spec] = {}  # mounts of volumes that are more than a directory
    ports_from_zero: bool = True  # the namespace has the sysctl that frees ports below 1024


def build(container: Container, facts: Resolved) -> Spec:
    """Return the OCI runtime spec of a container."""
    host = container.host_config
    spec: Spec = {
        "ociVersion": OCI_VERSION,
        "root": {"path": "rootfs", "readonly": host.readonly_rootfs},
        "process": _process(container, facts),
        "mounts": _mounts(container, facts),
        "linux": _linux(container, facts),
    }
    if host.uts_mode != HOST:
        spec["hostname"] = container.config.hostname
        if container.config.domainname:
            spec["domainname"] = container.config.domainname
    if host.annotations:
        spec["annotations"] = host.annotations
    return spec


def _process(container: Container, facts: Resolved) -> Spec:
    config, host = container.config, container.host_config
    wish = security.parse(host.security_opt, no_new_privileges=facts.no_new_privileges)
    process: Spec = {
        "terminal": config.tty,
        "user": {
            "uid": facts.user.uid,
            "gid": facts.user.gid,
            "additionalGids": facts.user.groups,
        },
        "args": command.arguments(config),
        "env": env.of_process(
            config.env or (),
            hostname=config.hostname,
            home=facts.user.home,
            tty=config.tty,
            links=container.env_of_links,
        ),
        "cwd": config.working_dir or "/",
        "capabilities": capabilities.sets(
            capabilities.effective(
                host.cap_add,
                host.cap_drop,
                privileged=host.privileged,
                available=facts.capabilities,
            )
        ),
        "rlimits": rlimits(host.ulimits, facts.ulimits),
        "noNewPrivileges": wish.no_new_privileges,
    }
    if host.oom_score_adj:
        process["oomScoreAdj"] = host.oom_score_adj
    if config.tty and host.console_size and any(host.console_size):
        rows, columns = host.console_size[:2]
        process["consoleSize"] = {"height": rows, "width": columns}
    if wish.apparmor and wish.apparmor != security.UNCONFINED:
        process["apparmorProfile"] = wish.apparmor
    return process


def rlimits(wished: list[Ulimit] | None, default: list[Ulimit]) -> list[Spec]:
    """Return the OCI rlimits; a container's own win over the daemon's."""
    merged = {each.name: each for each in (*default, *(wished or ()))}
    return [
        {
            "type": f"RLIMIT_{each.name.upper()}",
            "soft": _limit(each.soft),
            "hard": _limit(each.hard),
        }
        for each in merged.values()
    ]


def _limit(value: int) -> int:
    # -1 is "unlimited" for users, RLIM_INFINITY for the kernel.
    return value if value >= 0 else 2**64 - 1


def _mounts(container: Container, facts: Resolved) -> list[Spec]:
    host = container.host_config
    wish = security.parse(host.security_opt)
    standard = mounts.base(
        mounts.Base(
            writable=host.privileged,
            writable_cgroups=wish.writable_cgroups,
            shm_size=host.shm_size or mounts.Base().shm_size,
            shm_source=facts.shm_source,
            shm=host.ipc_mode != namespaces.NONE,
            host_ipc=host.ipc_mode == HOST,
            host_pid=host.pid_mode == HOST,
            cgroups=facts.cgroups,
        )
    )
    tmpfs = [mounts.tmpfs_of_option(path, words) for path, words in (host.tmpfs or {}).items()]
    flat = set()
    for wished in host.mounts or ():
        if wished.type == "tmpfs":
            tmpfs.append(
                mounts.tmpfs_of_mount(
                    wished.target, wished.tmpfs_options, read_only=wished.read_only
                )
            )
        elif wished.bind_options is not None and wished.bind_options.non_recursive:
            flat.add(wished.target)
    points = []
    for point in container.mounts:
        special = facts.volumes.get(point.destination)
        if special is not None:
            tmpfs.append(special)
        elif point.type != "tmpfs":
            points.append(point)
    return mounts.with_users(standard, facts.files, points, tmpfs, frozenset(flat))


def _linux(container: Container, facts: Resolved) -> Spec:
    host = container.host_config
    masked, readonly = security.hidden(
        host.masked_paths, host.readonly_paths, privileged=host.privileged
    )
    devices = rules(facts.nodes, host.device_cgroup_rules, privileged=host.privileged)
    linux: Spec = {
        "namespaces": namespaces.namespaces(host, facts.sharing),
        "resources": resources(host, facts.device_number, devices),
        "devices": [node.node() for node in facts.nodes],
        "maskedPaths": masked,
        "readonlyPaths": readonly,
        "sysctl": _sysctls(host, facts),
    }
    if facts.cgroup_path:
        linux["cgroupsPath"] = facts.cgroup_path
    propagation = mounts.root_propagation(container.mounts)
    if propagation:
        linux["rootfsPropagation"] = propagation
    return linux


def _sysctls(host: HostConfig, facts: Resolved) -> dict[str, str]:
    found = dict(host.sysctls or {})
    own_network = host.network_mode != HOST and not namespaces.joined(host.network_mode)
    if own_network and facts.ports_from_zero:
        # Docker since 20.10.10: low ports and ping need no capability inside a container.
        found.setdefault("net.ipv4.ip_unprivileged_port_start", "0")
        found.setdefault("net.ipv4.ping_group_range", "0 2147483647")
    return found
