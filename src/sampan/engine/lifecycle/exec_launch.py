"""Run a program inside a running container: its process.json, its monitor, its streams."""

import os
import socket
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from sampan.base import files
from sampan.engine.lifecycle import accounts, bundle
from sampan.engine.spec import capabilities, env, users
from sampan.engine.stores import Stores
from sampan.engine.tasks.handle import LOST, Exit, Handle
from sampan.errors import Conflict, StartFailed
from sampan.runtime import wire
from sampan.state.containers import Container
from sampan.state.execs import Exec

if TYPE_CHECKING:
    import asyncio

Size = tuple[int, int]


async def launch(
    engine: Stores,
    container: Container,
    each: Exec,
    *,
    stream: socket.socket | None = None,
    size: Size = (0, 0),
) -> Handle:
    """Start an exec, with `stream` attached to it; return its handle."""
    running = engine.live(container.id).handle
    not_running = Conflict(f"container {container.id} is not running")
    if running is None or running.pidfd < 0:
        raise not_running
    directory = engine.run.exec(container.id, each.id)
    try:
        process = await _process(engine, container, each, running, size)
        if running.pidfd < 0:
            raise not_running
        os.makedirs(directory, mode=0o700)
        files.write(f"{directory}/process.json", msgspec.json.encode(process), 0o600)
        ours, theirs = wire.pair()
        task = engine.run.task(container.id)
        engine.launcher.exec(directory, task, theirs, os.dup(running.pidfd))
        handle = Handle(ours, lambda: LOST)
        await _run(handle, each, stream)
    except BaseException as error:
        if stream is not None:
            stream.close()
        files.remove_tree(directory)
        if isinstance(error, StartFailed) and _is_going(running):
            # Whatever it failed with: the container ended under its hands.
            raise not_running from error
        raise
    _book(engine, container, each, handle, directory)
    return handle


def _is_going(running: Handle) -> bool:
    """Whether the container has ended, or is about to: its namespaces go first."""
    return not (running.is_alive() and os.path.exists(f"/proc/{running.pid}/ns/mnt"))


async def _run(handle: Handle, each: Exec, stream: socket.socket | None) -> None:
    try:
        await handle.ready
        if stream is not None:
            wish = each.request
            handle.attach(
                stream,
                stdin=wish.attach_stdin,
                stdout=wish.attach_stdout,
                stderr=wish.attach_stderr,
            )
        handle.start()
        await handle.started
    except BaseException:
        handle.close()
        raise


def _book(engine: Stores, container: Container, each: Exec, handle: Handle, directory: str) -> None:
    each.running = True
    each.pid = handle.pid
    engine.exec_handles[each.id] = handle
    command = " ".join(each.request.cmd or ())
    engine.events.container(container, f"exec_start: {command}", {"execID": each.id})
    handle.exited.add_done_callback(partial(_ended, engine, container, each, handle, directory))


def _ended(
    engine: Stores,
    container: Container,
    each: Exec,
    handle: Handle,
    directory: str,
    exited: "asyncio.Future[Exit]",
) -> None:
    """Book the end of an exec."""
    if exited.cancelled():
        return
    how: Exit = exited.result()
    each.running = False
    each.exit_code = how.exit_code
    each.pid = 0
    engine.exec_handles.pop(each.id, None)
    handle.forget()
    files.remove_tree(directory)
    engine.events.container(
        container, "exec_die", {"execID": each.id, "exitCode": str(how.exit_code)}
    )


async def _process(
    engine: Stores, container: Container, each: Exec, running: Handle, size: Size
) -> dict[str, Any]:
    """Return process.json: the container's own process with the exec's wishes on top."""
    wish = each.request
    base = _process_of_task(engine, container)
    name = wish.user or container.config.user
    root_fd = running.open_root()
    passwd, group = await engine.threads.disk(_accounts, root_fd)
    user = users.resolve(name, passwd, group, container.host_config.group_add)
    words = env.merge(base["env"], wish.env or ())
    if wish.user:
        # HOME in the task's environment is that of the container's own user.
        given = (*(container.config.env or ()), *(wish.env or ()))
        if not any(word.startswith("HOME=") for word in given):
            words = env.merge(words, [f"HOME={user.home}"])
    if wish.tty and not any(word.startswith("TERM=") for word in words):
        words.append("TERM=xterm")
    granted = base["capabilities"]
    if wish.privileged:
        granted = capabilities.sets(
            capabilities.effective(None, None, privileged=True, available=engine.facts.capabilities)
        )
    return {
        **base,
        "terminal": wish.tty,
        "user": {"uid": user.uid, "gid": user.gid, "additionalGids": user.groups},
        "args": wish.cmd,
        "env": words,
        "cwd": wish.working_dir or base["cwd"],
        "capabilities": granted,
        "consoleSize": {"height": size[0], "width": size[1]},
        "id": each.id,
        "open_stdin": wish.attach_stdin,
        "seccomp": "" if wish.privileged else container.seccomp,
        "privileged": wish.privileged,
        "cgroup": bundle.cgroup(engine, container).to_dict(),
        "rows": size[0],
        "cols": size[1],
    }


def _process_of_task(engine: Stores, container: Container) -> dict[str, Any]:
    document = files.read(f"{engine.run.task(container.id)}/config.json")
    process: dict[str, Any] = msgspec.json.decode(document)["process"]
    process.pop("consoleSize", None)
    return process


def _accounts(root_fd: int) -> tuple[str, str]:
    """Read passwd and group as the running container sees them; closes its root."""
    try:
        return accounts.read_below(root_fd)
    finally:
        os.close(root_fd)
