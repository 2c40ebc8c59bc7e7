"""Print the state of a container as JSON."""

import argparse
import json
import sys

from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("id")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    document = Record.load(options.root, options.id).state()
    sys.stdout.write(json.dumps(document, indent=2) + "\n")
    return 0
