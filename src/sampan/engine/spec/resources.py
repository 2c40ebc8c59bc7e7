"""HostConfig's limits as OCI `linux.resources`."""

from collections.abc import Callable
from typing import Any

from sampan.engine.spec.devices import Device
from sampan.schema.host_config import Resources, ThrottleDevice

MIN_CPU_SHARES = 2

# (major, minor) of a block device's path; given, because asking the kernel is not deciding.
DeviceNumber = Callable[[str], tuple[int, int]]


def resources(
    limits: Resources, device_number: DeviceNumber, devices: list[Device] | None = None
) -> dict[str, Any]:
    """Return the OCI resources object. Without devices, the device rules are left out."""
    found: dict[str, Any] = {"cpu": _cpu(limits), "memory": _memory(limits)}
    if limits.pids_limit is not None and limits.pids_limit != 0:
        found["pids"] = {"limit": max(limits.pids_limit, -1)}
    found["blockIO"] = _block_io(limits, device_number)
    if devices is not None:
        found["devices"] = [device.rule() for device in devices]
    return {key: value for key, value in found.items() if value}


def _cpu(limits: Resources) -> dict[str, Any]:
    cpu: dict[str, Any] = {}
    if limits.cpu_shares:
        cpu["shares"] = max(limits.cpu_shares, MIN_CPU_SHARES)
    if limits.nano_cpus > 0:
        cpu["period"] = 100_000
        cpu["quota"] = limits.nano_cpus * 100_000 // 1_000_000_000
    if limits.cpu_period:
        cpu["period"] = limits.cpu_period
    if limits.cpu_quota:
        cpu["quota"] = limits.cpu_quota
    if limits.cpu_realtime_period:
        cpu["realtimePeriod"] = limits.cpu_realtime_period
    if limits.cpu_realtime_runtime:
        cpu["realtimeRuntime"] = limits.cpu_realtime_runtime
    if limits.cpuset_cpus:
        cpu["cpus"] = limits.cpuset_cpus
    if limits.cpuset_mems:
        cpu["mems"] = limits.cpuset_mems
    return cpu


def _memory(limits: Resources) -> dict[str, Any]:
    memory: dict[str, Any] = {}
    if limits.memory:
        memory["limit"] = limits.memory
    if limits.memory_reservation:
        memory["reservation"] = limits.memory_reservation
    if limits.memory_swap:
        memory["swap"] = limits.memory_swap
    if limits.memory_swappiness is not None and limits.memory_swappiness >= 0:
        memory["swappiness"] = limits.memory_swappiness
    if limits.oom_kill_disable:
        memory["disableOOMKiller"] = True
    return memory


def _block_io(limits: Resources, device_number: DeviceNumber) -> dict[str, Any]:
    block: dict[str, Any] = {}
    if limits.blkio_weight:
        block["weight"] = limits.blkio_weight
    if limits.blkio_weight_device:
        block["weightDevice"] = [
            {**_numbers(device_number, each.path), "weight": each.weight}
            for each in limits.blkio_weight_device
        ]
    for key, throttles in (
        ("throttleReadBpsDevice", limits.blkio_device_read_bps),
        ("throttleWriteBpsDevice", limits.blkio_device_write_bps),
        ("throttleReadIOPSDevice", limits.blkio_device_read_iops),
        ("throttleWriteIOPSDevice", limits.blkio_device_write_iops),
    ):
        if throttles:
            block[key] = [_throttle(each, device_number) for each in throttles]
    return block


def _throttle(each: ThrottleDevice, device_number: DeviceNumber) -> dict[str, int]:
    return {**_numbers(device_number, each.path), "rate": each.rate}


def _numbers(device_number: DeviceNumber, path: str) -> dict[str, int]:
    major, minor = device_number(path)
    return {"major": major, "minor": minor}
