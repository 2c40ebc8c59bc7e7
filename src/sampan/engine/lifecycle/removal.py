"""A container goes: forgotten first, so that nobody finds it any more, then erased."""

from sampan.base import files
from sampan.engine.stores import Stores
from sampan.engine.tasks.live import NEXT_EXIT, NOT_RUNNING, REMOVED
from sampan.engine.volumes import users
from sampan.errors import NotFound
from sampan.state.containers import Container


def forget(engine: Stores, container: Container, *, exit_code: int | None = None) -> None:
    """Take a container out of the state. What is left of its files is nobody's after this.

    A daemon killed between this and erase() finds the files at its next start.
    """
    if container.id not in engine.containers:
        return
    container.removing = True
    engine.containers.delete(container)
    engine.events.container(container, "destroy")
    code = container.state.exit_code if exit_code is None else exit_code
    live = engine.live(container.id)
    live.settle((NOT_RUNNING, NEXT_EXIT, REMOVED), {"StatusCode": code})
    live.drop_pending()
    engine.execs.remove_of(container.id)


async def erase(engine: Stores, container: Container, *, volumes: bool) -> None:
    """Remove the files of a container that was forgotten, and its anonymous volumes if asked."""
    live = engine.live(container.id)
    if live.after_exit is not None:
        await live.after_exit
    engine.forget_live(container.id)
    await engine.threads.disk(_erase, engine, engine.data.container(container.id), container.id)
    try:
        engine.images.resolve(container.image_id)
    except NotFound:
        # The image was removed by force while this container stood on its layers.
        await engine.threads.disk(engine.images.release)
    if volumes:
        await users.remove_anonymous(engine, container)


def _erase(engine: Stores, directory: str, container_id: str) -> None:
    engine.snapshots.remove(container_id)
    files.remove_tree(directory)
