"""Heads of messages: bytes to method, target and headers, and status and headers to bytes.

The only module that knows the parser library. No sockets, no bodies.
"""

import time
from collections.abc import Mapping
from email.utils import formatdate

import httptools

# What the Go servers allow by default is 1 MiB; nothing a Docker client sends comes near.
# X-Registry-Auth and X-Registry-Config are the long ones.
MAX_HEAD = 256 * 1024
MAX_HEADERS = 200

REASONS = {
    100: "Continue",
    101: "UPGRADED",  # the word dockerd uses; some old clients look at it
    200: "OK",
    201: "Created",
    202: "Accepted",
    204: "No Content",
    206: "Partial Content",
    301: "Moved Permanently",
    304: "Not Modified",
    307: "Temporary Redirect",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    406: "Not Acceptable",
    409: "Conflict",
    411: "Length Required",
    412: "Precondition Failed",
    413: "Request Entity Too Large",
    416: "Requested Range Not Satisfiable",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    500: "Internal Server Error",
    501: "Not Implemented",
    503: "Service Unavailable",
}


class BadHead(Exception):
    """The head of a request cannot be understood."""


class Head:
    """The parsed head of one request; also the parser's callback object."""

    __slots__ = ("complete", "headers", "keep_alive", "method", "target", "version")

    def __init__(self, data: bytes) -> None:
        self.headers: dict[str, str] = {}
        self.target = ""
        self.complete = False
        parser = httptools.HttpRequestParser(self)
        try:
            parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass  # the parser stops at the end of a head with Upgrade; so do we
        except httptools.HttpParserError as error:
            raise BadHead(str(error) or "malformed request") from error
        if not self.complete:
            raise BadHead("malformed request")
        self.method = parser.get_method().decode("ascii")
        self.version = parser.get_http_version()
        # Not parser.should_keep_alive(): it has forgotten the headers by now.
        tokens = self.headers.get("connection", "").lower()
        self.keep_alive = "close" not in tokens and (self.version != "1.0" or "keep" in tokens)

    def on_url(self, url: bytes) -> None:
        """Parser callback; may come in pieces."""
        self.target += url.decode("latin-1")

    def on_header(self, name: bytes, value: bytes) -> None:
        """Parser callback."""
        headers = self.headers
        key = name.decode("latin-1").lower()
        text = value.decode("utf-8", "surrogateescape")
        if key in headers:
            text = f"{headers[key]}, {text}"
        elif len(headers) >= MAX_HEADERS:
            raise BadHead("too many headers")
        headers[key] = text

    def on_headers_complete(self) -> None:
        """Parser callback."""
        self.complete = True


class HeadWriter:
    """Writes response heads; the headers that every response carries are encoded once."""

    def __init__(self, always: Mapping[str, str]) -> None:
        self._always = "".join(f"{name}: {value}\r\n" for name, value in always.items())
        self._date = ""
        self._date_of = 0
        self._starts: dict[int, str] = {}

    def write(self, status: int, headers: Mapping[str, str], framing: str) -> bytes:
        """One head. `framing` is the finished line(s) about length and connection."""
        now = int(time.time())
        if now != self._date_of:
            self._date_of = now
            self._date = formatdate(now, usegmt=True)
            self._starts.clear()
        start = self._starts.get(status)
        if start is None:
            start = f"{status_line(status)}{self._always}Date: {self._date}\r\n"
            self._starts[status] = start
        if headers:
            own = "".join([f"{name}: {_clean(value)}\r\n" for name, value in headers.items()])
            return f"{start}{own}{framing}\r\n".encode("utf-8", "surrogateescape")
        return f"{start}{framing}\r\n".encode("latin-1")


def status_line(status: int) -> str:
    """The first line of a response."""
    return f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}\r\n"


def hijack_head(status: int, headers: Mapping[str, str]) -> bytes:
    """The head before a hijacked stream: nothing but what was asked for."""
    own = "".join(f"{name}: {_clean(value)}\r\n" for name, value in headers.items())
    return f"{status_line(status)}{own}\r\n".encode("utf-8", "surrogateescape")


def _clean(value: str) -> str:
    # A header value made from a container's name or path must not start a header of its own.
    if "\n" in value or "\r" in value:
        return value.replace("\r", " ").replace("\n", " ")
    return value
