"""One daemon per bridge: a claim that ends with whoever holds it, however it dies.

Two daemons on one bridge would hand out the same addresses and rewrite each other's packet
filter table. An abstract socket name belongs to one network namespace, as bridges do, and the
kernel frees it with the process (unix(7)).
"""

import errno
import socket

from sampan.errors import Conflict


class Claim:
    """The right to one bridge; Conflict when another daemon has it."""

    def __init__(self, bridge: str) -> None:
        self._held = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            self._held.bind(f"\0sampan/bridge/{bridge}")
        except OSError as error:
            self._held.close()
            if error.errno != errno.EADDRINUSE:
                raise
            raise Conflict(
                f"bridge {bridge} belongs to another daemon on this host: give this one its own"
                " with --bridge"
            ) from error

    def close(self) -> None:
        """Give the claim up."""
        self._held.close()
