"""Mounts as users write them: `-v`, `--mount`, `--volumes-from`. Pure: looks at no path."""

import os.path
from typing import NamedTuple

from sampan.errors import InvalidRequest
from sampan.schema.mount import Mount, MountPoint

PROPAGATION = frozenset({"shared", "rshared", "slave", "rslave", "private", "rprivate"})
# Words of `-v a:b:mode` beside propagation. Labels and consistency ask for nothing here.
MODES = frozenset({"ro", "rw", "z", "Z", "nocopy", "consistent", "cached", "delegated", "copy"})


class Wish(NamedTuple):
    """One mount asked for."""

    kind: str  # bind, volume, tmpfs
    destination: str
    source: str = ""
    read_only: bool = False
    mode: str = ""
    propagation: str = ""
    create: bool = False  # make a missing source directory
    no_copy: bool = False
    driver: str = ""
    options: dict[str, str] | None = None
    labels: dict[str, str] | None = None
    subpath: str = ""
    listed: bool = False

    @classmethod
    def again(cls, point: MountPoint, mode: str) -> "Wish":
        """Return the wish for another container's mount (`--volumes-from`)."""
        return cls(
            kind=point.type,
            destination=point.destination,
            source=point.name if point.type == "volume" else point.source,
            read_only=not point.rw or mode == "ro",
            mode=mode,
            propagation=point.propagation,
            no_copy=True,
            driver=point.driver,
            listed=point.type == "tmpfs",
        )


def of_volumes_from(text: str) -> tuple[str, str]:
    """Read `container[:ro|rw]`."""
    name, _, mode = text.partition(":")
    if not name:
        raise InvalidRequest("volumes-from specification must not be an empty string")
    words = mode.split(",") if mode else []
    if any(word not in {"ro", "rw", "z", "Z"} for word in words):
        raise InvalidRequest(f'invalid mode for volumes-from: "{mode}"')
    return name, "ro" if "ro" in words else mode


def of_bind(text: str, driver: str = "") -> Wish:
    """Read `[source:]destination[:mode]`."""
    parts = text.split(":")
    refused = InvalidRequest(f"invalid volume specification: '{text}'")
    if not 1 <= len(parts) <= 3 or not all(parts) or "\0" in text:
        raise refused
    if len(parts) == 1:
        return Wish(kind="volume", destination=destination(parts[0], refused), driver=driver)
    words = parts[2].split(",") if len(parts) == 3 else []
    _check_words(words, text)
    propagation = next((word for word in words if word in PROPAGATION), "")
    common = Wish(
        kind="bind",
        destination=destination(parts[1], refused),
        read_only="ro" in words,
        mode=parts[2] if len(parts) == 3 else "",
        propagation=propagation,
        no_copy="nocopy" in words,
    )
    source = parts[0]
    if source.startswith("/"):
        return common._replace(source=os.path.normpath(source), create=True)
    if propagation:
        raise refused
    return common._replace(kind="volume", source=source, driver=driver)


def _check_words(words: list[str], text: str) -> None:
    for word in words:
        if word not in MODES | PROPAGATION:
            raise InvalidRequest(f"invalid mode: {text.rpartition(':')[2]}")
    if "ro" in words and "rw" in words:
        raise InvalidRequest(f"invalid mode: {text.rpartition(':')[2]}")


def destination(path: str, refused: InvalidRequest) -> str:
    """Return a clean destination; `refused` when it cannot be one."""
    if not path.startswith("/"):
        raise InvalidRequest(f"{refused}: invalid mount path: '{path}' mount path must be absolute")
    clean = "/" + os.path.normpath(path).lstrip("/")
    if clean == "/":
        raise InvalidRequest(f"{refused}: destination can't be '/'")
    return clean


def of_mount(mount: Mount) -> Wish:
    """Read one of HostConfig.Mounts."""
    what = f'invalid mount config for type "{mount.type}"'
    if mount.type not in {"bind", "volume", "tmpfs"}:
        raise InvalidRequest(f'{what}: mount type unknown: "{mount.type}"')
    if "\0" in mount.target or "\0" in mount.source:
        raise InvalidRequest(f"{what}: NUL in a path")
    if not mount.target:
        raise InvalidRequest(f"{what}: field Target must not be empty")
    where = destination(mount.target, InvalidRequest(what))
    common = Wish(
        kind=mount.type, destination=where, source=mount.source, read_only=mount.read_only
    )
    if mount.type == "tmpfs":
        if mount.source:
            raise InvalidRequest(f"{what}: field Source must not be specified")
        return common._replace(listed=True)
    return _bind(common, mount, what) if mount.type == "bind" else _volume(common, mount)


def _bind(common: Wish, mount: Mount, what: str) -> Wish:
    if not mount.source:
        raise InvalidRequest(f"{what}: field Source must not be empty")
    if not mount.source.startswith("/"):
        raise InvalidRequest(
            f"{what}: invalid mount path: '{mount.source}' mount path must be absolute"
        )
    options = mount.bind_options
    return common._replace(
        source=os.path.normpath(mount.source),
        propagation=options.propagation if options else "",
        create=bool(options and options.create_mountpoint),
    )


def _volume(common: Wish, mount: Mount) -> Wish:
    options = mount.volume_options
    if options is None:
        return common
    driver = options.driver_config
    return common._replace(
        no_copy=options.no_copy,
        labels=options.labels,
        subpath=options.subpath,
        driver=driver.name if driver else "",
        options=driver.options if driver else None,
    )
