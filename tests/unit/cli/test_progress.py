"""Progress: bars on a terminal, lines elsewhere."""

import os

import pytest

from sampan.cli.errors import CommandError
from sampan.cli.output import Output
from sampan.cli.progress import bar, show

PULL = [
    {"status": "Pulling from library/x", "id": "latest"},
    {"status": "Downloading", "id": "l1", "progressDetail": {"current": 5, "total": 10}},
    {"status": "Downloading", "id": "l1", "progressDetail": {"current": 9, "total": 10}},
    {"status": "Download complete", "id": "l1", "progressDetail": {}},
    {"status": "Status: Downloaded"},
]


def piped(messages):
    reading, writing = os.pipe2(os.O_CLOEXEC)
    try:
        show(Output(writing), messages)
        os.close(writing)
        return os.read(reading, 100000).decode()
    finally:
        os.close(reading)


def test_piped_progress_is_a_line_for_each_change():
    assert (
        piped(PULL) == "latest: Pulling from library/x\nl1: Download complete\nStatus: Downloaded\n"
    )


def test_text_of_the_daemon_is_passed_on():
    assert piped([{"stream": "Loaded image: x\n"}, {"aux": {"ID": "y"}}]) == "Loaded image: x\n"


def test_a_failure_ends_it():
    with pytest.raises(CommandError, match="it broke"):
        show(Output(1), [{"error": "it broke", "errorDetail": {"message": "it broke"}}])


@pytest.mark.parametrize(
    ("detail", "columns", "text"),
    [
        ({}, 200, ""),
        ({"current": 5_000_000, "total": 10_000_000}, 80, "5MB/10MB"),
        ({"current": 5, "total": 10}, 200, f"[{'=' * 25}>{' ' * 25}]  5B/10B"),
        ({"current": 10, "total": 10}, 200, f"[{'=' * 50}>]  10B/10B"),
        ({"current": 5_000_000}, 200, "5MB"),
        ({"current": 3, "total": 9, "units": "layers"}, 80, "3/9 layers"),
    ],
)
def test_bars_fit_their_room(detail, columns, text):
    assert bar(detail, columns) == text
