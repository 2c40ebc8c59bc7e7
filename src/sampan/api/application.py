"""The API as one handler for the HTTP server: version, route, call, errors.

Handlers are thin: they parse, call one verb of the engine, and shape the answer. Errors
become statuses here, through sampan.api.status, and nowhere else.
"""

import asyncio
import logging

from sampan.api import replies, versions
from sampan.api.call import Call
from sampan.api.route import Router
from sampan.api.routes import TABLES
from sampan.api.status import status_of
from sampan.engine.engine import Engine
from sampan.errors import Internal, SampanError
from sampan.http.body import BodyBroken, BodyTooLarge
from sampan.http.messages import Request, Response
from sampan.version import API_VERSION, VERSION

log = logging.getLogger(__name__)

HEADERS = {
    "Api-Version": API_VERSION,
    "Docker-Experimental": "false",
    "Ostype": "linux",
    "Server": f"Sampan/{VERSION} (linux)",
}


class Application:
    """Answers requests out of one engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._router = Router(TABLES)

    async def handle(self, request: Request) -> Response | None:
        """Answer one request; None when the connection was hijacked."""
        log.debug("Calling %s %s", request.method, request.path)
        try:
            version, path = versions.split(request.path)
            found = self._router.find(request.method, path, version)
            if found is None:
                return replies.failure(404, "page not found")
            route, names = found
            request.patient = not route.cancel
            return await route.handler(Call(self._engine, request, names, version))
        except SampanError as error:
            return self._failure(request, error)
        except (BodyBroken, BodyTooLarge, asyncio.CancelledError):
            raise  # the server's business
        except Exception as error:  # noqa: BLE001 - the API's border: every fault has an answer
            log.exception("Handler for %s %s failed", request.method, request.path)
            return replies.failure(500, str(error) or type(error).__name__)

    def _failure(self, request: Request, error: SampanError) -> Response:
        status = status_of(error)
        if isinstance(error, Internal):
            log.error("Handler for %s %s failed", request.method, request.path, exc_info=error)
        elif status >= 400:
            log.info("Handler for %s %s returned error: %s", request.method, request.path, error)
        return replies.failure(status, str(error))
