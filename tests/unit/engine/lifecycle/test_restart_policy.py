"""When a container that ended is started again."""

import pytest

from sampan.engine.lifecycle.restart_policy import again, at_daemon_start, backoff
from sampan.schema.host_config import RestartPolicy

ALWAYS = RestartPolicy(name="always")
UNLESS = RestartPolicy(name="unless-stopped")
FAILURE = RestartPolicy(name="on-failure")
TWICE = RestartPolicy(name="on-failure", maximum_retry_count=2)
NO = RestartPolicy(name="no")


def test_the_wait_doubles_up_to_a_minute() -> None:
    waits = [0.0]
    while len(waits) < 13:
        waits.append(backoff(waits[-1], ran=0.1))
    assert waits[1:4] == [0.1, 0.2, 0.4]
    assert waits[-1] == 60.0


def test_ten_seconds_of_running_start_over() -> None:
    assert backoff(12.8, ran=10.0) == 0.1


@pytest.mark.parametrize(
    ("policy", "code", "tries", "expected"),
    [
        (ALWAYS, 0, 99, True),
        (UNLESS, 0, 99, True),
        (FAILURE, 0, 0, False),
        (FAILURE, 1, 99, True),
        (TWICE, 1, 1, True),
        (TWICE, 1, 2, False),
        (NO, 1, 0, False),
        (RestartPolicy(), 1, 0, False),
    ],
)
def test_each_policy_decides_by_code_and_tries(
    policy: RestartPolicy, code: int, tries: int, expected
) -> None:
    assert again(policy, code, tries, stopped_by_user=False) is expected


@pytest.mark.parametrize("policy", [ALWAYS, UNLESS, FAILURE])
def test_who_was_stopped_stays_stopped(policy: RestartPolicy) -> None:
    assert not again(policy, 1, 0, stopped_by_user=True)


def test_a_new_daemon_starts_what_was_stopped_only_for_always() -> None:
    def starts(policy: RestartPolicy, *, stopped: bool, code: int = 1) -> bool:
        return at_daemon_start(policy, code, ever_started=True, stopped_by_user=stopped)

    assert starts(ALWAYS, stopped=True)
    assert not starts(UNLESS, stopped=True)
    assert starts(UNLESS, stopped=False)
    assert starts(FAILURE, stopped=False)
    assert not starts(FAILURE, stopped=False, code=0)


def test_what_was_only_created_is_not_started() -> None:
    assert not at_daemon_start(ALWAYS, 0, ever_started=False, stopped_by_user=False)
