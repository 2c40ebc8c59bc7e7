"""Looking at (and writing into) a snapshot's tree from the daemon, leaving nothing mounted.

    with opened([Mount, ...]) as root_fd    the mounts are made, and undone at the end
    view([Mount, ...], fn)                  the same as a call: returns fn(root_fd)

One mount is made detached, where the kernel can. Several (a container with its volumes), or an old
kernel, take a thread with a mount namespace of its own, which dies with the thread: also when the
daemon is killed in between. Inside the tree go by openat2(2) or dirfd walks only.
"""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from sampan.linux import mounts as kernel
from sampan.linux.flags import CLONE_FS, CLONE_NEWNS, MS_REC, MS_SLAVE
from sampan.linux.namespaces import unshare
from sampan.runtime.rootfs import execute
from sampan.runtime.rootfs.mounts import plan_one
from sampan.runtime.rootfs.tree import Tree
from sampan.storage import detached, tree
from sampan.storage.driver import Mount

Result = TypeVar("Result")

# Any directory that is on every machine: it is covered in the thread's own namespace only.
PLACE = "/sys"


def view(mounts: Sequence[Mount], fn: Callable[[int], Result]) -> Result:
    """Make the mounts, call fn with a descriptor of the root, undo everything."""
    with opened(mounts) as root_fd:
        return fn(root_fd)


@contextmanager
def opened(mounts: Sequence[Mount]) -> Iterator[int]:
    """Make the mounts; give a descriptor of the root that is good until the end."""
    if len(mounts) == 1:
        try:
            mount_fd = detached.mount(mounts[0])
        except detached.NotDetachable:
            pass
        else:
            try:
                # fsmount(2) gives a descriptor that only names the root; callers list it too.
                root_fd = tree.open_directory(".", mount_fd)
                try:
                    yield root_fd
                finally:
                    os.close(root_fd)
            finally:
                os.close(mount_fd)
            return
    with _Namespace(mounts) as root_fd:
        yield root_fd


class _Namespace:
    """A thread with a mount namespace of its own, holding it while others use the root."""

    def __init__(self, mounts: Sequence[Mount]) -> None:
        self._mounts = mounts
        self._root_fd = -1
        self._error: BaseException | None = None
        self._ready = threading.Event()
        self._leave = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampan-view", daemon=True)

    def __enter__(self) -> int:
        self._thread.start()
        self._ready.wait()
        if self._error is not None:
            self._thread.join()
            raise self._error
        return self._root_fd

    def __exit__(self, *exc: object) -> None:
        os.close(self._root_fd)
        self._leave.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            # CLONE_FS: a namespace of mounts needs a root and working directory of its own.
            unshare(CLONE_FS | CLONE_NEWNS)
            kernel.mount("", "/", flags=MS_REC | MS_SLAVE)
            self._root_fd = _mounted(self._mounts)
        except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
            self._error = error
            return
        finally:
            self._ready.set()
        self._leave.wait()


def _mounted(mounts: Sequence[Mount]) -> int:
    root, *inner = mounts
    execute.mount_at(plan_one(_entry(root)), PLACE)
    root_fd = tree.open_directory(PLACE)
    try:
        root_tree = Tree(root_fd)
        for step in inner:
            execute.mount(root_tree, plan_one(_entry(step)))
    except BaseException:
        os.close(root_fd)
        raise
    return root_fd


def _entry(step: Mount) -> dict[str, object]:
    """A mount in the words of the OCI spec, which the runtime's planner reads."""
    return {
        "type": step.type,
        "source": step.source,
        "destination": step.target,
        "target": step.target,
        "options": step.options,
    }
