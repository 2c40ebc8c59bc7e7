"""The volumes users see: made, found, removed. Who uses one is told by the caller."""

import re
from collections.abc import Callable

from sampan.base import clock, ids
from sampan.base.data_root import DataRoot
from sampan.errors import Conflict, InvalidRequest, NotFound
from sampan.state.database import Database
from sampan.state.volumes import Volume, VolumeTable
from sampan.volumes.driver import VolumeDriver
from sampan.volumes.local import LocalDriver

NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_.-]+\Z")
NAME_MAX = 255  # of a directory (limits.h)

ANONYMOUS = "com.docker.volume.anonymous"


class Volumes:
    """The store of volumes."""

    def __init__(self, database: Database, root: DataRoot) -> None:
        self.table = VolumeTable(database)
        local = LocalDriver(root)
        self._drivers: dict[str, VolumeDriver] = {local.name: local}

    def drivers(self) -> list[str]:
        """Return the names of the drivers there are."""
        return sorted(self._drivers)

    def driver(self, name: str) -> VolumeDriver:
        """Return a driver by its name."""
        found = self._drivers.get(name)
        if found is None:
            raise NotFound("volume driver", name)
        return found

    def get(self, name: str) -> Volume:
        """Return a volume; NotFound with the words clients match on."""
        found = self.table.get(name)
        if found is None:
            raise NotFound("volume", name)
        return found

    def create(
        self,
        name: str = "",
        driver: str = "",
        options: dict[str, str] | None = None,
        labels: dict[str, str] | None = None,
    ) -> tuple[Volume, bool]:
        """Make a volume, or find the one of that name; tell which."""
        anonymous = not name
        name = name or ids.new_id()
        check_name(name)
        chosen = self._drivers.get(driver or "local")
        if chosen is None:
            raise InvalidRequest(
                f'error looking up volume plugin {driver}: plugin "{driver}" not found'
            )
        existing = self.table.get(name)
        if existing is not None:
            _refuse_other(existing, chosen.name, options)
            return existing, False
        chosen.check(options or {})
        volume = Volume(
            name=name,
            driver=chosen.name,
            created=clock.now(),
            labels={**(labels or {}), ANONYMOUS: ""} if anonymous else labels,
            options=options,
            anonymous=anonymous,
        )
        volume.mountpoint = chosen.create(volume)
        self.table.add(volume)
        return volume, True

    def remove(self, name: str, users: Callable[[str], list[str]], *, force: bool = False) -> bool:
        """Forget a volume that nobody uses; with force a missing one is fine.

        Its files are for erase(), which may be slow.
        """
        volume = self.table.get(name)
        if volume is None:
            if force:
                return False
            raise NotFound("volume", name)
        holders = users(name)
        if holders:
            raise Conflict(f"remove {name}: volume is in use - [{', '.join(holders)}]")
        self.table.delete(name)
        return True

    def erase(self, volume: Volume) -> None:
        """Remove the files of a volume that was forgotten."""
        self.driver(volume.driver).remove(volume)


def check_name(name: str) -> None:
    """Refuse names that could not be a directory's, with Docker's words."""
    if not NAME.match(name):
        raise InvalidRequest(
            f'create {name}: "{name}" includes invalid characters for a local volume name, only '
            '"[a-zA-Z0-9][a-zA-Z0-9_.-]" are allowed. If you intended to pass a host directory, '
            "use absolute path"
        )
    if len(name) > NAME_MAX:
        raise InvalidRequest(f"create {name}: file name too long")


def _refuse_other(existing: Volume, driver: str, options: dict[str, str] | None) -> None:
    if existing.driver != driver:
        raise Conflict(
            f"create {existing.name}: conflict: volume name must be unique: "
            f"driver {existing.driver} has it"
        )
    if options and options != existing.options:
        raise Conflict(f"create {existing.name}: conflict: a volume of this name has other options")
