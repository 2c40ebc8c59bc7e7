"""Live streams of containers: attach, attach by websocket, logs, stats."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.detach_keys import DetachScanner, parse_keys
from sampan.api.route import Route
from sampan.api.splice import splice
from sampan.engine.containers.attach import attach
from sampan.engine.containers.logs import logs
from sampan.engine.containers.stats import stats
from sampan.engine.streams import Attached
from sampan.errors import InvalidRequest
from sampan.http.messages import Response
from sampan.http.websocket.handshake import BadHandshake, accept_headers
from sampan.http.websocket.stream import WebSocketStream

RAW = "application/vnd.docker.raw-stream"
MULTIPLEXED = "application/vnd.docker.multiplexed-stream"


def content_type(call: Call, *, tty: bool) -> str:
    """What a stream is called; the framed kind has a name of its own since API 1.42."""
    return RAW if tty or call.version < (1, 42) else MULTIPLEXED


def upgrade_head(call: Call, *, tty: bool) -> tuple[int, dict[str, str]]:
    """Status and headers before a hijacked stream."""
    kind = content_type(call, tty=tty)
    if call.request.wants_upgrade:
        return 101, {"Content-Type": kind, "Connection": "Upgrade", "Upgrade": "tcp"}
    return 200, {"Content-Type": kind}


async def _attached(call: Call) -> tuple[Attached, bool, DetachScanner | None]:
    query = call.query
    keys = parse_keys(query.text("detachKeys"))
    stdin = query.flag("stdin")
    attached = await attach(
        call.engine,
        call.ref,
        logs=query.flag("logs"),
        stream=query.flag("stream"),
        stdin=stdin,
        stdout=query.flag("stdout"),
        stderr=query.flag("stderr"),
    )
    return attached, stdin, DetachScanner(keys) if attached.tty and stdin else None


async def post_attach(call: Call) -> None:
    """`docker attach`, and the streams of `docker run`."""
    attached, stdin, detach = await _attached(call)
    stream = await call.request.hijack(*upgrade_head(call, tty=attached.tty))
    await splice(stream, attached, stdin=stdin, detach=detach)


async def get_attach_ws(call: Call) -> None:
    """Attach over a websocket, for browsers."""
    try:
        headers = accept_headers(call.request.headers)
    except BadHandshake as error:
        raise InvalidRequest(str(error)) from error
    attached, stdin, detach = await _attached(call)
    stream = WebSocketStream(await call.request.hijack(101, headers))
    await splice(stream, attached, stdin=stdin, detach=detach)


async def get_logs(call: Call) -> Response:
    """`docker logs`."""
    query = call.query
    stdout, stderr = query.flag("stdout"), query.flag("stderr")
    if not (stdout or stderr):
        raise InvalidRequest("Bad parameters: you must choose at least one stream")
    log = await logs(
        call.engine,
        call.ref,
        stdout=stdout,
        stderr=stderr,
        since=query.text("since"),
        until=query.text("until"),
        timestamps=query.flag("timestamps"),
        tail=query.text("tail") or "all",
        follow=query.flag("follow"),
        details=query.flag("details"),
    )
    return Response(200, log.chunks, {"Content-Type": content_type(call, tty=log.tty)})


async def get_stats(call: Call) -> Response:
    """`docker stats`."""
    query = call.query
    stream = query.flag("stream", default=True)
    one_shot = query.flag("one-shot")
    if one_shot and stream:
        raise InvalidRequest("cannot have stream=true and one-shot=true")
    found = await stats(call.engine, call.ref, stream=stream, one_shot=one_shot)
    return Response(200, replies.lines(found), replies.JSON)


ROUTES = (
    Route("POST", "/containers/{name}/attach", post_attach),
    Route("GET", "/containers/{name}/attach/ws", get_attach_ws),
    Route("GET", "/containers/{name}/logs", get_logs, cancel=True),
    Route("GET", "/containers/{name}/stats", get_stats, cancel=True),
)
