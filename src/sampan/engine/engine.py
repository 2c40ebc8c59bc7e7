"""The engine: the stores it holds, its start and its end. What it does are the verbs beside it.

Every verb takes the Engine first, as in `await containers.start.start(engine, "web")`.
"""

import asyncio
from typing import Any

from sampan.base.data_root import DataRoot
from sampan.base.run_root import RunRoot
from sampan.base.tasks import Tasks
from sampan.engine.options import Options
from sampan.engine.threads import Threads
from sampan.state.containers import Containers
from sampan.state.database import Database
from sampan.state.execs import Execs


class Engine:
    """The stores of one daemon. Made by engine.assemble."""

    def __init__(self, options: Options, database: Database) -> None:
        self.options = options
        self.data: DataRoot = options.data()
        self.run: RunRoot = options.run()
        self.database = database
        self.threads = Threads()
        self.background = Tasks("engine")
        self.containers = Containers(database)
        self.execs = Execs()
        self.images: Any = None
        self.networks: Any = None
        self._locks: dict[str, asyncio.Lock] = {}

    async def start(self) -> None:
        """Take back what runs, repair what was left half done, and be ready."""

    async def shutdown(self) -> None:
        """Let go of everything; containers keep running."""
        await self.background.close()
        self.threads.close()
        self.database.close()
