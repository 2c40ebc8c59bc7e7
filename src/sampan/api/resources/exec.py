"""Execs: further programs in running containers."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.detach_keys import DetachScanner, parse_keys
from sampan.api.resources.streams import upgrade_head
from sampan.api.route import Route
from sampan.api.splice import splice
from sampan.engine.exec.check import check
from sampan.engine.exec.create import create
from sampan.engine.exec.inspect import inspect
from sampan.engine.exec.resize import resize
from sampan.engine.exec.start import start
from sampan.errors import InvalidRequest, SampanError
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
    if wishes.console_size and not wishes.tty and call.version >= (1, 42):
        raise InvalidRequest("console size is only supported with tty")
    if wishes.detach:
        await start(call.engine, call.ref, wishes)
        return replies.nothing(200)
    prepared, _container = await check(call.engine, call.ref)
    wish = prepared.request
    keys = DetachScanner(parse_keys(wish.detach_keys)) if wish.tty and wish.attach_stdin else None
    # The head goes out before the program starts: docker-py reads it through a buffer and
    # throws away what of the stream arrives together with it.
    stream = await call.request.hijack(*upgrade_head(call, tty=wish.tty))
    try:
        attached = await start(call.engine, call.ref, wishes)
    except (SampanError, OSError) as error:
        # Too late for a status; clients learn the exit code from inspect.
        await _say(stream, f"{error}\r\n".encode(), tty=wish.tty)
        return None
    if attached is not None:
        await splice(stream, attached, stdin=wish.attach_stdin, detach=keys)
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
