"""From the flags of run and create to the body of POST /containers/create.

    body(options, image, command, inherited) -> {"Image": …, "HostConfig": {…}, …}

Only what was asked for is sent where the daemon's default would be the same: an old daemon
then does not stumble over a field it has never heard of. Reads env and label files and
seccomp profiles; ValueError and OSError name what is wrong with them.
"""

from __future__ import annotations

import glob

from sampan.cli.options.addresses import is_mac
from sampan.cli.options.devices import device
from sampan.cli.options.health import health
from sampan.cli.options.keyvalue import environment, labels, mapping
from sampan.cli.options.mounts import tmpfs, volumes
from sampan.cli.options.networks import endpoints, mode
from sampan.cli.options.ports import expose, publish
from sampan.cli.options.restart import restart
from sampan.cli.options.security import security

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from sampan.cli.flags import Options

    Document = dict[str, Any]

# Flags whose value goes into a field as it is, when it was given.
CONFIG = {
    "domainname": "Domainname",
    "hostname": "Hostname",
    "stop-signal": "StopSignal",
    "stop-timeout": "StopTimeout",
    "user": "User",
    "workdir": "WorkingDir",
}
HOST = {
    "blkio-weight": "BlkioWeight",
    "blkio-weight-device": "BlkioWeightDevice",
    "cap-add": "CapAdd",
    "cap-drop": "CapDrop",
    "cgroup-parent": "CgroupParent",
    "cgroupns": "CgroupnsMode",
    "cidfile": "ContainerIDFile",
    "cpu-count": "CpuCount",
    "cpu-percent": "CpuPercent",
    "cpu-period": "CpuPeriod",
    "cpu-quota": "CpuQuota",
    "cpu-rt-period": "CpuRealtimePeriod",
    "cpu-rt-runtime": "CpuRealtimeRuntime",
    "cpu-shares": "CpuShares",
    "cpus": "NanoCpus",
    "cpuset-cpus": "CpusetCpus",
    "cpuset-mems": "CpusetMems",
    "device-cgroup-rule": "DeviceCgroupRules",
    "device-read-bps": "BlkioDeviceReadBps",
    "device-read-iops": "BlkioDeviceReadIOps",
    "device-write-bps": "BlkioDeviceWriteBps",
    "device-write-iops": "BlkioDeviceWriteIOps",
    "group-add": "GroupAdd",
    "init": "Init",
    "io-maxbandwidth": "IOMaximumBandwidth",
    "io-maxiops": "IOMaximumIOps",
    "ipc": "IpcMode",
    "isolation": "Isolation",
    "kernel-memory": "KernelMemory",
    "link": "Links",
    "memory": "Memory",
    "memory-reservation": "MemoryReservation",
    "memory-swap": "MemorySwap",
    "memory-swappiness": "MemorySwappiness",
    "mount": "Mounts",
    "oom-kill-disable": "OomKillDisable",
    "oom-score-adj": "OomScoreAdj",
    "pid": "PidMode",
    "pids-limit": "PidsLimit",
    "privileged": "Privileged",
    "publish-all": "PublishAllPorts",
    "read-only": "ReadonlyRootfs",
    "rm": "AutoRemove",
    "runtime": "Runtime",
    "shm-size": "ShmSize",
    "ulimit": "Ulimits",
    "userns": "UsernsMode",
    "uts": "UTSMode",
    "volume-driver": "VolumeDriver",
    "volumes-from": "VolumesFrom",
}
# Namespaces of which only the daemon's host and containers can be shared.
MODES = {
    "pid": ("--pid: invalid PID mode", ("", "host")),
    "uts": ("--uts: invalid UTS mode", ("", "host")),
    "userns": ("--userns: invalid USER mode", ("", "host")),
    "cgroupns": ("--cgroupns: invalid CGROUP mode", ("", "host", "private")),
}


def body(
    options: Options, image: str, command: Sequence[str], inherited: Mapping[str, str]
) -> Document:
    """Return the whole document; ValueError in Docker's words when flags make no sense."""
    _check(options)
    document = _config(options, image, command, inherited)
    host = _host(options)
    if document["Healthcheck"] is None:
        del document["Healthcheck"]
    exposed, bindings = publish(options.many("publish"))
    document["ExposedPorts"] = exposed | expose(options.many("expose"))
    host["PortBindings"] = bindings
    document["HostConfig"] = host
    document["NetworkingConfig"] = {"EndpointsConfig": endpoints(options)}
    return document


def _config(
    options: Options, image: str, command: Sequence[str], inherited: Mapping[str, str]
) -> Document:
    streams = options.many("attach")
    binds_apart = volumes(options.many("volume"))[1]
    stdin = options.on("interactive")
    attach_stdin = stdin or "stdin" in streams
    document: Document = {
        "Image": image,
        "Cmd": list(command) or None,
        "Env": environment(options.many("env-file"), options.many("env"), inherited),
        "Labels": labels(options.many("label-file"), options.many("label")),
        "Tty": options.on("tty"),
        "OpenStdin": stdin,
        # Close the container's stdin when the one who attached to it is gone.
        "StdinOnce": stdin and attach_stdin,
        "AttachStdin": attach_stdin,
        "AttachStdout": not streams or "stdout" in streams,
        "AttachStderr": not streams or "stderr" in streams,
        "Volumes": binds_apart,
        "Healthcheck": health(options),
    }
    document |= _given(options, CONFIG)
    if "entrypoint" in options.changed:
        # An empty --entrypoint takes the image's away.
        document["Entrypoint"] = [options.text("entrypoint")]
    if options.text("mac-address"):
        document["MacAddress"] = options.text("mac-address")
    return document


def _host(options: Options) -> Document:
    words, unmasked = security(options.many("security-opt"))
    host: Document = {
        "NetworkMode": mode(options),
        "RestartPolicy": restart(options.text("restart")),
        "LogConfig": _logging(options),
        "Dns": options.many("dns"),
        "DnsOptions": options.many("dns-option"),
        "DnsSearch": options.many("dns-search"),
        "ExtraHosts": options.many("add-host"),
        "Binds": volumes(options.many("volume"))[0],
        "Devices": _devices(options.many("device")),
        "SecurityOpt": words,
        "Sysctls": mapping(options.many("sysctl")),
        "StorageOpt": _storage(options.many("storage-opt")),
        "Tmpfs": tmpfs(options.many("tmpfs")),
        **_given(options, HOST),
    }
    if options.many("annotation"):
        host["Annotations"] = mapping(options.many("annotation"))
    if unmasked:
        host["MaskedPaths"] = []
        host["ReadonlyPaths"] = []
    return host


def _given(options: Options, fields: Mapping[str, str]) -> Document:
    return {
        field: options.values[flag] for flag, field in fields.items() if flag in options.changed
    }


def _check(options: Options) -> None:
    mac = options.text("mac-address")
    if mac and not is_mac(mac):
        raise ValueError(f"{mac} is not a valid mac address")
    swappiness = options.number("memory-swappiness")
    if swappiness != -1 and not 0 <= swappiness <= 100:
        raise ValueError(f"invalid value: {swappiness}. Valid memory swappiness range is 0-100")
    for flag, (message, known) in MODES.items():
        value = options.text(flag)
        shared = flag == "pid" and value.startswith("container:") and value != "container:"
        if value not in known and not shared:
            raise ValueError(message)
    if options.on("rm") and options.text("restart") not in {"", "no"}:
        raise ValueError("conflicting options: cannot specify both --restart and --rm")


def _logging(options: Options) -> Document:
    driver = options.text("log-driver")
    words = options.many("log-opt")
    if driver == "none" and words:
        raise ValueError(f"invalid logging opts for driver {driver}")
    return {"Type": driver, "Config": mapping(words)}


def _storage(words: Sequence[str]) -> dict[str, str]:
    if any("=" not in word for word in words):
        raise ValueError("invalid storage option")
    return mapping(words)


def _devices(words: Sequence[str]) -> list[dict[str, str]]:
    found = []
    for word in words:
        mapped = device(word)
        path = mapped["PathOnHost"]
        if not path.endswith("*"):
            found.append(mapped)
            continue
        if ":" in word and mapped["PathInContainer"] != path:
            raise ValueError(f"device with * suffix can't have dst: {word}")
        found += [
            {**mapped, "PathOnHost": name, "PathInContainer": name} for name in glob.glob(path)
        ]
    return found
