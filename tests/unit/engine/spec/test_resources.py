"""Limits as OCI resources, and device rules."""

import pytest

from sampan.engine.spec.devices import DEFAULT, EVERYTHING, Node, parse_rule, rules
from sampan.engine.spec.resources import resources
from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig, ThrottleDevice, WeightDevice


def number(_path: str) -> tuple[int, int]:
    return 8, 1


def test_nothing_asked_for_is_nothing() -> None:
    assert resources(HostConfig(), number) == {}


def test_cpus_are_a_quota() -> None:
    assert resources(HostConfig(nano_cpus=1_500_000_000), number)["cpu"] == {
        "period": 100_000,
        "quota": 150_000,
    }


def test_memory_with_its_swap_and_swappiness() -> None:
    host = HostConfig(memory=64, memory_swap=-1, memory_reservation=32, memory_swappiness=0)
    assert resources(host, number)["memory"] == {
        "limit": 64,
        "swap": -1,
        "reservation": 32,
        "swappiness": 0,
    }


@pytest.mark.parametrize(("wish", "limit"), [(5, 5), (-1, -1), (-7, -1)])
def test_a_negative_pids_limit_is_none(wish: int, limit: int) -> None:
    assert resources(HostConfig(pids_limit=wish), number)["pids"] == {"limit": limit}


def test_block_io_by_device_number() -> None:
    host = HostConfig(
        blkio_weight=300,
        blkio_weight_device=[WeightDevice(path="/dev/sda", weight=500)],
        blkio_device_read_bps=[ThrottleDevice(path="/dev/sda", rate=1024)],
    )
    assert resources(host, number)["blockIO"] == {
        "weight": 300,
        "weightDevice": [{"major": 8, "minor": 1, "weight": 500}],
        "throttleReadBpsDevice": [{"major": 8, "minor": 1, "rate": 1024}],
    }


def test_devices_are_denied_before_they_are_allowed() -> None:
    node = Node("/dev/x", "c", 10, 1, 0o600, 0, 0, access="r")
    found = rules([node], ["c 42:* rm"], privileged=False)
    assert found[0].rule() == {"allow": False, "type": "a", "access": "rwm"}
    assert found[len(DEFAULT)].rule() == {
        "allow": True,
        "type": "c",
        "access": "r",
        "major": 10,
        "minor": 1,
    }
    assert found[-1].rule() == {"allow": True, "type": "c", "access": "rm", "major": 42}


def test_privileged_may_use_everything() -> None:
    assert rules([], None, privileged=True) == [EVERYTHING]


@pytest.mark.parametrize("text", ["", "c", "x 1:2 r", "c 1 r", "c 1:2 x", "c 1:2 ", "c -1:2 r"])
def test_bad_rules_are_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="invalid device cgroup rule format"):
        parse_rule(text)
