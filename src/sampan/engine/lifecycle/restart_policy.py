"""Whether and when a container that ended is started again. Pure.

moby, restartmanager: 100 ms, doubled up to a minute, from the beginning after 10 s of running.
"""

from sampan.schema.host_config import RestartPolicy

FIRST = 0.1
LONGEST = 60.0
LONG_ENOUGH = 10.0


def backoff(before: float, ran: float) -> float:
    """Return how long to wait, given the last wait and how long the container ran."""
    if not before or ran >= LONG_ENOUGH:
        return FIRST
    return min(before * 2, LONGEST)


def again(policy: RestartPolicy, exit_code: int, tries: int, *, stopped_by_user: bool) -> bool:
    """Whether to start a container again that ended while the daemon was there."""
    if stopped_by_user:
        return False
    match policy.name:
        case "always" | "unless-stopped":
            return True
        case "on-failure":
            most = policy.maximum_retry_count
            return exit_code != 0 and (not most or tries < most)
    return False


def at_daemon_start(
    policy: RestartPolicy, exit_code: int, *, ever_started: bool, stopped_by_user: bool
) -> bool:
    """Whether to start a container that is not running when the daemon starts."""
    if not ever_started:
        return False
    match policy.name:
        case "always":
            return True
        case "unless-stopped":
            return not stopped_by_user
        case "on-failure":
            return exit_code != 0 and not stopped_by_user
    return False
