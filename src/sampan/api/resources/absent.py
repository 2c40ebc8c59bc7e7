"""What Docker's API has and this build has not: each with an answer that says so.

`docker system prune`, `docker info` and completion ask some of these in passing, and must be
able to go on.
"""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.errors import NotImplemented_, Unavailable
from sampan.http.messages import Response


async def no_builder(call: Call) -> Response:
    """Builds."""
    raise NotImplemented_("this build of sampan has no image builder yet")


async def no_build_cache(call: Call) -> Response:
    """Pruning a build cache that is always empty."""
    return replies.document({"CachesDeleted": None, "SpaceReclaimed": 0})


async def no_swarm(call: Call) -> Response:
    """Everything that needs a swarm manager; the words are those clients look for."""
    raise Unavailable(
        'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" '
        "to connect this node to swarm and try again."
    )


async def no_swarm_to_make(call: Call) -> Response:
    """Making or joining a swarm."""
    raise NotImplemented_("this build of sampan has no swarm yet")


async def no_plugins(call: Call) -> Response:
    """The list of plugins, which is empty."""
    return replies.document([])


ROUTES = (
    Route("POST", "/build", no_builder),
    Route("POST", "/build/prune", no_build_cache, since=(1, 31)),
    Route("POST", "/session", no_builder, since=(1, 31)),
    Route("POST", "/grpc", no_builder, since=(1, 38)),
    Route("GET", "/plugins", no_plugins, since=(1, 25)),
    Route("GET", "/swarm", no_swarm),
    Route("GET", "/nodes", no_swarm),
    Route("GET", "/services", no_swarm),
    Route("GET", "/tasks", no_swarm),
    Route("GET", "/secrets", no_swarm, since=(1, 25)),
    Route("GET", "/configs", no_swarm, since=(1, 30)),
    Route("POST", "/swarm/init", no_swarm_to_make),
    Route("POST", "/swarm/join", no_swarm_to_make),
)
