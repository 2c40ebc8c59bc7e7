"""What is written for which limit, without writing it."""

import pytest

from sampan.cgroup.values import v1, v2
from sampan.errors import InvalidRequest

FULL = {
    "memory": {"limit": 100, "swap": 300, "reservation": 50, "swappiness": 0},
    "cpu": {"shares": 1024, "quota": 50000, "period": 100000, "cpus": "0-1", "mems": "0"},
    "pids": {"limit": 10},
    "blockIO": {
        "weight": 500,
        "weightDevice": [{"major": 8, "minor": 0, "weight": 200}],
        "throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 1000}],
        "throttleWriteIOPSDevice": [{"major": 8, "minor": 16, "rate": 20}],
    },
    "hugepageLimits": [{"pageSize": "2MB", "limit": 2097152}],
}


def described(found):
    return [value.describe() for value in found]


def test_all_limits_for_v1():
    assert described(v1.values(FULL)) == [
        "memory.limit_in_bytes = 100",
        "memory.memsw.limit_in_bytes = 300",
        "memory.soft_limit_in_bytes = 50",
        "memory.swappiness = 0",
        "cpu.shares = 1024",
        "cpu.cfs_period_us = 100000",
        "cpu.cfs_quota_us = 50000",
        "cpuset.cpus = 0-1",
        "cpuset.mems = 0",
        "pids.max = 10",
        "blkio.weight = 500",
        "blkio.weight_device = 8:0 200",
        "blkio.throttle.read_bps_device = 8:0 1000",
        "blkio.throttle.write_iops_device = 8:16 20",
        "hugetlb.2MB.limit_in_bytes = 2097152",
    ]


def test_all_limits_for_v2():
    assert described(v2.values(FULL)) == [
        "memory.max = 100",
        "memory.swap.max = 200",
        "memory.low = 50",
        "cpu.weight = 100",
        "cpu.max = 50000 100000",
        "cpuset.cpus = 0-1",
        "cpuset.mems = 0",
        "pids.max = 10",
        "io.bfq.weight = 500",
        "io.weight = 8:0 1920",
        "io.max = 8:0 rbps=1000",
        "io.max = 8:16 wiops=20",
        "hugetlb.2MB.max = 2097152",
    ]


@pytest.mark.parametrize("version", [v1, v2])
def test_no_limits_write_nothing(version):
    assert version.values({}) == []
    assert version.values({"memory": None, "cpu": {}, "blockIO": {}}) == []


@pytest.mark.parametrize(
    ("resources", "v1_text", "v2_text"),
    [
        ({"memory": {"limit": -1}}, "memory.limit_in_bytes = -1", "memory.max = max"),
        ({"memory": {"swap": -1}}, "memory.memsw.limit_in_bytes = -1", "memory.swap.max = max"),
        ({"pids": {"limit": -1}}, "pids.max = max", "pids.max = max"),
        ({"pids": {"limit": 0}}, "pids.max = max", "pids.max = max"),
        ({"cpu": {"quota": -1}}, "cpu.cfs_quota_us = -1", "cpu.max = max 100000"),
        ({"cpu": {"quota": 5000}}, "cpu.cfs_quota_us = 5000", "cpu.max = 5000 100000"),
        ({"cpu": {"period": 5000}}, "cpu.cfs_period_us = 5000", "cpu.max = max 5000"),
        ({"cpu": {"idle": 1}}, "cpu.idle = 1", "cpu.idle = 1"),
    ],
)
def test_words_for_no_limit(resources, v1_text, v2_text):
    assert described(v1.values(resources)) == [v1_text]
    assert described(v2.values(resources)) == [v2_text]


def test_swap_as_large_as_memory_is_no_swap_in_v2():
    found = v2.values({"memory": {"limit": 100, "swap": 100}})
    assert described(found) == ["memory.max = 100", "memory.swap.max = 0"]


@pytest.mark.parametrize(
    ("shares", "weight"),
    [(0, 1), (2, 1), (5, 2), (10, 4), (512, 59), (1024, 100), (2048, 174), (262144, 10000)],
)
def test_shares_become_weights_as_in_runc(shares, weight):
    assert v2.weight(shares) == weight


@pytest.mark.parametrize(("blkio", "weight"), [(10, 1), (500, 4950), (1000, 10000)])
def test_block_weights_become_weights_as_in_runc(blkio, weight):
    assert v2.io_weight(blkio) == weight


def test_block_weight_has_a_second_file_for_the_other_scheduler():
    (value,) = v2.values({"blockIO": {"weight": 100}})
    assert value.otherwise.describe() == "io.weight = default 910"
    (value,) = v1.values({"blockIO": {"weight": 100}})
    assert value.otherwise.describe() == "blkio.bfq.weight = 100"


def test_what_v2_has_no_file_for_carries_its_warning():
    found = v2.values({"memory": {"swappiness": 10, "disableOOMKiller": True}})
    assert [value.discard for value in found] == [
        "Your kernel does not support memory swappiness capabilities or the cgroup is not "
        "mounted. Memory swappiness discarded.",
        "Your kernel does not support OomKillDisable. OomKillDisable discarded.",
    ]


def test_unified_resources_stay_inside_the_group():
    with pytest.raises(InvalidRequest, match="must be a file name"):
        v2.values({"unified": {"../../memory.max": "1"}})


def test_network_classes_for_v1():
    network = {"classID": 1048577, "priorities": [{"name": "eth0", "priority": 5}]}
    assert described(v1.values({"network": network})) == [
        "net_cls.classid = 1048577",
        "net_prio.ifpriomap = eth0 5",
    ]


def test_rdma_for_v2():
    found = v2.values({"rdma": {"mlx5_1": {"hcaHandles": 3, "hcaObjects": 10}}})
    assert described(found) == ["rdma.max = mlx5_1 hca_handle=3 hca_object=10"]
