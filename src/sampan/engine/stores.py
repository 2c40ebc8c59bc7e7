"""Everything an engine holds: stores, threads, background work. Does nothing by itself.

The rooms of the engine take Stores; the verbs take the Engine, which is Stores with a start and
an end.
"""

from typing import TYPE_CHECKING

from sampan.base.tasks import Tasks
from sampan.engine import machine
from sampan.engine.events import Events
from sampan.engine.tasks.launcher import Launcher
from sampan.engine.tasks.live import Live
from sampan.engine.threads import Threads
from sampan.state.containers import Containers
from sampan.state.execs import Execs
from sampan.volumes.store import Volumes

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sampan.cgroup.driver import Hierarchy
    from sampan.engine.options import Options
    from sampan.engine.tasks.handle import Handle
    from sampan.images.store import Images
    from sampan.network.networks import Networks
    from sampan.state.containers import Container
    from sampan.state.database import Database
    from sampan.storage.driver import SnapshotDriver

    Starter = Callable[["Stores", Container], Awaitable[None]]


class Stores:
    """The stores of one daemon."""

    def __init__(
        self,
        options: "Options",
        database: "Database",
        images: "Images",
        snapshots: "SnapshotDriver",
        networks: "Networks",
        hierarchy: "Hierarchy",
    ) -> None:
        self.options = options
        self.data = options.data()
        self.run = options.run()
        self.database = database
        self.images = images
        self.snapshots = snapshots
        self.networks = networks
        self.hierarchy = hierarchy
        self.containers = Containers(database)
        self.volumes = Volumes(database, self.data)
        self.execs = Execs()
        self.exec_handles: dict[str, Handle] = {}
        self.events = Events()
        self.threads = Threads()
        self.background = Tasks("engine")  # loops, cancelled at the end
        self.teardown = Tasks("engine teardown")  # short work, waited for at the end
        self.launcher = Launcher()
        self.facts = machine.look()
        self.identity = ""  # of this data root, shown by info
        self.accounts: dict[str, tuple[str, str]] = {}  # passwd and group by chain id
        self.seccomp: dict[tuple[str, tuple[str, ...]], str] = {}  # files of filters by wish
        self.closing = False
        # How a container is started; set by the Engine, because what books an end (and starts
        # the container again) lies below what starts it.
        self.start_container: Starter | None = None
        self._live: dict[str, Live] = {}

    def live(self, container_id: str) -> Live:
        """Return the volatile side of a container."""
        found = self._live.get(container_id)
        if found is None:
            found = self._live[container_id] = Live()
        return found

    def forget_live(self, container_id: str) -> None:
        """Drop the volatile side of a container that is gone."""
        self._live.pop(container_id, None)
