"""A container's config from wishes and the image's config."""

import pytest

from sampan.engine.spec.command import arguments, settle
from sampan.errors import InvalidRequest
from sampan.schema.container_config import ContainerConfig, HealthConfig

IMAGE = {
    "Entrypoint": ["/entry"],
    "Cmd": ["default"],
    "Env": ["A=image", "B=image"],
    "Labels": {"x": "image", "y": "image"},
    "WorkingDir": "/srv",
    "User": "bob",
    "ExposedPorts": {"80/tcp": {}},
    "Volumes": {"/data": {}},
    "StopSignal": "SIGQUIT",
    "Healthcheck": {"Test": ["CMD", "true"], "Interval": 5_000_000_000, "Retries": 2},
}


def test_nothing_asked_for_is_the_image() -> None:
    config = settle(ContainerConfig(), IMAGE)
    assert arguments(config) == ["/entry", "default"]
    assert (config.user, config.working_dir, config.stop_signal) == ("bob", "/srv", "SIGQUIT")
    assert config.exposed_ports == {"80/tcp": {}}
    assert config.volumes == {"/data": {}}


def test_a_command_replaces_cmd_and_keeps_the_entrypoint() -> None:
    assert arguments(settle(ContainerConfig(cmd=["x", "y"]), IMAGE)) == ["/entry", "x", "y"]


def test_an_entrypoint_hides_the_images_cmd() -> None:
    assert arguments(settle(ContainerConfig(entrypoint=["/mine"]), IMAGE)) == ["/mine"]


def test_an_empty_entrypoint_takes_it_away() -> None:
    config = settle(ContainerConfig(entrypoint=[""], cmd=["x"]), IMAGE)
    assert config.entrypoint is None
    assert arguments(config) == ["x"]


def test_no_command_at_all_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="no command specified"):
        settle(ContainerConfig(), {})


def test_own_variables_come_first_and_win() -> None:
    config = settle(ContainerConfig(env=["A=mine"]), IMAGE)
    assert config.env == ["A=mine", "B=image"]


def test_own_labels_win() -> None:
    config = settle(ContainerConfig(labels={"x": "mine"}), IMAGE)
    assert config.labels == {"x": "mine", "y": "image"}


def test_a_health_check_fills_its_gaps_from_the_image() -> None:
    config = settle(ContainerConfig(healthcheck=HealthConfig(retries=9)), IMAGE)
    assert config.healthcheck == HealthConfig(
        test=["CMD", "true"], interval=5_000_000_000, retries=9
    )
