"""`start`: telling a created container to run its program."""

import os
from contextlib import suppress

from sampan.errors import Conflict, StartFailed
from sampan.runtime import packets, progress, stages, wire
from sampan.runtime.oci import hooks
from sampan.runtime.oci.state import START_SOCKET, Record
from sampan.runtime.task import read_json


def start(record: Record) -> None:
    """Start it; returns when its program runs, StartFailed when that cannot be."""
    if record.status() != "created":
        raise Conflict(f"cannot start a container that is {record.status()}")
    try:
        sock = wire.connect(record.directory, START_SOCKET)
    except (ConnectionRefusedError, FileNotFoundError) as error:
        raise Conflict("cannot start a container that has stopped") from error
    with sock:
        packet, _ = packets.receive(sock)
    with suppress(FileNotFoundError):
        os.unlink(record.start_socket)
    if packet[:1] == progress.FAILED:
        raise StartFailed(*stages.explain(*stages.decode(packet)))
    spec = read_json(f"{record.document['bundle']}/config.json")
    with suppress(OSError):
        # "the runtime MUST log a warning, but [continue]" (runtime.md, poststart).
        hooks.run((spec.get("hooks") or {}).get("poststart"), record.state())
