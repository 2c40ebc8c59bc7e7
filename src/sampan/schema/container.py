"""Requests on containers and execs, and the State document."""

from msgspec import field

from sampan.base.clock import ZERO
from sampan.schema.container_config import ContainerConfig
from sampan.schema.host_config import HostConfig, Resources, RestartPolicy
from sampan.schema.network import NetworkingConfig
from sampan.schema.wire import Document


class ContainerCreate(ContainerConfig):
    """POST /containers/create: the config, and beside it the two others."""

    host_config: HostConfig | None = None
    networking_config: NetworkingConfig | None = None


class ContainerUpdate(Resources):
    """POST /containers/{id}/update."""

    restart_policy: RestartPolicy | None = None


class HealthResult(Document):
    """One finished health check."""

    start: str = ""
    end: str = ""
    exit_code: int = 0
    output: str = ""


class Health(Document):
    """The health of a container that has a health check."""

    status: str = "starting"
    failing_streak: int = 0
    log: list[HealthResult] = field(default_factory=list)


class State(Document):
    """State in inspect."""

    status: str = "created"
    running: bool = False
    paused: bool = False
    restarting: bool = False
    oom_killed: bool = field(default=False, name="OOMKilled")
    dead: bool = False
    pid: int = 0
    exit_code: int = 0
    error: str = ""
    started_at: str = ZERO
    finished_at: str = ZERO
    health: Health | None = None


class ExecCreate(Document):
    """POST /containers/{id}/exec."""

    user: str = ""
    privileged: bool = False
    tty: bool = False
    console_size: list[int] | None = None
    attach_stdin: bool = False
    attach_stdout: bool = False
    attach_stderr: bool = False
    detach_keys: str = ""
    env: list[str] | None = None
    working_dir: str = ""
    cmd: list[str] | None = None


class ExecStart(Document):
    """POST /exec/{id}/start."""

    detach: bool = False
    tty: bool = False
    console_size: list[int] | None = None
