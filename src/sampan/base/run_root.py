"""The run root, drawn once: what lives as long as the machine is up.

Makes paths, not files.

    <exec-root>/                     /run/sampan, mode 0711
    ├── tasks/<container id>/        one running container, mode 0700
    │   ├── config.json              OCI runtime spec, as given to the runtime
    │   ├── task.json                what the spec has no words for (sampan.runtime.messages.Task)
    │   ├── monitor.sock             the monitor's control socket
    │   ├── exit.json                exit record, written by the monitor (write, rename)
    │   └── exec/<exec id>/          process.json of one exec
    ├── seccomp/<sha256>.bpf         compiled filters
    └── volatile/                    scratch on tmpfs; emptied at start
"""

DEFAULT = "/run/sampan"
DEFAULT_SOCKET = "/run/sampan.sock"
DEFAULT_PIDFILE = "/run/sampan.pid"


class RunRoot:
    """Paths below one exec root."""

    def __init__(self, path: str = DEFAULT) -> None:
        self.path = path
        self.tasks = f"{path}/tasks"
        self.seccomp = f"{path}/seccomp"
        self.volatile = f"{path}/volatile"

    def task(self, container_id: str) -> str:
        """Directory of one running container (an OCI bundle)."""
        return f"{self.tasks}/{container_id}"

    def exec(self, container_id: str, exec_id: str) -> str:
        """Directory of one exec."""
        return f"{self.tasks}/{container_id}/exec/{exec_id}"
