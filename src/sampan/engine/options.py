"""What the engine is told at its start. Reading files and flags is the daemon's business."""

import msgspec

from sampan.base import data_root, run_root
from sampan.base.data_root import DataRoot
from sampan.base.run_root import RunRoot


class Options(msgspec.Struct, kw_only=True):
    """Settings of one engine; names follow dockerd's options."""

    data_root: str = data_root.DEFAULT
    exec_root: str = run_root.DEFAULT
    name: str = ""  # host name shown in info; the machine's own when empty
    labels: list[str] = msgspec.field(default_factory=list)
    debug: bool = False
    hosts: list[str] = msgspec.field(default_factory=list)

    # network
    bridge: str = ""  # name of the default bridge device; "none" for no default network
    bip: str = ""
    fixed_cidr: str = ""
    mtu: int = 1500
    ip: str = "0.0.0.0"  # Docker's default address of published ports
    ipv6: bool = False
    icc: bool = True
    userland_proxy: bool = True
    dns: list[str] = msgspec.field(default_factory=list)
    dns_opts: list[str] = msgspec.field(default_factory=list)
    dns_search: list[str] = msgspec.field(default_factory=list)
    default_address_pools: list[dict[str, str | int]] = msgspec.field(default_factory=list)

    # containers
    storage_driver: str = ""
    log_driver: str = "json-file"
    log_opts: dict[str, str] = msgspec.field(default_factory=dict)
    cgroup_parent: str = ""
    default_cgroupns_mode: str = ""
    default_ipc_mode: str = "private"
    default_shm_size: int = 64 << 20
    default_ulimits: list[dict[str, str | int]] = msgspec.field(default_factory=list)
    default_runtime: str = "sampan"
    runtimes: dict[str, list[str]] = msgspec.field(default_factory=dict)
    init: bool = False
    init_path: str = ""
    no_new_privileges: bool = False
    seccomp_profile: str = ""
    shutdown_timeout: int = 15
    live_restore: bool = True

    # registries
    insecure_registries: list[str] = msgspec.field(default_factory=list)
    registry_mirrors: list[str] = msgspec.field(default_factory=list)

    def data(self) -> DataRoot:
        """Paths below the data root."""
        return DataRoot(self.data_root)

    def run(self) -> RunRoot:
        """Paths below the run root."""
        return RunRoot(self.exec_root)
