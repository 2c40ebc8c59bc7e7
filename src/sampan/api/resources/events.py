"""The stream of events."""

from sampan.api import replies
from sampan.api.call import Call
from sampan.api.route import Route
from sampan.engine.system.events import events
from sampan.http.messages import Response


async def get_events(call: Call) -> Response:
    """`docker events`; the head goes out at once, however long nothing happens."""
    found = await events(
        call.engine,
        since=call.query.text("since"),
        until=call.query.text("until"),
        filters=call.filters(),
    )
    return Response(200, replies.lines(found), replies.JSON)


ROUTES = (Route("GET", "/events", get_events, cancel=True),)
