"""--security-opt, signals, namespaces."""

import pytest

from sampan.engine.spec.namespaces import Sharing, check_modes, namespaces
from sampan.engine.spec.security import MASKED, READONLY, hidden, parse
from sampan.engine.spec.signals import number
from sampan.errors import InvalidRequest
from sampan.schema.host_config import HostConfig


def test_options_in_both_spellings() -> None:
    found = parse(["seccomp=unconfined", "no-new-privileges:true", "label:disable", "apparmor=x"])
    assert found.seccomp == "unconfined"
    assert found.no_new_privileges
    assert found.label == ("disable",)
    assert found.apparmor == "x"


def test_builtin_is_the_default_profile() -> None:
    assert parse(["seccomp=builtin"]).seccomp == ""


@pytest.mark.parametrize("option", ["what", "what=1", "no-new-privileges=maybe"])
def test_unknown_options_are_refused(option: str) -> None:
    with pytest.raises(InvalidRequest, match="invalid --security-opt"):
        parse([option])


def test_privileged_hides_nothing_unless_asked() -> None:
    assert hidden(None, None, privileged=True) == ([], [])
    assert hidden(None, None, privileged=False) == (MASKED, READONLY)
    assert hidden([], [], privileged=False) == ([], [])


@pytest.mark.parametrize(
    ("text", "value"),
    [("KILL", 9), ("SIGKILL", 9), ("sigterm", 15), ("9", 9), ("RTMIN+3", 37), ("SIGRTMAX-1", 63)],
)
def test_signals_by_name_and_number(text: str, value: int) -> None:
    assert number(text) == value


@pytest.mark.parametrize("text", ["", "0", "65", "FOO", "SIG", "RTMIN-1", "RTMIN+99", "-9", "9x"])
def test_no_such_signal(text: str) -> None:
    with pytest.raises(InvalidRequest, match="Invalid signal: "):
        number(text)


def kinds(host: HostConfig, sharing: Sharing | None = None) -> dict[str, str]:
    sharing = sharing or Sharing()
    return {each["type"]: each.get("path", "") for each in namespaces(host, sharing)}


def test_everything_is_its_own_by_default() -> None:
    assert set(kinds(HostConfig())) == {"mount", "network", "ipc", "pid", "uts", "cgroup"}


def test_the_hosts_are_left_out() -> None:
    host = HostConfig(
        network_mode="host", ipc_mode="host", pid_mode="host", uts_mode="host", cgroupns_mode="host"
    )
    assert set(kinds(host)) == {"mount"}


def test_a_containers_is_joined_by_path() -> None:
    host = HostConfig(network_mode="container:web", pid_mode="container:web")
    found = kinds(host, Sharing(network=7, pid=7))
    assert found["network"] == "/proc/7/ns/net"
    assert found["pid"] == "/proc/7/ns/pid"


@pytest.mark.parametrize(
    "host",
    [
        HostConfig(ipc_mode="what"),
        HostConfig(pid_mode="private"),
        HostConfig(uts_mode="container:x"),
        HostConfig(network_mode="container:"),
        HostConfig(cgroupns_mode="x"),
    ],
)
def test_modes_are_checked(host: HostConfig) -> None:
    with pytest.raises(InvalidRequest):
        check_modes(host)
