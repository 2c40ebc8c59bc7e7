"""What streaming verbs hand to their callers. The bytes inside are ready for the wire."""

import socket
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    import asyncio


class Attached(msgspec.Struct):
    """A live two-way stream with a program. The caller owns sock and closes it.

    Bytes written go to stdin; shutdown(SHUT_WR) ends stdin. Bytes read are raw with a tty,
    and Docker's frames without; end of file means that the program's output has ended.
    backlog comes first when the caller asked for the log (attach with logs=1). sock is None
    when only the log was asked for.
    """

    sock: socket.socket | None
    tty: bool
    backlog: AsyncIterator[bytes] | None = None
    ended: "asyncio.Future[Any] | None" = None


class LogStream(msgspec.Struct):
    """A container's log: raw with a tty, Docker's frames without."""

    tty: bool
    chunks: AsyncIterator[bytes]


class Archive(msgspec.Struct):
    """A path of a container as a tar stream; stat as in X-Docker-Container-Path-Stat."""

    stat: dict[str, Any]
    chunks: AsyncIterator[bytes]
