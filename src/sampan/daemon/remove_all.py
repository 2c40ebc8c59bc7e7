"""`sampand --remove-all`: end everything that one root holds outside its own folders.

Containers and their monitors, cgroups, mounts, bridges and packet filter rules. Files of the
root stay: who wants them gone removes the folders. The daemon must not be running.
"""

from sampan.daemon.claims import Claims
from sampan.daemon.settings import Settings


async def remove_all(settings: Settings) -> None:
    """End it all."""
