"""The engine: its start and its end. What it does are the verbs beside it.

Every verb takes the Engine first, as in `await containers.start.start(engine, "web")`.
"""

from typing import TYPE_CHECKING

from sampan.engine.lifecycle import boot, start
from sampan.engine.stores import Stores

if TYPE_CHECKING:
    from sampan.cgroup.driver import Hierarchy
    from sampan.engine.options import Options
    from sampan.images.store import Images
    from sampan.network.networks import Networks
    from sampan.state.database import Database
    from sampan.storage.driver import SnapshotDriver


class Engine(Stores):
    """One daemon's engine."""

    def __init__(
        self,
        options: "Options",
        database: "Database",
        images: "Images",
        snapshots: "SnapshotDriver",
        networks: "Networks",
        hierarchy: "Hierarchy",
    ) -> None:
        super().__init__(options, database, images, snapshots, networks, hierarchy)
        self.start_container = start.start

    async def start(self) -> None:
        """Take back what runs, repair what was left half done, and be ready."""
        await boot.start(self)

    async def shutdown(self) -> None:
        """Let go of everything. Containers keep running, unless live restore was switched off."""
        await boot.shutdown(self)
