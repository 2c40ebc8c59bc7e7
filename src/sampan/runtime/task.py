"""A task's files: config.json and task.json (sampan.runtime.messages)."""

import os

from sampan.runtime import packets

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Task:
    """What task.json says."""

    __slots__ = (
        "cgroup", "cols", "detached", "directory", "id", "init", "log", "no_keyring", "no_pivot",
        "open_stdin", "rootfs", "rows", "runtime", "seccomp", "spool_directory", "stdin_once",
        "terminal",
    )  # fmt: skip

    def __init__(self, task: "dict[str, Any]", directory: str) -> None:
        self.directory = directory
        self.id: str = task["id"]
        self.terminal = bool(task.get("terminal"))
        self.rows: int = task.get("rows") or 0
        self.cols: int = task.get("cols") or 0
        self.open_stdin = bool(task.get("open_stdin"))
        self.stdin_once = bool(task.get("stdin_once"))
        self.rootfs: list[dict[str, Any]] = task.get("rootfs") or []
        self.cgroup: dict[str, Any] = task.get("cgroup") or {}
        self.log: dict[str, Any] = task.get("log") or {}
        self.init: str = task.get("init") or ""
        self.runtime: str = task.get("runtime") or ""
        self.seccomp: str = task.get("seccomp") or ""
        # For OCI bundles, whose starter does not stand by.
        self.detached = bool(task.get("detached"))
        self.no_pivot = bool(task.get("no_pivot"))
        self.no_keyring = bool(task.get("no_keyring"))
        log_path = self.log.get("path") or ""
        self.spool_directory = os.path.dirname(log_path) or directory

    @classmethod
    def read(cls, directory: str) -> "Task":
        """Read task.json of a task's directory."""
        return cls(read_json(f"{directory}/task.json"), directory)

    def read_spec(self) -> "dict[str, Any]":
        """Read config.json beside it."""
        return read_json(f"{self.directory}/config.json")


def read_json(path: str) -> "dict[str, Any]":
    """Read a document of our own."""
    return packets.decode(read_file(path))


def read_file(path: str) -> bytes:
    """Read a small file of our own."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(fd).st_size
        return os.read(fd, size)
    finally:
        os.close(fd)
