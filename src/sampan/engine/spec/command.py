"""How a container's config comes from the caller's wishes and the image's config."""

from collections.abc import Mapping
from typing import Any

import msgspec

from sampan.engine.spec import env
from sampan.errors import InvalidRequest
from sampan.schema.container_config import ContainerConfig, HealthConfig


def settle(wish: ContainerConfig, image: Mapping[str, Any]) -> ContainerConfig:
    """Return a new config: the caller's wish, with what it leaves open taken from the image."""
    entrypoint, cmd = _program(wish, image)
    if not entrypoint and not cmd:
        raise InvalidRequest("no command specified")
    return msgspec.structs.replace(
        wish,
        user=wish.user or image.get("User") or "",
        exposed_ports=_union(image.get("ExposedPorts"), wish.exposed_ports),
        env=env.below(wish.env, image.get("Env")),
        entrypoint=entrypoint,
        cmd=cmd,
        labels={**(image.get("Labels") or {}), **(wish.labels or {})},
        working_dir=wish.working_dir or image.get("WorkingDir") or "",
        volumes=_union(image.get("Volumes"), wish.volumes),
        healthcheck=_health(wish.healthcheck, image.get("Healthcheck")),
        stop_signal=wish.stop_signal or image.get("StopSignal") or "",
        stop_timeout=wish.stop_timeout,
        shell=wish.shell or image.get("Shell") or None,
    )


def _program(
    wish: ContainerConfig, image: Mapping[str, Any]
) -> tuple[list[str] | None, list[str] | None]:
    """Settle entrypoint and cmd: an entrypoint of one's own hides the image's cmd."""
    entrypoint, cmd = wish.entrypoint, wish.cmd
    if not entrypoint:
        cmd = cmd or image.get("Cmd") or None
        if entrypoint is None:
            entrypoint = image.get("Entrypoint") or None
    # [""] is how the client says "no entrypoint at all".
    if entrypoint == [""]:
        entrypoint = None
    return entrypoint or None, cmd


def arguments(config: ContainerConfig) -> list[str]:
    """Return the program and its arguments."""
    return [*(config.entrypoint or ()), *(config.cmd or ())]


def _union(image: Mapping[str, Any] | None, wish: Mapping[str, Any] | None) -> Any:  # noqa: ANN401
    return {**(image or {}), **(wish or {})} or None


def _health(wish: HealthConfig | None, image: Mapping[str, Any] | None) -> HealthConfig | None:
    """Fill the open fields of a health check from the image's."""
    if not image:
        return wish
    base = msgspec.convert(image, HealthConfig)
    if wish is None:
        return base
    return HealthConfig(
        test=wish.test or base.test,
        interval=wish.interval or base.interval,
        timeout=wish.timeout or base.timeout,
        start_period=wish.start_period or base.start_period,
        start_interval=wish.start_interval or base.start_interval,
        retries=wish.retries or base.retries,
    )
