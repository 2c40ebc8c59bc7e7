"""Removing the directories of a group, with patience for those who are still dying in it."""

import errno
import os

from sampan.cgroup import interface
from sampan.cgroup.waiting import wait_until

# A killed task leaves its group some time after its parent has seen it end.
PATIENCE = 5.0


def remove_tree(directory: str) -> None:
    """Remove a group and the groups below it; nothing to do when it is gone."""
    if _rmdir(directory):
        return
    for group in interface.below(directory):
        if not wait_until(lambda group=group: _rmdir(group), PATIENCE):  # type: ignore[misc]
            inside = ", ".join(map(str, interface.pids(group))) or "none"
            raise OSError(
                errno.EBUSY, f"cannot remove control group, processes inside: {inside}", group
            )


def _rmdir(directory: str) -> bool:
    try:
        os.rmdir(directory)
    except FileNotFoundError:
        return True
    except OSError as error:
        if error.errno != errno.EBUSY:
            raise
        return False
    return True
