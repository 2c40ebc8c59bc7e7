"""The child of a container from a bundle: as any other, but nobody stands by it.

It waits for `start` on a socket in the state directory, runs the hooks that have their
place inside, and outlives whoever created it.
"""

import os
from _socket import socket

from sampan.runtime import packets, progress, stages
from sampan.runtime.init import Container
from sampan.runtime.oci import hooks
from sampan.runtime.rootfs import devices
from sampan.runtime.task import Task

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class BundleContainer(Container):
    """A container that waits for `start` on its own."""

    def __init__(self, task: Task, listener: socket, state: "dict[str, Any]") -> None:
        super().__init__(task, (0, 1, 2))
        resources = self.spec["linux"].setdefault("resources", {})
        if resources.get("devices"):
            resources["devices"] = [*resources["devices"], *devices.ALLOWED]
        self._listener = listener
        self._state = state

    def tell_created(self, at: progress.Progress) -> None:
        """Let the hooks outside run before anything is mounted."""
        at.ask(progress.CREATED)

    def root_built(self, at: progress.Progress) -> None:
        """Run the hooks of the container's namespaces, whose files are the host's."""
        wanted = (self.spec.get("hooks") or {}).get("createContainer")
        if wanted:
            at.at(stages.HOOK, "createContainer")
            hooks.run(wanted, {**self._state, "pid": os.getpid(), "status": "creating"})

    def wait_for_start(self, at: progress.Progress) -> None:
        """Wait until `start` connects; from then on it is the one to be told."""
        at.tell(progress.READY)
        at.sock.close()
        fd, _ = self._listener._accept()  # type: ignore[attr-defined]  # noqa: SLF001
        self._listener.close()
        at.sock = packets.from_fd(fd)
        wanted = (self.spec.get("hooks") or {}).get("startContainer")
        if wanted:
            at.at(stages.HOOK, "startContainer")
            hooks.run(wanted, {**self._state, "pid": os.getpid(), "status": "created"})
