"""Volumes."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.volumes.create import create
from sampan.engine.volumes.inspect import inspect
from sampan.engine.volumes.list_ import list_
from sampan.engine.volumes.prune import prune
from sampan.engine.volumes.remove import remove
from sampan.http.messages import Response
from sampan.schema.volume import VolumeCreate


async def get_list(call: Call) -> Response:
    """`docker volume ls`."""
    return replies.document(await list_(call.engine, filters=call.filters()))


async def get_one(call: Call) -> Response:
    """`docker volume inspect`."""
    return replies.document(await inspect(call.engine, call.ref))


async def post_create(call: Call) -> Response:
    """`docker volume create`."""
    wishes = await call.document(VolumeCreate)
    return replies.document(await create(call.engine, wishes), 201)


async def delete_one(call: Call) -> Response:
    """`docker volume rm`."""
    await remove(call.engine, call.ref, force=call.query.flag("force"))
    return replies.nothing()


async def post_prune(call: Call) -> Response:
    """`docker volume prune`; since API 1.42 only anonymous volumes unless all=true is asked."""
    filters = call.filters()
    if call.version < (1, 42):
        filters["all"] = ["true"]
    return replies.document(await prune(call.engine, filters=filters))


ROUTES = (
    Route("GET", "/volumes", get_list),
    Route("POST", "/volumes/create", post_create),
    Route("POST", "/volumes/prune", post_prune, since=(1, 25)),
    Route("GET", "/volumes/{name}", get_one),
    Route("DELETE", "/volumes/{name}", delete_one),
)
