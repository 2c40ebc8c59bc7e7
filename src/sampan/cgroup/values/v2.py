"""OCI limits as values for v2 (kernel Documentation/admin-guide/cgroup-v2.rst).

    values({"cpu": {"shares": 1024}}) -> [cpu.weight = 100]

The spec's words are those of v1; the conversions are those of runc, so that a container behaves
alike under either. What v2 has no file for is named with a file no group has, so that it ends
as a warning.
"""

from math import ceil, log2

from sampan.cgroup.values import value as words
from sampan.cgroup.values.value import Value
from sampan.errors import InvalidRequest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    Resources = Mapping[str, Any]

PERIOD = 100_000
THROTTLES = (
    ("throttleReadBpsDevice", "rbps"),
    ("throttleWriteBpsDevice", "wbps"),
    ("throttleReadIOPSDevice", "riops"),
    ("throttleWriteIOPSDevice", "wiops"),
)
GONE = (
    ("memory", "kernel", words.KERNEL_MEMORY),
    ("memory", "kernelTCP", words.KERNEL_MEMORY),
    ("memory", "swappiness", words.SWAPPINESS),
    ("memory", "disableOOMKiller", words.OOM_KILL),
    ("cpu", "realtimeRuntime", words.REALTIME),
    ("network", "classID", words.NETWORK),
)


def values(resources: "Resources") -> list[Value]:
    """Return what to write, in an order the kernel takes."""
    return [
        *_memory(resources.get("memory") or {}),
        *_cpu(resources.get("cpu") or {}),
        *_pids(resources.get("pids") or {}),
        *_block(resources.get("blockIO") or {}),
        *_hugetlb(resources.get("hugepageLimits") or ()),
        *_rdma(resources.get("rdma") or {}),
        *_gone(resources),
        *_unified(resources.get("unified") or {}),
    ]


def weight(shares: int) -> int:
    """Convert v1 CPU shares (2 to 262144, usually 1024) to a v2 weight (1 to 10000, usually 100).

    The formula of runc 1.3.2 and crun 1.23 (ConvertCPUSharesToCgroupV2Value in
    opencontainers/cgroups): it meets both ends and the usual value. The older straight line made
    39 of 1024, and 1 of both 10 and 5 shares, which no longer were two to one.
    """
    if shares <= 2:
        return 1
    if shares >= 262144:
        return 10000
    power = log2(shares)
    return ceil(10 ** ((power * power + 125 * power) / 612 - 7 / 34))


def io_weight(blkio: int) -> int:
    """Convert a v1 weight (10 to 1000) to a v2 one (1 to 10000): a straight line, as in runc."""
    return 1 + (blkio - 10) * 9999 // 990


def _memory(memory: "Resources") -> list[Value]:
    found = []
    limit, swap = memory.get("limit"), memory.get("swap")
    if limit is not None:
        found.append(Value("memory", "memory.max", _amount(limit), words.MEMORY))
    if swap:
        # v1 counts memory and swap together, v2 swap alone.
        alone = swap - limit if swap > 0 and limit and limit > 0 else swap
        found.append(Value("memory", "memory.swap.max", _amount(alone), words.SWAP))
    if memory.get("reservation") is not None:
        text = _amount(memory["reservation"])
        found.append(Value("memory", "memory.low", text, words.RESERVATION))
    return found


def _amount(number: int) -> str:
    return "max" if number < 0 else str(number)


def _cpu(cpu: "Resources") -> list[Value]:
    found = []
    if cpu.get("shares"):
        found.append(Value("cpu", "cpu.weight", str(weight(cpu["shares"])), words.SHARES))
    quota, period = cpu.get("quota"), cpu.get("period")
    if quota or period:
        text = str(quota) if quota and quota > 0 else "max"
        found.append(Value("cpu", "cpu.max", f"{text} {period or PERIOD}", words.QUOTA))
    if cpu.get("burst") is not None:
        found.append(Value("cpu", "cpu.max.burst", str(cpu["burst"]), words.QUOTA))
    if cpu.get("idle") is not None:
        found.append(Value("cpu", "cpu.idle", str(cpu["idle"]), words.SHARES))
    sets = [key for key in ("cpus", "mems") if cpu.get(key)]
    found += [Value("cpuset", f"cpuset.{key}", cpu[key], words.CPUSET) for key in sets]
    return found


def _pids(pids: "Resources") -> list[Value]:
    limit = pids.get("limit")
    if limit is None:
        return []
    return [Value("pids", "pids.max", str(limit) if limit > 0 else "max", words.PIDS)]


def _block(block: "Resources") -> list[Value]:
    found = []
    if block.get("weight"):
        # BFQ takes 1 to 1000, so the number as it is; io.cost has the scale of v2.
        cost = Value("io", "io.weight", f"default {io_weight(block['weight'])}", words.WEIGHT)
        found.append(Value("io", "io.bfq.weight", str(block["weight"]), words.WEIGHT, cost))
    for each in block.get("weightDevice") or ():
        text = f"{each['major']}:{each['minor']} {io_weight(each.get('weight') or 10)}"
        found.append(Value("io", "io.weight", text, words.WEIGHT_DEVICE))
    for key, word in THROTTLES:
        for each in block.get(key) or ():
            rate = str(each["rate"]) if each["rate"] > 0 else "max"
            text = f"{each['major']}:{each['minor']} {word}={rate}"
            found.append(Value("io", "io.max", text, words.THROTTLE))
    return found


def _hugetlb(limits: "list[Resources] | tuple[()]") -> list[Value]:
    return [
        Value("hugetlb", f"hugetlb.{each['pageSize']}.max", str(each["limit"]), words.HUGETLB)
        for each in limits
    ]


def _rdma(devices: "Mapping[str, Resources]") -> list[Value]:
    found = []
    for name in sorted(devices):
        limit = devices[name]
        parts = [name]
        if limit.get("hcaHandles") is not None:
            parts.append(f"hca_handle={limit['hcaHandles']}")
        if limit.get("hcaObjects") is not None:
            parts.append(f"hca_object={limit['hcaObjects']}")
        found.append(Value("rdma", "rdma.max", " ".join(parts), words.RDMA))
    return found


def _gone(resources: "Resources") -> list[Value]:
    return [
        Value(section, f"{section}.{key} (v1)", str(found), discard)
        for section, key, discard in GONE
        if (found := (resources.get(section) or {}).get(key))
    ]


def _unified(unified: "Mapping[str, str]") -> list[Value]:
    found = []
    for file in sorted(unified):
        controller = file.partition(".")[0]
        if "/" in file or not controller:
            raise InvalidRequest(f"unified resource {file!r} must be a file name")
        discard = words.missing(f"the unified resource {file}", "Value")
        found.append(Value(controller, file, unified[file], discard))
    return found
