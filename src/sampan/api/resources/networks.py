"""Networks."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.networks.connect import connect
from sampan.engine.networks.create import create
from sampan.engine.networks.disconnect import disconnect
from sampan.engine.networks.inspect import inspect
from sampan.engine.networks.list_ import list_
from sampan.engine.networks.prune import prune
from sampan.engine.networks.remove import remove
from sampan.http.messages import Response
from sampan.schema.network import NetworkConnect, NetworkCreate, NetworkDisconnect


async def get_list(call: Call) -> Response:
    """`docker network ls`."""
    return replies.document(await list_(call.engine, filters=call.filters()))


async def get_one(call: Call) -> Response:
    """`docker network inspect`."""
    query = call.query
    return replies.document(
        await inspect(
            call.engine, call.ref, verbose=query.flag("verbose"), scope=query.text("scope")
        )
    )


async def post_create(call: Call) -> Response:
    """`docker network create`."""
    wishes = await call.document(NetworkCreate)
    return replies.document(await create(call.engine, wishes), 201)


async def post_connect(call: Call) -> Response:
    """`docker network connect`."""
    await connect(call.engine, call.ref, await call.document(NetworkConnect))
    return replies.nothing(200)


async def post_disconnect(call: Call) -> Response:
    """`docker network disconnect`."""
    await disconnect(call.engine, call.ref, await call.document(NetworkDisconnect))
    return replies.nothing(200)


async def delete_one(call: Call) -> Response:
    """`docker network rm`."""
    await remove(call.engine, call.ref)
    return replies.nothing()


async def post_prune(call: Call) -> Response:
    """`docker network prune`."""
    return replies.document(await prune(call.engine, filters=call.filters()))


ROUTES = (
    Route("GET", "/networks", get_list),
    Route("GET", "/networks/", get_list),
    Route("POST", "/networks/create", post_create),
    Route("POST", "/networks/prune", post_prune, since=(1, 25)),
    Route("GET", "/networks/{name}", get_one),
    Route("POST", "/networks/{name}/connect", post_connect),
    Route("POST", "/networks/{name}/disconnect", post_disconnect),
    Route("DELETE", "/networks/{name}", delete_one),
)
