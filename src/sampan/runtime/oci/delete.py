"""`delete`: forgetting a container, and what the kernel still holds for it."""

import os
import signal
from contextlib import suppress

from sampan.errors import Conflict
from sampan.linux.pidfd import pidfd_send_signal
from sampan.runtime.oci import hooks
from sampan.runtime.oci.state import Record
from sampan.runtime.oci.wait import wait_for_end
from sampan.runtime.task import read_json


def delete(record: Record, *, force: bool) -> None:
    """Delete a stopped container; with force, or one never started, kill it first."""
    status = record.status()
    if status in {"running", "paused"} and not force:
        raise Conflict(f"cannot delete container {record.id} that is not stopped: {status}")
    if status != "stopped":
        with suppress(Conflict), record.pidfd() as pidfd:
            pidfd_send_signal(pidfd, signal.SIGKILL)
            if status == "paused":
                record.cgroup.thaw()
            wait_for_end(pidfd)
    with suppress(OSError):
        record.cgroup.kill()
    record.cgroup.remove()
    state = {**record.state(), "status": "stopped", "pid": 0}
    path = f"{record.document['bundle']}/config.json"
    spec = read_json(path) if os.path.exists(path) else {}
    record.remove()
    with suppress(OSError):
        # "the runtime MUST log a warning, but [continue]" (runtime.md, poststop).
        hooks.run((spec.get("hooks") or {}).get("poststop"), state)
