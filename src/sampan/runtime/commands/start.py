"""Run the program of a created container."""

import argparse

from sampan.runtime.oci.start import start
from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    start(Record.load(options.root, options.id))
    return 0
