"""What sampan-runtime remembers of a container between two calls.

    <root>/<id>/            mode 0711
    ├── state.json          see Record
    ├── start.sock          the child listens here until it is told to start
    └── <sha256>.bpf        the compiled seccomp filter

Status is never stored but looked up: it is what the process and the control group say.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

from sampan.cgroup.driver import Cgroup, from_dict
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.linux.pidfd import pidfd_open
from sampan.runtime import packets
from sampan.runtime.oci.defaults import OCI_VERSION
from sampan.runtime.task import read_json

START_SOCKET = "start.sock"
ALLOWED = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_+-.")


class Record:
    """One container on disk."""

    def __init__(self, root: str, container_id: str) -> None:
        # The id becomes a directory's name.
        if not container_id or set(container_id) - ALLOWED or container_id in {".", ".."}:
            raise InvalidRequest(f"invalid container ID format: {container_id!r}")
        self.id = container_id
        self.directory = f"{os.path.abspath(root)}/{container_id}"
        self.document: dict[str, Any] = {}

    @classmethod
    def load(cls, root: str, container_id: str) -> "Record":
        """Read the record of an existing container."""
        record = cls(root, container_id)
        try:
            record.document = read_json(f"{record.directory}/state.json")
        except FileNotFoundError:
            raise NotFound("container", container_id) from None
        return record

    def make(self) -> None:
        """Make the directory; Conflict when the id is taken."""
        os.makedirs(os.path.dirname(self.directory), mode=0o711, exist_ok=True)
        try:
            os.mkdir(self.directory, 0o711)
        except FileExistsError:
            raise Conflict(f"container with id exists: {self.id}") from None

    def save(self, **fields: object) -> None:
        """Write the record, old or new but never half."""
        self.document.update(fields)
        path = f"{self.directory}/state.json"
        with open(f"{path}.new", "wb") as file:
            file.write(packets.encode(self.document))
        os.rename(f"{path}.new", path)

    def remove(self) -> None:
        """Forget the container."""
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def pid(self) -> int:
        """The first process, whether it lives or not."""
        return int(self.document.get("pid") or 0)

    @property
    def cgroup(self) -> Cgroup:
        """The control group."""
        return from_dict(self.document["cgroup"])

    @property
    def start_socket(self) -> str:
        """Where the child waits to be started."""
        return f"{self.directory}/{START_SOCKET}"

    def is_alive(self) -> bool:
        """Whether the process still is the one that was started, and not a zombie."""
        started = process_status(self.pid)
        return bool(started) and started == self.document.get("started")

    def status(self) -> str:
        """Look up: created, running, paused or stopped."""
        if not self.is_alive():
            return "stopped"
        if os.path.exists(self.start_socket):
            return "created"
        with contextlib.suppress(OSError):
            if is_frozen(self.cgroup):
                return "paused"
        return "running"

    def state(self) -> dict[str, Any]:
        """Build the document of `state` (runtime-spec, runtime.md#state)."""
        status = self.status()
        return {
            "ociVersion": OCI_VERSION,
            "id": self.id,
            "pid": self.pid if status != "stopped" else 0,
            "status": status,
            "bundle": self.document["bundle"],
            "rootfs": self.document["rootfs"],
            "created": self.document["created"],
            "owner": "",
            "annotations": self.document.get("annotations") or {},
        }

    @contextlib.contextmanager
    def pidfd(self) -> Iterator[int]:
        """Hold the process by a descriptor; Conflict when it is gone."""
        fd = -1
        try:
            with contextlib.suppress(ProcessLookupError):
                fd = pidfd_open(self.pid) if self.pid else -1
            # Looked at after it was opened: the number may have been given to another.
            if fd < 0 or not self.is_alive():
                raise Conflict("container not running")
            yield fd
        finally:
            if fd >= 0:
                os.close(fd)


def process_status(pid: int) -> str:
    """Return when a process was started, in the kernel's ticks; "" for none and for zombies."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return ""
    return "" if fields[0] in {"Z", "X"} else fields[19]


def is_frozen(group: Cgroup) -> bool:
    """Whether the freezer holds a group."""
    for directory in group.paths().values():
        for name, mark in (("freezer.state", "FROZEN"), ("cgroup.freeze", "1")):
            try:
                with open(f"{directory}/{name}", encoding="utf-8") as file:
                    if file.read().strip() == mark:
                        return True
            except OSError:
                continue
    return False


def all_records(root: str) -> list[Record]:
    """Every container that is remembered below root."""
    try:
        names = sorted(os.listdir(root))
    except FileNotFoundError:
        return []
    found = []
    for name in names:
        with contextlib.suppress(NotFound, InvalidRequest):
            found.append(Record.load(root, name))
    return found

