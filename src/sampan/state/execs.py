"""Execs as they are remembered: in memory, because none outlives the daemon that started it."""

import msgspec

from sampan.errors import NotFound
from sampan.schema.container import ExecCreate


class Exec(msgspec.Struct, kw_only=True):
    """One exec of a container."""

    id: str
    container_id: str
    request: ExecCreate
    running: bool = False
    started: bool = False
    exit_code: int | None = None
    pid: int = 0


LIMIT = 2048


class Execs:
    """All execs, and the newest of the finished ones: clients ask for the exit code after."""

    def __init__(self) -> None:
        self._by_id: dict[str, Exec] = {}

    def add(self, each: Exec) -> None:
        """Remember an exec; the oldest finished one goes when there are too many."""
        if len(self._by_id) >= LIMIT:
            old = next((key for key, row in self._by_id.items() if not row.running), "")
            self._by_id.pop(old, None)
        self._by_id[each.id] = each

    def get(self, exec_id: str) -> Exec:
        """Return an exec by its id."""
        found = self._by_id.get(exec_id)
        if found is None:
            raise NotFound("exec instance", exec_id)
        return found

    def of(self, container_id: str) -> list[Exec]:
        """Return the execs of one container."""
        return [each for each in self._by_id.values() if each.container_id == container_id]

    def remove(self, exec_id: str) -> None:
        """Forget one exec."""
        self._by_id.pop(exec_id, None)

    def remove_of(self, container_id: str) -> None:
        """Forget the execs of one container."""
        for each in self.of(container_id):
            del self._by_id[each.id]
