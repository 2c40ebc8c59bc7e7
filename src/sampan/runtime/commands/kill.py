"""Send a signal to a container's first process, or to all of its processes."""

import argparse
import os
import signal
from contextlib import suppress

from sampan.errors import InvalidRequest
from sampan.linux.pidfd import pidfd_send_signal
from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--all", "-a", action="store_true", help="every process of the container")
    parser.add_argument("id")
    parser.add_argument("signal", nargs="?", default="SIGTERM")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    record = Record.load(options.root, options.id)
    number = signal_number(options.signal)
    if options.all:
        for pid in record.cgroup.pids():
            with suppress(ProcessLookupError):
                os.kill(pid, number)
        return 0
    with record.pidfd() as pidfd:
        pidfd_send_signal(pidfd, number)
    return 0


def signal_number(text: str) -> int:
    """Read a signal as a number or a name, with SIG or without."""
    if text.isdecimal():
        return int(text)
    name = text.upper()
    name = name if name.startswith("SIG") else f"SIG{name}"
    try:
        return int(signal.Signals[name])
    except KeyError:
        raise InvalidRequest(f"unknown signal {text!r}") from None
