"""Control groups for tests: a group of one's own, gone afterwards, and programs inside it."""

import itertools
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from sampan.cgroup.driver import Cgroup, Hierarchy
from sampan.cgroup.removal import remove_tree

_numbers = itertools.count()
_started: list[subprocess.Popen] = []


@contextmanager
def group_in(hierarchy: Hierarchy) -> Iterator[Cgroup]:
    """A group that does not exist yet, and will not exist any more, nor what ran inside."""
    parent = f"/sampan-test-{os.getpid()}"
    group = hierarchy.group(f"{parent}/{next(_numbers)}")
    try:
        yield group
    finally:
        group.kill()
        while _started:
            finish(_started.pop())
        group.remove()
        for directory in hierarchy.group(parent).paths().values():
            remove_tree(directory)


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
    _started.append(process)
    return process


def finish(process: subprocess.Popen) -> tuple[int, str, str]:
    """Wait for the end; return status and output."""
    if process.stdout.closed:
        return process.returncode, "", ""
    out, err = process.communicate(timeout=60)
    return process.returncode, out, err
