"""The State document's changes, one function per turn of a container's life. Pure."""

from sampan.base.clock import ZERO, now
from sampan.schema.container import Health, State


def started(state: State, pid: int, at: str, *, health: bool) -> None:
    """The program runs."""
    state.status = "running"
    state.running = True
    state.paused = state.restarting = state.oom_killed = state.dead = False
    state.pid = pid
    state.exit_code = 0
    state.error = ""
    state.started_at = at or now()
    state.finished_at = state.finished_at or ZERO
    state.health = Health() if health else None


def ended(state: State, exit_code: int, at: str, *, oom: bool) -> None:
    """The program ended."""
    state.status = "exited"
    state.running = state.paused = state.restarting = False
    state.pid = 0
    state.exit_code = exit_code
    state.oom_killed = oom
    state.finished_at = at or now()


def restarting(state: State) -> None:
    """The program ended and will be started again. Docker shows it as running meanwhile."""
    state.status = "restarting"
    state.running = True
    state.restarting = True


def failed(state: State, exit_code: int, error: str) -> None:
    """The program could not be started."""
    state.status = "created" if state.started_at == ZERO else "exited"
    state.running = state.restarting = state.paused = False
    state.pid = 0
    state.exit_code = exit_code
    state.error = error


def paused(state: State) -> None:
    """All processes are frozen."""
    state.status = "paused"
    state.paused = True


def unpaused(state: State) -> None:
    """All processes go on."""
    state.status = "running"
    state.paused = False


def dead(state: State) -> None:
    """Removal failed half way."""
    state.status = "dead"
    state.dead = True
