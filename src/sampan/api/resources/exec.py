"""Execs: further programs in running containers."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.detach_keys import DEFAULT, DetachScanner, parse_keys
from sampan.api.resources.streams import upgrade_head
from sampan.api.route import Route
from sampan.api.splice import splice
from sampan.engine.exec.create import create
from sampan.engine.exec.inspect import inspect
from sampan.engine.exec.resize import resize
from sampan.engine.exec.start import start
from sampan.errors import InvalidRequest, StartFailed
from sampan.http.messages import Response
from sampan.http.stream import Stream
from sampan.schema.container import ExecCreate, ExecStart

STDOUT = 1


async def post_create(call: Call) -> Response:
    """The first half of `docker exec`."""
    wishes = await call.document(ExecCreate)
    if not wishes.cmd:
        raise InvalidRequest("no exec command specified")
    parse_keys(wishes.detach_keys)
    return replies.document(await create(call.engine, call.ref, wishes), 201)


async def post_start(call: Call) -> Response | None:
    """The second half: run it, with its streams on this connection unless detached."""
    wishes = await call.optional_document(ExecStart) or ExecStart()
    found = await inspect(call.engine, call.ref)
    if wishes.console_size and not wishes.tty and call.version >= (1, 42):
        raise InvalidRequest("console size is only supported with tty")
    if wishes.detach:
        await start(call.engine, call.ref, wishes)
        return replies.nothing(200)
    try:
        attached = await start(call.engine, call.ref, wishes)
    except StartFailed as error:
        # Clients learn the exit code (126, 127) from inspect, and only after a stream that
        # was opened properly; so the reason goes where the program's output would have gone.
        stream = await call.request.hijack(*upgrade_head(call, tty=wishes.tty))
        await _say(stream, f"{error}\r\n".encode(), tty=wishes.tty)
        return None
    if attached is None:
        return replies.nothing(200)
    stream = await call.request.hijack(*upgrade_head(call, tty=attached.tty))
    keys = parse_keys(str(found.get("DetachKeys") or DEFAULT))
    stdin = bool(found.get("OpenStdin", True))
    detach = DetachScanner(keys) if attached.tty and stdin else None
    await splice(stream, attached, stdin=stdin, detach=detach)
    return None


async def _say(stream: Stream, text: bytes, *, tty: bool) -> None:
    if not tty:
        text = bytes((STDOUT, 0, 0, 0)) + len(text).to_bytes(4, "big") + text
    stream.write(text)
    await stream.drain()
    stream.close()


async def get_one(call: Call) -> Response:
    """An exec's document; clients read the exit code here."""
    return replies.document(await inspect(call.engine, call.ref))


async def post_resize(call: Call) -> Response:
    """The terminal's window has changed."""
    query = call.query
    await resize(call.engine, call.ref, height=query.number("h", 0), width=query.number("w", 0))
    return replies.nothing(200)


ROUTES = (
    Route("POST", "/containers/{name}/exec", post_create),
    Route("POST", "/exec/{name}/start", post_start),
    Route("POST", "/exec/{name}/resize", post_resize),
    Route("GET", "/exec/{name}/json", get_one),
)
