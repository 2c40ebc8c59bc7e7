"""The daemon itself: ping, version, info, disk usage, login."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.system.df import df
from sampan.engine.system.info import info
from sampan.engine.system.ping import ping
from sampan.engine.system.version import version
from sampan.errors import InvalidRequest, NotImplemented_
from sampan.http.messages import Response
from sampan.version import API_VERSION, MIN_API_VERSION

NO_CACHE = {
    "Cache-Control": "no-cache, no-store, must-revalidate",
    "Content-Type": "text/plain; charset=utf-8",
    "Pragma": "no-cache",
}
DF_TYPES = {"container", "image", "volume", "build-cache"}


async def get_ping(call: Call) -> Response:
    """Are you there, and what do you speak."""
    found = await ping(call.engine)
    headers = {
        "Builder-Version": found.get("Builder-Version", ""),
        "Swarm": found.get("Swarm", "inactive"),
        **NO_CACHE,
    }
    return Response(200, b"OK", headers)


async def get_version(call: Call) -> Response:
    """`docker version`."""
    found = await version(call.engine)
    spoken = {"ApiVersion": API_VERSION, "MinAPIVersion": MIN_API_VERSION}
    for component in found.get("Components") or []:
        if component.get("Name") == "Engine":
            component["Details"] = {**(component.get("Details") or {}), **spoken}
    return replies.document({**found, **spoken})


async def get_info(call: Call) -> Response:
    """`docker info`."""
    return replies.document(await info(call.engine))


async def get_df(call: Call) -> Response:
    """`docker system df`."""
    types = call.query.texts("type")
    unknown = sorted(set(types) - DF_TYPES)
    if unknown:
        raise InvalidRequest(f"unknown object type: {unknown[0]}")
    return replies.document(await df(call.engine, types=types or None))


async def post_auth(call: Call) -> Response:
    """`docker login`."""
    raise NotImplemented_("cannot log in: this build has no registry client yet")


ROUTES = (
    Route("GET", "/_ping", get_ping),
    Route("HEAD", "/_ping", get_ping),
    Route("GET", "/version", get_version),
    Route("GET", "/info", get_info),
    Route("GET", "/system/df", get_df),
    Route("POST", "/auth", post_auth),
)
