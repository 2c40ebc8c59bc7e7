"""What Docker refuses and warns about."""

import pytest

from sampan.engine.spec.validate.config import (
    check_config,
    check_host,
    check_name,
    check_network_conflicts,
)
from sampan.engine.spec.validate.limits import (
    Machine,
    check_host_limits,
    check_limits,
    format_list,
    parse_list,
)
from sampan.errors import InvalidRequest
from sampan.schema.container_config import ContainerConfig, HealthConfig
from sampan.schema.host_config import HostConfig, PortBinding, RestartPolicy, Ulimit

MACHINE = Machine(cpus=2, cpuset=frozenset({0, 1}))
MB = 1 << 20


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (HostConfig(memory=MB), "Minimum memory limit allowed is 6MB"),
        (
            HostConfig(memory=8 * MB, memory_swap=7 * MB),
            "memoryswap limit should be larger than memory limit",
        ),
        (HostConfig(memory_swap=8 * MB), "always set the Memory limit when using Memoryswap"),
        (HostConfig(memory_reservation=MB), "Minimum memory reservation allowed is 6MB"),
        (
            HostConfig(memory=8 * MB, memory_reservation=9 * MB),
            "can not be less than memory reservation",
        ),
        (HostConfig(memory_swappiness=101), "valid memory swappiness range is 0-100"),
        (HostConfig(nano_cpus=3_000_000_000), r"range of CPUs is from 0.01 to 2.00, as there are"),
        (HostConfig(nano_cpus=1), "range of CPUs is from 0.01"),
        (HostConfig(nano_cpus=10**9, cpu_period=1000), "Nano CPUs and CPU Period cannot both"),
        (HostConfig(nano_cpus=10**9, cpu_quota=1000), "Nano CPUs and CPU Quota cannot both"),
        (HostConfig(cpu_period=10), "CPU cfs period can not be less than 1ms"),
        (HostConfig(cpu_quota=10), "CPU cfs quota can not be less than 1ms"),
        (HostConfig(cpuset_cpus="0-9"), "Requested CPUs are not available - requested 0-9"),
        (HostConfig(cpuset_cpus="x"), "Invalid value x for cpuset cpus"),
        (HostConfig(cpuset_mems="5"), "Requested memory nodes are not available"),
        (HostConfig(blkio_weight=5), "Range of blkio weight is from 10 to 1000"),
        (HostConfig(ulimits=[Ulimit(name="fly")]), "invalid ulimit type: fly"),
        (
            HostConfig(ulimits=[Ulimit(name="nofile", soft=2, hard=1)]),
            "soft limit must be less than or equal to hard limit: 2 > 1",
        ),
    ],
)
def test_limits_that_make_no_sense(host: HostConfig, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        check_limits(host, MACHINE)


def test_what_the_kernel_cannot_is_a_warning_and_left_out() -> None:
    host = HostConfig(blkio_weight=100, pids_limit=5, oom_kill_disable=True, memory=8 * MB)
    poor = Machine(blkio_weight=False, pids_limit=False, oom_kill_disable=False, swap_limit=False)
    warnings = check_limits(host, poor)
    assert len(warnings) == 4
    assert (host.blkio_weight, host.pids_limit, host.oom_kill_disable) == (0, None, None)
    assert host.memory_swap == -1


def test_a_disabled_oom_killer_without_a_limit_is_a_warning() -> None:
    assert "no memory limit is set" in check_limits(HostConfig(oom_kill_disable=True), MACHINE)[0]


def test_the_score_has_a_range() -> None:
    with pytest.raises(InvalidRequest, match=r"range for oom score adj is \[-1000, 1000\]"):
        check_host_limits(HostConfig(oom_score_adj=1001))


def test_lists_of_processors_there_and_back() -> None:
    assert parse_list("0-2,7") == {0, 1, 2, 7}
    assert format_list(frozenset({0, 1, 2, 7})) == "0-2,7"


@pytest.mark.parametrize("name", ["", "x", "-a", "a/b", "a b", "..", "ä" * 3])
def test_bad_names(name: str) -> None:
    with pytest.raises(InvalidRequest, match=r"only \[a-zA-Z0-9\]\[a-zA-Z0-9_.-\] are allowed"):
        check_name(name)


def test_a_name_loses_its_slash() -> None:
    assert check_name("/web-1.x") == "web-1.x"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (ContainerConfig(working_dir="a"), "needs to be an absolute path"),
        (ContainerConfig(env=["=x"]), "invalid environment variable: =x"),
        (ContainerConfig(stop_signal="FOO"), "Invalid signal: FOO"),
        (ContainerConfig(healthcheck=HealthConfig(interval=5)), "Interval in Healthcheck cannot"),
        (ContainerConfig(healthcheck=HealthConfig(retries=-1)), "cannot be negative"),
        (ContainerConfig(healthcheck=HealthConfig(test=["X"])), "Unknown healthcheck type 'X'"),
    ],
)
def test_bad_configs(config: ContainerConfig, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        check_config(config)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (HostConfig(restart_policy=RestartPolicy(name="x")), "unknown policy 'x'"),
        (
            HostConfig(restart_policy=RestartPolicy(name="always", maximum_retry_count=1)),
            "maximum retry count can only be used with 'on-failure'",
        ),
        (
            HostConfig(restart_policy=RestartPolicy(name="on-failure", maximum_retry_count=-1)),
            "cannot be negative",
        ),
        (
            HostConfig(auto_remove=True, restart_policy=RestartPolicy(name="always")),
            "can't create 'AutoRemove' container with restart policy",
        ),
        (HostConfig(cap_add=["fly"]), "unknown capability"),
        (HostConfig(extra_hosts=["nobody"]), "bad format for add-host"),
        (HostConfig(device_cgroup_rules=["x"]), "invalid device cgroup rule"),
    ],
)
def test_bad_host_configs(host: HostConfig, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        check_host(host)


@pytest.mark.parametrize(
    ("config", "host", "words"),
    [
        (
            ContainerConfig(hostname="x"),
            HostConfig(network_mode="container:c"),
            "conflicting options: hostname and the network mode",
        ),
        (
            ContainerConfig(hostname="x"),
            HostConfig(uts_mode="host"),
            "conflicting options: hostname and the UTS mode",
        ),
        (
            ContainerConfig(),
            HostConfig(network_mode="host", links=["a:b"]),
            "host type networking can't be used with links",
        ),
        (
            ContainerConfig(),
            HostConfig(network_mode="container:c", dns=["1.1.1.1"]),
            "dns and the network mode",
        ),
        (
            ContainerConfig(),
            HostConfig(network_mode="container:c", port_bindings={"80": [PortBinding()]}),
            "port publishing and the container type network mode",
        ),
    ],
)
def test_options_that_exclude_each_other(
    config: ContainerConfig, host: HostConfig, words: str
) -> None:
    with pytest.raises(InvalidRequest, match=words):
        check_network_conflicts(config, host)


@pytest.mark.parametrize(
    ("host", "words"),
    [
        (HostConfig(storage_opt={"size": "1G"}), "--storage-opt is not supported"),
        (HostConfig(isolation="hyperv"), "linux only supports 'default'"),
    ],
)
def test_limits_that_nothing_would_enforce_are_refused(host: HostConfig, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words):
        check_host(host)


def test_the_default_isolation_is_no_wish() -> None:
    check_host(HostConfig(isolation="default", storage_opt={}))
