"""Control groups for tests: a group of one's own, gone afterwards, and programs inside it."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sampan.cgroup.driver import Cgroup, Hierarchy

_numbers = itertools.count()
_started: dict[int, list[subprocess.Popen]] = {}


@contextmanager
def group_in(hierarchy: Hierarchy) -> Iterator[Cgroup]:
    """A group that does not exist yet, and will not exist any more, nor what ran inside."""
    # One parent for all: shares count among siblings.
    parent = f"/sampan-test-{os.getpid()}"
    group = hierarchy.group(f"{parent}/{next(_numbers)}")
    try:
        yield group
    finally:
        group.kill()
        for process in _started.pop(id(group), []):
            finish(process)
        group.remove()
        for directory in hierarchy.group(parent).paths().values():
            # Refused while a sibling is there; the last one takes it along.
            with suppress(OSError):
                os.rmdir(directory)


def run_inside(group: Cgroup, code: str, **options) -> subprocess.Popen:
    """Start Python code inside the group."""
    process = subprocess.Popen(
        [sys.executable, "-ISc", code],
        preexec_fn=group.join_self,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **options,
    )
    _started.setdefault(id(group), []).append(process)
    return process


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    """Wait for the end; return status and output."""
    if process.stdout.closed:
        return process.returncode, "", ""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err
