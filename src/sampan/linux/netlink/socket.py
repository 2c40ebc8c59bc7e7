"""A netlink socket: send requests, wait for the kernel's answers, raise its refusals.

A socket belongs to the network namespace of the thread that opened it, for as long as it
lives; to speak to a container's namespace, open one there (sampan.linux.netns). What the
messages mean is not its business.
"""

import os
import socket
import struct
from collections.abc import Sequence
from types import TracebackType

from sampan.linux.netlink.message import (
    NLM_F_ACK,
    NLM_F_DUMP,
    NLM_F_REQUEST,
    NLMSG_DONE,
    NLMSG_ERROR,
    Reply,
    Request,
    attributes,
    replies,
)

NETLINK_ROUTE = 0
NETLINK_NETFILTER = 12

SOL_NETLINK = 270
NETLINK_EXT_ACK = 11
NETLINK_CAP_ACK = 10
NLM_F_ACK_TLVS = 0x200
NLMSGERR_ATTR_MSG = 1

# The kernel fills dump datagrams up to 32 KiB when the reader offers that much.
_BUFFER = 65536
_ERRNO = struct.Struct("=i")


class Netlink:
    """One netlink socket. Close it, or use it in a with statement."""

    def __init__(self, protocol: int = NETLINK_ROUTE, groups: int = 0) -> None:
        # Python sets SOCK_CLOEXEC on every socket it makes.
        self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, protocol)
        self._sequence = 0
        try:
            # Words beside the errno ("Device does not exist"); old kernels do without.
            self._socket.setsockopt(SOL_NETLINK, NETLINK_EXT_ACK, 1)
            self._socket.setsockopt(SOL_NETLINK, NETLINK_CAP_ACK, 1)
            self._socket.bind((0, groups))
        except OSError:
            self._socket.close()
            raise

    def __enter__(self) -> "Netlink":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the socket."""
        self._socket.close()

    def fileno(self) -> int:
        """Return the descriptor, for waiting on it."""
        return self._socket.fileno()

    def call(self, *requests: Request) -> None:
        """Send requests in one go and wait for all answers; raise the first refusal.

        The kernel works through them in order and does not stop at a refused one.
        """
        refusals = [error for error in self.attempt(requests) if error is not None]
        if refusals:
            raise refusals[0]

    def attempt(self, requests: Sequence[Request]) -> list[OSError | None]:
        """Send requests in one go; return the kernel's refusal, or None, for each."""
        first = self._sequence + 1
        packet = b"".join(
            request._replace(flags=request.flags | NLM_F_REQUEST | NLM_F_ACK).encode(first + index)
            for index, request in enumerate(requests)
        )
        self._sequence += len(requests)
        self._socket.send(packet)
        answers: dict[int, OSError | None] = {}
        while len(answers) < len(requests):
            for reply in replies(self._socket.recv(_BUFFER)):
                index = reply.sequence - first
                if reply.kind == NLMSG_ERROR and 0 <= index < len(requests):
                    answers[index] = _refusal(reply, requests[index].subject)
        return [answers[index] for index in range(len(requests))]

    def dump(self, request: Request) -> list[Reply]:
        """Send a request for a list; return every message of it."""
        self._sequence += 1
        wanted = self._sequence
        flags = request.flags | NLM_F_REQUEST | NLM_F_DUMP
        self._socket.send(request._replace(flags=flags).encode(wanted))
        found: list[Reply] = []
        while True:
            for reply in replies(self._socket.recv(_BUFFER)):
                if reply.sequence != wanted:
                    continue
                if reply.kind == NLMSG_DONE:
                    return found
                if reply.kind == NLMSG_ERROR:
                    error = _refusal(reply, request.subject)
                    if error is not None:
                        raise error
                    return found
                found.append(reply)

    def get(self, request: Request) -> Reply:
        """Send a request that has exactly one message as its answer."""
        self._sequence += 1
        wanted = self._sequence
        self._socket.send(request._replace(flags=request.flags | NLM_F_REQUEST).encode(wanted))
        while True:
            for reply in replies(self._socket.recv(_BUFFER)):
                if reply.sequence != wanted:
                    continue
                if reply.kind == NLMSG_ERROR:
                    error = _refusal(reply, request.subject)
                    if error is not None:
                        raise error
                    continue
                return reply

    def receive_nowait(self) -> list[Reply]:
        """Return the messages that wait to be read (for sockets that joined a group)."""
        found: list[Reply] = []
        while True:
            try:
                data = self._socket.recv(_BUFFER, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return found
            found.extend(replies(data))


def _refusal(reply: Reply, subject: str) -> OSError | None:
    number = -_ERRNO.unpack_from(reply.payload)[0]
    if number == 0:
        return None
    words = os.strerror(number)
    if reply.flags & NLM_F_ACK_TLVS:
        # After the errno comes the header of the request (16 bytes; CAP_ACK leaves out the
        # rest of it), then attributes.
        said = attributes(reply.payload[20:]).get(NLMSGERR_ATTR_MSG)
        if said:
            words = f"{words} ({said.rstrip(bytes(1)).decode(errors='replace')})"
    return OSError(number, words, subject or None)
