"""Let a paused container go on."""

import argparse

from sampan.errors import Conflict
from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    record = Record.load(options.root, options.id)
    if record.status() != "paused":
        raise Conflict(f"cannot resume a container that is {record.status()}")
    record.cgroup.thaw()
    return 0
