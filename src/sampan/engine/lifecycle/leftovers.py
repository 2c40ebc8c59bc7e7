"""What a task leaves whose monitor was killed: processes, control groups, its directory.

A monitor that ends by itself has taken its own away; nothing here then finds anything to do.
"""

from sampan.base import files
from sampan.engine.lifecycle import bundle, shared_memory
from sampan.engine.stores import Stores


def remove(engine: Stores, name: str) -> None:
    """Remove what a task that is over left. Blocks."""
    directory = engine.run.task(name)
    group = bundle.recorded_cgroup(directory)
    if group is not None and group.exists():
        group.kill()
        group.remove()
    shared_memory.unmount_path(f"{directory}/shm")
    files.remove_tree(directory)
