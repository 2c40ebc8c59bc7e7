"""Stop all processes of a container where they are."""

import argparse

from sampan.errors import Conflict
from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    record = Record.load(options.root, options.id)
    if record.status() not in {"running", "created"}:
        raise Conflict(f"cannot pause a container that is {record.status()}")
    record.cgroup.freeze()
    return 0
