"""Mounts: as wished for (`--mount`), and as they came to be (MountPoint in inspect)."""

from msgspec import field

from sampan.schema.wire import Document


class BindOptions(Document, omit_defaults=True):
    """Options of a bind mount."""

    propagation: str = ""
    non_recursive: bool = False
    create_mountpoint: bool = False
    read_only_non_recursive: bool = False
    read_only_force_recursive: bool = False


class DriverConfig(Document, omit_defaults=True):
    """A volume driver and its options."""

    name: str = ""
    options: dict[str, str] | None = None


class VolumeOptions(Document, omit_defaults=True):
    """Options of a volume mount."""

    no_copy: bool = False
    labels: dict[str, str] | None = None
    driver_config: DriverConfig | None = None
    subpath: str = ""


class TmpfsOptions(Document, omit_defaults=True):
    """Options of a tmpfs mount."""

    size_bytes: int = 0
    mode: int = 0
    options: list[list[str]] | None = None


class Mount(Document, omit_defaults=True):
    """One mount as wished for in HostConfig.Mounts."""

    type: str = ""
    source: str = ""
    target: str = ""
    read_only: bool = False
    consistency: str = ""
    bind_options: BindOptions | None = None
    volume_options: VolumeOptions | None = None
    tmpfs_options: TmpfsOptions | None = None


class MountPoint(Document):
    """One mount of a container as it came to be; `Mounts` in inspect and ps."""

    type: str = ""
    name: str = ""
    source: str = ""
    destination: str = ""
    driver: str = ""
    mode: str = ""
    rw: bool = field(default=True, name="RW")
    propagation: str = ""
