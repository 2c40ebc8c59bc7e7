"""What this engine is and has."""

import os
from typing import Any

from sampan.base import clock
from sampan.engine import machine
from sampan.engine.engine import Engine
from sampan.engine.lifecycle import bundle
from sampan.engine.spec.validate.limits import Machine
from sampan.errors import SampanError
from sampan.logs.options import KNOWN as LOG_DRIVERS
from sampan.version import VERSION

INDEX = "https://index.docker.io/v1/"


async def info(engine: Engine) -> dict[str, Any]:
    """Give Docker's info document."""
    limits = machine.limits_of(engine.facts, engine.hierarchy)
    return {
        "ID": engine.identity,
        **_counts(engine),
        "Images": len(engine.images),
        "Driver": engine.snapshots.name,
        "DriverStatus": [],
        "Plugins": {
            "Volume": engine.volumes.drivers(),
            "Network": ["bridge", "host", "null"],
            "Authorization": None,
            "Log": sorted(LOG_DRIVERS),
        },
        **_limits(limits),
        **_machine(engine),
        **_settings(engine),
        "SystemTime": clock.now(),
        "NEventsListener": engine.events.listeners,
        "ServerVersion": VERSION,
        "Swarm": _swarm(),
        "SecurityOptions": _security(engine),
        "Warnings": _warnings(limits),
        "ContainerdCommit": {"ID": ""},
        "RuncCommit": {"ID": ""},
        "InitCommit": {"ID": ""},
    }


def _counts(engine: Engine) -> dict[str, int]:
    states = [container.state for container in engine.containers]
    running = sum(state.running and not state.paused for state in states)
    paused = sum(state.paused for state in states)
    return {
        "Containers": len(states),
        "ContainersRunning": running,
        "ContainersPaused": paused,
        "ContainersStopped": len(states) - running - paused,
    }


def _limits(limits: Machine) -> dict[str, bool]:
    return {
        "MemoryLimit": limits.memory_limit,
        "SwapLimit": limits.swap_limit,
        "CpuCfsPeriod": limits.cpu_cfs,
        "CpuCfsQuota": limits.cpu_cfs,
        "CPUShares": limits.cpu_shares,
        "CPUSet": True,
        "PidsLimit": limits.pids_limit,
        "OomKillDisable": limits.oom_kill_disable,
    }


def _machine(engine: Engine) -> dict[str, Any]:
    facts = engine.facts
    return {
        "IPv4Forwarding": True,
        "KernelVersion": facts.kernel,
        "OperatingSystem": facts.os_name,
        "OSVersion": facts.os_version,
        "OSType": "linux",
        "Architecture": facts.architecture,
        "NCPU": facts.cpus,
        "MemTotal": facts.memory,
        "GenericResources": None,
        "CgroupDriver": "cgroupfs",
        "CgroupVersion": "2" if engine.hierarchy.version == "v2" else "1",
        "NFd": len(os.listdir("/proc/self/fd")),
        "NGoroutines": 0,
        "Isolation": "",
    }


def _settings(engine: Engine) -> dict[str, Any]:
    options = engine.options
    names = ["sampan", "runc", *options.runtimes]
    return {
        "Debug": options.debug,
        "LoggingDriver": options.log_driver,
        "DockerRootDir": engine.data.path,
        "Name": options.name or engine.facts.hostname,
        "Labels": options.labels,
        "ExperimentalBuild": False,
        "HttpProxy": "",
        "HttpsProxy": "",
        "NoProxy": "",
        "IndexServerAddress": INDEX,
        "RegistryConfig": {
            "InsecureRegistryCIDRs": ["::1/128", "127.0.0.0/8"],
            "IndexConfigs": {
                "docker.io": {
                    "Name": "docker.io",
                    "Mirrors": options.registry_mirrors,
                    "Secure": True,
                    "Official": True,
                },
                **{
                    name: {"Name": name, "Mirrors": [], "Secure": False, "Official": False}
                    for name in options.insecure_registries
                },
            },
            "Mirrors": options.registry_mirrors,
        },
        "Runtimes": {name: {"path": _path_of(engine, name)} for name in dict.fromkeys(names)},
        "DefaultRuntime": options.default_runtime,
        "LiveRestoreEnabled": options.live_restore,
        "InitBinary": os.path.basename(options.init_path or "tini"),
    }


def _path_of(engine: Engine, name: str) -> str:
    try:
        return bundle.runtime(engine, name) or "sampan-runtime"
    except SampanError:
        return ""


def _swarm() -> dict[str, Any]:
    return {
        "NodeID": "",
        "NodeAddr": "",
        "LocalNodeState": "inactive",
        "ControlAvailable": False,
        "Error": "",
        "RemoteManagers": None,
    }


def _security(engine: Engine) -> list[str]:
    found = ["name=seccomp,profile=builtin", "name=cgroupns"]
    if engine.facts.apparmor:
        found.insert(0, "name=apparmor")
    if engine.options.no_new_privileges:
        found.append("name=no-new-privileges")
    return found


def _warnings(limits: Machine) -> list[str] | None:
    found = []
    if not limits.memory_limit:
        found.append("WARNING: No memory limit support")
    if not limits.swap_limit:
        found.append("WARNING: No swap limit support")
    if not limits.pids_limit:
        found.append("WARNING: No pids limit support")
    return found or None
