"""A task's files, read once: config.json and task.json (sampan.runtime.messages)."""

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class Task:
    """What the monitor has to know of its container."""

    __slots__ = (
        "cgroup", "cols", "filter", "id", "init", "log", "open_stdin", "rootfs", "rows",
        "runtime", "spec", "spool_directory", "stdin_once", "terminal",
    )  # fmt: skip

    def __init__(self, spec: "dict[str, Any]", task: "dict[str, Any]", directory: str) -> None:
        self.spec = spec
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
        self.filter = read_file(task["seccomp"]) if task.get("seccomp") else b""
        log_path = self.log.get("path") or ""
        self.spool_directory = os.path.dirname(log_path) or directory

    @classmethod
    def read(cls, directory: str) -> "Task":
        """Read a task's directory."""
        spec = json.loads(read_file(f"{directory}/config.json"))
        return cls(spec, json.loads(read_file(f"{directory}/task.json")), directory)

    def forget_spec(self) -> None:
        """The program runs: what it was made from is memory for nothing."""
        self.spec = {}
        self.rootfs = []
        self.filter = b""


def read_file(path: str) -> bytes:
    """Read a small file of our own."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(fd).st_size
        return os.read(fd, size)
    finally:
        os.close(fd)
