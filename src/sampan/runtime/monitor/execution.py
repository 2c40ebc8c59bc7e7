"""One exec from fork to exit code: the monitor of a further program in a running container."""

import socket


def main(control: socket.socket, directory: str, task: str, pidfd: int) -> None:
    """Be the monitor of the exec in directory."""
