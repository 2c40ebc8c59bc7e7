"""Containers: their life and their documents. Streams and files are in files of their own."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.containers.changes import changes
from sampan.engine.containers.commit import commit
from sampan.engine.containers.create import create
from sampan.engine.containers.inspect import inspect
from sampan.engine.containers.kill import kill
from sampan.engine.containers.list_ import list_
from sampan.engine.containers.pause import pause
from sampan.engine.containers.prune import prune
from sampan.engine.containers.remove import remove
from sampan.engine.containers.rename import rename
from sampan.engine.containers.resize import resize
from sampan.engine.containers.restart import restart
from sampan.engine.containers.start import start
from sampan.engine.containers.stop import stop
from sampan.engine.containers.top import top
from sampan.engine.containers.unpause import unpause
from sampan.engine.containers.update import update
from sampan.engine.containers.wait import wait
from sampan.errors import InvalidRequest
from sampan.http.messages import Response
from sampan.schema.container import ContainerCreate, ContainerUpdate
from sampan.schema.container_config import ContainerConfig

CONDITIONS = {"not-running", "next-exit", "removed"}


async def get_list(call: Call) -> Response:
    """`docker ps`."""
    query = call.query
    return replies.document(
        await list_(
            call.engine,
            all_=query.flag("all"),
            limit=query.number("limit", 0),
            size=query.flag("size"),
            filters=call.filters(),
        )
    )


async def get_one(call: Call) -> Response:
    """`docker inspect`."""
    return replies.document(await inspect(call.engine, call.ref, size=call.query.flag("size")))


async def post_create(call: Call) -> Response:
    """`docker create`, and the first half of `docker run`."""
    wishes = await call.optional_document(ContainerCreate)
    if wishes is None:
        raise InvalidRequest("config cannot be empty in order to create a container")
    made = await create(
        call.engine,
        wishes,
        name=call.query.text("name").removeprefix("/"),
        platform=call.query.text("platform"),
    )
    return replies.document(made, 201)


async def post_start(call: Call) -> Response:
    """`docker start`."""
    await start(call.engine, call.ref)
    return replies.nothing()


async def post_stop(call: Call) -> Response:
    """`docker stop`."""
    await stop(
        call.engine,
        call.ref,
        signal=call.query.text("signal"),
        grace=call.query.optional_number("t"),
    )
    return replies.nothing()


async def post_restart(call: Call) -> Response:
    """`docker restart`."""
    await restart(
        call.engine,
        call.ref,
        signal=call.query.text("signal"),
        grace=call.query.optional_number("t"),
    )
    return replies.nothing()


async def post_kill(call: Call) -> Response:
    """`docker kill`."""
    await kill(call.engine, call.ref, signal=call.query.text("signal") or "KILL")
    return replies.nothing()


async def post_pause(call: Call) -> Response:
    """`docker pause`."""
    await pause(call.engine, call.ref)
    return replies.nothing()


async def post_unpause(call: Call) -> Response:
    """`docker unpause`."""
    await unpause(call.engine, call.ref)
    return replies.nothing()


async def post_rename(call: Call) -> Response:
    """`docker rename`."""
    await rename(call.engine, call.ref, name=call.query.text("name").removeprefix("/"))
    return replies.nothing()


async def post_update(call: Call) -> Response:
    """`docker update`."""
    return replies.document(
        await update(call.engine, call.ref, await call.document(ContainerUpdate))
    )


async def post_resize(call: Call) -> Response:
    """The terminal's window has changed."""
    query = call.query
    await resize(call.engine, call.ref, height=query.number("h", 0), width=query.number("w", 0))
    return replies.nothing(200)


async def delete_one(call: Call) -> Response:
    """`docker rm`."""
    query = call.query
    await remove(
        call.engine,
        call.ref,
        force=query.flag("force"),
        volumes=query.flag("v"),
        link=query.flag("link"),
    )
    return replies.nothing()


async def get_top(call: Call) -> Response:
    """`docker top`."""
    return replies.document(
        await top(call.engine, call.ref, ps_args=call.query.text("ps_args") or "-ef")
    )


async def get_changes(call: Call) -> Response:
    """`docker diff`."""
    return replies.document(await changes(call.engine, call.ref))


async def post_wait(call: Call) -> Response:
    """`docker wait`: the head goes out when the wait stands, the body when it is over.

    `docker run` starts the container between the two.
    """
    condition = call.query.text("condition") or "not-running"
    if condition not in CONDITIONS:
        raise InvalidRequest(f'invalid condition: "{condition}"')
    future = await wait(call.engine, call.ref, condition=condition)

    async def body() -> AsyncIterator[bytes]:
        result: dict[str, Any] = await future
        yield msgspec.json.encode(result) + b"\n"

    return Response(200, body(), replies.JSON)


async def post_commit(call: Call) -> Response:
    """`docker commit`."""
    query = call.query
    made = await commit(
        call.engine,
        query.text("container"),
        repo=query.text("repo"),
        tag=query.text("tag"),
        comment=query.text("comment"),
        author=query.text("author"),
        pause=query.flag("pause", default=True),
        changes=query.texts("changes"),
        config=await call.optional_document(ContainerConfig),
    )
    return replies.document(made, 201)


async def post_prune(call: Call) -> Response:
    """`docker container prune`."""
    return replies.document(await prune(call.engine, filters=call.filters()))


ROUTES = (
    Route("GET", "/containers/json", get_list),
    Route("POST", "/containers/create", post_create),
    Route("POST", "/containers/prune", post_prune, since=(1, 25)),
    Route("POST", "/commit", post_commit),
    Route("GET", "/containers/{name}/json", get_one),
    Route("GET", "/containers/{name}/top", get_top),
    Route("GET", "/containers/{name}/changes", get_changes),
    Route("POST", "/containers/{name}/start", post_start),
    Route("POST", "/containers/{name}/stop", post_stop),
    Route("POST", "/containers/{name}/restart", post_restart),
    Route("POST", "/containers/{name}/kill", post_kill),
    Route("POST", "/containers/{name}/pause", post_pause),
    Route("POST", "/containers/{name}/unpause", post_unpause),
    Route("POST", "/containers/{name}/rename", post_rename),
    Route("POST", "/containers/{name}/update", post_update),
    Route("POST", "/containers/{name}/resize", post_resize),
    Route("POST", "/containers/{name}/wait", post_wait, cancel=True),
    Route("DELETE", "/containers/{name}", delete_one),
)
