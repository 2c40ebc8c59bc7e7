"""OCI limits as values for v1 (kernel Documentation/admin-guide/cgroup-v1).

    values({"memory": {"limit": 1048576}}) -> [memory.limit_in_bytes = 1048576]

Devices are not here: rules are a list, and devices/rules.py knows their order.
"""

from sampan.cgroup.values import value as words
from sampan.cgroup.values.value import Value

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Resources = Mapping[str, Any]

MEMORY = (
    # Before the limits: kernel memory can only be limited in a group that has no tasks yet.
    ("kernel", "memory.kmem.limit_in_bytes", words.KERNEL_MEMORY),
    ("kernelTCP", "memory.kmem.tcp.limit_in_bytes", words.KERNEL_MEMORY),
    ("limit", "memory.limit_in_bytes", words.MEMORY),
    ("swap", "memory.memsw.limit_in_bytes", words.SWAP),
    ("reservation", "memory.soft_limit_in_bytes", words.RESERVATION),
    ("swappiness", "memory.swappiness", words.SWAPPINESS),
)
CPU = (
    ("cpu", "shares", "cpu.shares", words.SHARES),
    ("cpu", "period", "cpu.cfs_period_us", words.PERIOD),
    ("cpu", "quota", "cpu.cfs_quota_us", words.QUOTA),
    ("cpu", "burst", "cpu.cfs_burst_us", words.QUOTA),
    ("cpu", "idle", "cpu.idle", words.SHARES),
    ("cpu", "realtimePeriod", "cpu.rt_period_us", words.REALTIME),
    ("cpu", "realtimeRuntime", "cpu.rt_runtime_us", words.REALTIME),
    ("cpuset", "cpus", "cpuset.cpus", words.CPUSET),
    ("cpuset", "mems", "cpuset.mems", words.CPUSET),
)
THROTTLES = (
    ("throttleReadBpsDevice", "blkio.throttle.read_bps_device"),
    ("throttleWriteBpsDevice", "blkio.throttle.write_bps_device"),
    ("throttleReadIOPSDevice", "blkio.throttle.read_iops_device"),
    ("throttleWriteIOPSDevice", "blkio.throttle.write_iops_device"),
)


def values(resources: "Resources") -> list[Value]:
    """Return what to write, in an order the kernel takes in a new group."""
    return [
        *_memory(resources.get("memory") or {}),
        *_cpu(resources.get("cpu") or {}),
        *_pids(resources.get("pids") or {}),
        *_block(resources.get("blockIO") or {}),
        *_hugetlb(resources.get("hugepageLimits") or ()),
        *_network(resources.get("network") or {}),
    ]


def _memory(memory: "Resources") -> list[Value]:
    found = [
        Value("memory", file, str(memory[key]), discard)
        for key, file, discard in MEMORY
        if memory.get(key) is not None
    ]
    if memory.get("disableOOMKiller"):
        found.append(Value("memory", "memory.oom_control", "1", words.OOM_KILL))
    return found


def _cpu(cpu: "Resources") -> list[Value]:
    return [
        Value(controller, file, str(cpu[key]), discard)
        for controller, key, file, discard in CPU
        if cpu.get(key) not in (None, "")
    ]


def _pids(pids: "Resources") -> list[Value]:
    limit = pids.get("limit")
    if limit is None:
        return []
    return [Value("pids", "pids.max", str(limit) if limit > 0 else "max", words.PIDS)]


def _block(block: "Resources") -> list[Value]:
    found = []
    if block.get("weight"):
        text = str(block["weight"])
        # Since Linux 5.0 only the BFQ scheduler has weights, under a name of its own.
        bfq = Value("blkio", "blkio.bfq.weight", text, words.WEIGHT)
        found.append(Value("blkio", "blkio.weight", text, words.WEIGHT, bfq))
    if block.get("leafWeight"):
        found.append(Value("blkio", "blkio.leaf_weight", str(block["leafWeight"]), words.WEIGHT))
    for each in block.get("weightDevice") or ():
        text = f"{each['major']}:{each['minor']} {each.get('weight', 0)}"
        found.append(Value("blkio", "blkio.weight_device", text, words.WEIGHT_DEVICE))
    for key, file in THROTTLES:
        for each in block.get(key) or ():
            text = f"{each['major']}:{each['minor']} {each['rate']}"
            found.append(Value("blkio", file, text, words.THROTTLE))
    return found


def _hugetlb(limits: "list[Resources] | tuple[()]") -> list[Value]:
    return [
        Value(
            "hugetlb",
            f"hugetlb.{each['pageSize']}.limit_in_bytes",
            str(each["limit"]),
            words.HUGETLB,
        )
        for each in limits
    ]


def _network(network: "Resources") -> list[Value]:
    found = []
    if network.get("classID"):
        text = str(network["classID"])
        found.append(Value("net_cls", "net_cls.classid", text, words.NETWORK))
    for each in network.get("priorities") or ():
        text = f"{each['name']} {each['priority']}"
        found.append(Value("net_prio", "net_prio.ifpriomap", text, words.NETWORK))
    return found
