"""Health checks: run the test now and then, and keep Docker's Health document true."""

import asyncio
import os
import signal
import socket
from contextlib import suppress

from sampan.base import clock, ids
from sampan.engine.lifecycle import exec_launch
from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import Handle
from sampan.errors import SampanError
from sampan.linux.pidfd import pidfd_send_signal
from sampan.schema.container import ExecCreate, HealthResult
from sampan.schema.container_config import HealthConfig
from sampan.state.containers import Container
from sampan.state.execs import Exec

SECOND = clock.NANO
INTERVAL = TIMEOUT = 30 * SECOND
START_INTERVAL = 5 * SECOND
RETRIES = 3
MAX_OUTPUT = 4096
MAX_RESULTS = 5
TIMED_OUT = -1


def is_wanted(container: Container) -> bool:
    """Whether a container has a health check."""
    config = container.config.healthcheck
    test = (config.test if config is not None else None) or [""]
    return test[0] not in {"NONE", ""}


def start(engine: Stores, container: Container) -> None:
    """Check a container's health for as long as it runs."""
    if is_wanted(container):
        live = engine.live(container.id)
        live.health = engine.background.start(
            _watch(engine, container), name=f"health of {container.id[:12]}"
        )


async def _watch(engine: Stores, container: Container) -> None:
    config = container.config.healthcheck
    assert config is not None
    while True:
        await asyncio.sleep(_pause(container, config))
        if container.state.paused:
            continue
        result = await check(engine, container, config)
        if not container.state.running:
            return
        book(engine, container, config, result)


def _pause(container: Container, config: HealthConfig) -> float:
    """Return how long to wait before the next check."""
    interval = config.interval or INTERVAL
    health = container.state.health
    if health is not None and health.status == "starting" and _starting(container, config):
        interval = min(interval, config.start_interval or START_INTERVAL)
    return interval / SECOND


def _starting(container: Container, config: HealthConfig) -> bool:
    age = clock.nanoseconds(clock.now()) - clock.nanoseconds(container.state.started_at)
    return age < config.start_period


async def check(engine: Stores, container: Container, config: HealthConfig) -> HealthResult:
    """Run the test once."""
    began = clock.now()
    ours, theirs = socket.socketpair()
    each = Exec(
        id=ids.new_id(),
        container_id=container.id,
        request=ExecCreate(cmd=command(container, config), attach_stdout=True, attach_stderr=True),
    )
    with ours:
        ours.settimeout(0)
        try:
            handle = await exec_launch.launch(engine, container, each, stream=theirs)
        except (SampanError, OSError) as error:
            return HealthResult(start=began, end=clock.now(), exit_code=-1, output=str(error))
        try:
            async with asyncio.timeout((config.timeout or TIMEOUT) / SECOND):
                output = await _read(ours)
                how = await handle.exited
                code = how.exit_code
        except TimeoutError:
            _kill(handle)
            code = TIMED_OUT
            seconds = (config.timeout or TIMEOUT) / SECOND
            output = f"Health check exceeded timeout ({seconds:g}s)".encode()
    return HealthResult(
        start=began, end=clock.now(), exit_code=code, output=output.decode(errors="replace")
    )


def command(container: Container, config: HealthConfig) -> list[str]:
    """Return the words of a test."""
    assert config.test is not None
    kind, *words = config.test
    if kind == "CMD-SHELL":
        return [*(container.config.shell or ["/bin/sh", "-c"]), *words]
    return words


async def _read(sock: socket.socket) -> bytes:
    """Read frames to their end; keep the beginning of what is in them."""
    loop = asyncio.get_running_loop()
    kept = bytearray()
    buffer = bytearray()
    while data := await loop.sock_recv(sock, 65536):
        buffer += data
        while len(buffer) >= 8:
            size = int.from_bytes(buffer[4:8], "big")
            if len(buffer) < 8 + size:
                break
            kept += buffer[8 : 8 + size][: max(0, MAX_OUTPUT - len(kept))]
            del buffer[: 8 + size]
    return bytes(kept)


def _kill(handle: Handle) -> None:
    with suppress(OSError):
        if handle.pidfd >= 0:
            pidfd_send_signal(handle.pidfd, signal.SIGKILL)
        elif handle.pid:
            os.kill(handle.pid, signal.SIGKILL)


def book(engine: Stores, container: Container, config: HealthConfig, result: HealthResult) -> None:
    """Put a result into the Health document, and tell when the status turns."""
    health = container.state.health
    if health is None:
        return
    before = health.status
    health.log = [*health.log, result][-MAX_RESULTS:]
    if result.exit_code == 0:
        health.failing_streak = 0
        health.status = "healthy"
    elif not (health.status == "starting" and _starting(container, config)):
        health.failing_streak += 1
        if health.failing_streak >= (config.retries or RETRIES):
            health.status = "unhealthy"
    if health.status != before:
        engine.containers.save(container)
        engine.events.container(container, f"health_status: {health.status}")
