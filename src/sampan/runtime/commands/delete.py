"""Delete a stopped container, or with --force any."""

import argparse

from sampan.errors import NotFound
from sampan.runtime.oci.delete import delete
from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--force", "-f", action="store_true", help="kill it if it still runs")
    parser.add_argument("id")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    try:
        record = Record.load(options.root, options.id)
    except NotFound:
        if options.force:
            return 0
        raise
    delete(record, force=options.force)
    return 0
