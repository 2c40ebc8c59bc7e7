"""The Engine API as calls: one request, one answer, errors as exceptions.

    client = Client(parse_host(""), version="1.51")
    client.get("/containers/json", {"all": True})            -> a document
    client.stream("GET", "/events")                           -> an open Response
    client.hijack("/containers/x/attach", {"stdin": True})    -> a Hijacked

Versions are agreed on without asking first: requests go out with our version, and a
daemon that finds it too new says so and names its own, once per command. Names of routes
and meanings of documents are the callers' business.
"""

from __future__ import annotations

import _socket

from sampan.client.dial import SHUT_WR, dial
from sampan.client.errors import ApiError, Unreachable
from sampan.client.jsontext import dumps, loads, scan
from sampan.client.url import query
from sampan.errors import Unavailable
from sampan.http.client import Connection
from sampan.version import API_VERSION, VERSION

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import Any

    from sampan.client.host import Host
    from sampan.http.client import Response

    Query = Mapping[str, object]
    Body = Mapping[str, object] | bytes | Iterable[bytes]

# An error's body is shown to a user; nobody reads a megabyte of it.
MAX_ERROR = 1 << 20
# Calls made side by side; docker makes as many.
AT_ONCE = 50
_PEEK = _socket.MSG_PEEK | _socket.MSG_DONTWAIT


class Hijacked:
    """A connection that stopped being HTTP: raw bytes both ways."""

    __slots__ = ("connection", "early", "framed")

    def __init__(self, connection: Connection, *, framed: bool) -> None:
        self.connection = connection
        # True when the daemon says that stdout and stderr come in frames.
        self.framed = framed
        self.early = connection.hijack()

    def half_close(self) -> None:
        """Tell the other side that nothing more will be sent."""
        try:
            self.connection.sock.shutdown(SHUT_WR)
        except OSError:
            return  # the other side is gone already, which reading will tell

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


class Client:
    """Talks to one daemon. Opens connections as needed and reuses the idle one."""

    def __init__(
        self,
        host: Host,
        *,
        version: str = "",
        headers: Mapping[str, str] | None = None,
        dialer: Callable[[Host], Any] = dial,
    ) -> None:
        self.host = host
        self.version = version or API_VERSION
        self.daemon_version = ""
        self._agreed = bool(version)
        self._dial = dialer
        self._idle: Connection | None = None
        self._begun = ""
        self._headers = {
            "Host": "api.sampan" if host.kind != "tcp" else f"{host.name}:{host.port}",
            "User-Agent": f"Sampan-Client/{VERSION} (linux)",
            **(headers or {}),
        }

    def another(self) -> Client:
        """Return a client of its own connections for the same daemon, at the agreed version."""
        self.agree()
        twin = Client(self.host, version=self.version, dialer=self._dial)
        twin._headers = self._headers
        return twin

    def get(self, path: str, values: Query | None = None) -> Any:  # noqa: ANN401
        """GET a document."""
        return loads(self.raw("GET", path, values))

    def post(self, path: str, values: Query | None = None, body: Body | None = None) -> Any:  # noqa: ANN401
        """POST, and read the document that comes back, None when there is none."""
        data = self.raw("POST", path, values, body)
        return loads(data) if data.strip() else None

    def delete(self, path: str, values: Query | None = None) -> Any:  # noqa: ANN401
        """DELETE, and read the document that comes back, None when there is none."""
        data = self.raw("DELETE", path, values)
        return loads(data) if data.strip() else None

    def raw(
        self, method: str, path: str, values: Query | None = None, body: Body | None = None
    ) -> bytes:
        """Ask and return the answer's body as it came."""
        response = self.stream(method, path, values, body)
        data = response.read_all()
        self._keep(response)
        return data

    def stream(
        self,
        method: str,
        path: str,
        values: Query | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Ask and return the answer as soon as its head is there; ApiError on refusal."""
        if method == "HEAD" or (body is not None and not isinstance(body, (bytes, dict))):
            # A refusal of HEAD has no words, and a stream cannot be sent twice.
            self.agree()
        return self._ask(method, path, values, body, headers or {})

    def documents(
        self,
        method: str,
        path: str,
        values: Query | None = None,
        body: Body | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Iterator[Any]:
        """Ask, and yield each JSON document of the answer as it comes."""
        yield from each_document(self.stream(method, path, values, body, headers))

    @staticmethod
    def each(response: Iterable[bytes]) -> Iterator[Any]:
        """Yield each JSON document of an answer that is open already."""
        yield from each_document(response)

    def side_by_side(
        self, method: str, paths: Sequence[str], values: Query | None = None
    ) -> Iterator[Any]:
        """Make the same call on many paths at once; yield answers or ApiErrors in their order.

        Every call has a connection of its own, so the daemon works on all of them while we
        wait for the first.
        """
        self.agree()
        waiting: list[Client] = []
        asked = 0
        for at in range(len(paths)):
            while asked < len(paths) and asked < at + AT_ONCE:
                waiting.append(self.another())
                waiting[-1].begin(method, paths[asked], values)
                asked += 1
            try:
                yield waiting[at].finish()
            except ApiError as error:
                yield error
            waiting[at].close()

    def hijack(self, path: str, values: Query | None = None, body: Body | None = None) -> Hijacked:
        """POST and take over the connection."""
        self.agree()
        upgrade = {"Connection": "Upgrade", "Upgrade": "tcp"}
        response = self._ask("POST", path, values, body, upgrade)
        framed = response.headers.get("content-type", "").endswith("multiplexed-stream")
        return Hijacked(response.connection, framed=framed)

    def agree(self) -> None:
        """Make sure of the version, by asking when nothing has been asked yet."""
        if self._agreed:
            return
        response = self._ask("HEAD", "/_ping", None, None, {})
        self._lower(response.headers.get("api-version", ""))
        self._keep(response)

    def close(self) -> None:
        """Close the idle connection, if there is one."""
        if self._idle is not None:
            self._idle.close()
            self._idle = None

    def begin(self, method: str, path: str, values: Query | None) -> None:
        """Send a request without waiting; finish() reads its answer. The version is agreed."""
        self._begun = method
        self._idle = connection = Connection(self._dial(self.host))
        target = f"/v{self.version}{path}{query(values or {})}"
        _send(connection, method, target, self._headers, None)

    def finish(self) -> Any:  # noqa: ANN401
        """Read the answer of what was begun."""
        assert self._idle is not None
        try:
            response = self._idle.receive(self._begun)
        except OSError as error:
            raise Unreachable(f"error during connect: {self.host.text}: {error}") from error
        if response.status >= 400:
            self._refuse(response)
        data = response.read_all()
        return loads(data) if data.strip() else None

    def _ask(
        self,
        method: str,
        path: str,
        values: Query | None,
        body: Body | None,
        headers: Mapping[str, str],
    ) -> Response:
        fields = {**self._headers, **headers}
        if isinstance(body, dict):
            body = dumps(body).encode("utf-8", "replace")
            fields["Content-Type"] = "application/json"
        while True:
            prefix = "" if path == "/_ping" else f"/v{self.version}"
            response = self._exchange(method, f"{prefix}{path}{query(values or {})}", fields, body)
            if response.status < 400:
                self._agreed = True
                return response
            self._refuse(response)

    def _exchange(
        self,
        method: str,
        target: str,
        fields: Mapping[str, str],
        body: bytes | Any,  # noqa: ANN401
    ) -> Response:
        connection = self._take()
        try:
            _send(connection, method, target, fields, body)
            return connection.receive(method)
        except OSError as error:
            connection.close()
            raise Unreachable(f"error during connect: {self.host.text}: {error}") from error

    def _refuse(self, response: Response) -> None:
        """Raise the daemon's error, or return when the request should be made again."""
        data = b""
        while len(data) < MAX_ERROR and (piece := response.read()):
            data += piece
        self._keep(response)
        message = error_text(data, response.status)
        theirs = response.headers.get("api-version", "")
        if not self._agreed and response.status == 400 and "is too new" in message:
            self._agreed = True
            if self._lower(theirs or message.rpartition(" ")[2]):
                return
        raise ApiError(response.status, message)

    def _lower(self, theirs: str) -> bool:
        """Take the daemon's version when it is older than ours."""
        self._agreed = True
        self.daemon_version = theirs
        if theirs and as_numbers(theirs) < as_numbers(self.version):
            self.version = theirs
            return True
        return False

    def _take(self) -> Connection:
        connection, self._idle = self._idle, None
        if connection is not None:
            if _alive(connection):
                return connection
            connection.close()
        return Connection(self._dial(self.host))

    def _keep(self, response: Response) -> None:
        connection = response.connection
        if response.finished and response.reusable and self._idle is None:
            self._idle = connection
        else:
            connection.close()


class Documents:
    """The JSON documents of an open answer, a few at a time: for those who poll many."""

    def __init__(self, response: Response) -> None:
        self._response = response
        self._rest = b""

    def fileno(self) -> int:
        """Return the descriptor to poll."""
        return self._response.connection.sock.fileno()

    def next(self) -> tuple[list[Any], bool]:
        """Receive once; return what is whole, and whether there is more to come."""
        more = True
        while True:
            data = self._response.read()
            self._rest += data
            more = bool(data)
            # What was received already would not wake a poll.
            if not more or not self._response.connection.buffer:
                break
        whole, newline, rest = self._rest.rpartition(b"\n")
        self._rest = rest
        return list(_all(whole)) if newline else [], more

    def close(self) -> None:
        """Close the connection."""
        self._response.connection.close()


def as_numbers(version: str) -> tuple[int, ...]:
    """Turn 1.41 into (1, 41), so that versions compare."""
    return tuple(int(part) if part.isdecimal() else 0 for part in version.split("."))


def each_document(response: Iterable[bytes]) -> Iterator[Any]:
    """Cut a stream of JSON documents, one after the other or one a line."""
    rest = b""
    for piece in response:
        rest += piece
        whole, newline, rest = rest.rpartition(b"\n")
        if newline:
            yield from _all(whole)
    yield from _all(rest)


def error_text(data: bytes, status: int) -> str:
    """Find the daemon's sentence in the body of an error."""
    text = data.decode("utf-8", "replace").strip()
    try:
        document = loads(text)
        return str(document["message"]).strip()
    except (Unavailable, KeyError, TypeError):
        return text or f"status {status}"


def _all(data: bytes) -> Iterator[Any]:
    text = data.decode("utf-8", "replace").strip()
    at = 0
    while at < len(text):
        value, at = scan(text, at)
        while text[at : at + 1].isspace():
            at += 1
        yield value


def _send(
    connection: Connection,
    method: str,
    target: str,
    fields: Mapping[str, str],
    body: Any,  # noqa: ANN401
) -> None:
    try:
        connection.send(method, target, fields, body)
    except (BrokenPipeError, ConnectionResetError):
        # It answered and hung up before the body was through: the answer says why.
        return


def _alive(connection: Connection) -> bool:
    """Tell whether the daemon has hung up on an idle connection."""
    if connection.buffer:
        return False
    try:
        connection.sock.recv(1, _PEEK)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False  # it hung up, or said something unasked
