"""List the containers below --root."""

import argparse
import json
import sys

from sampan.runtime.oci.state import all_records


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--quiet", "-q", action="store_true", help="ids only")
    parser.add_argument("--format", "-f", default="table", choices=["table", "json"])


def run(options: argparse.Namespace) -> int:
    """Do it."""
    states = [record.state() for record in all_records(options.root)]
    if options.quiet:
        lines = [state["id"] for state in states]
    elif options.format == "json":
        lines = [json.dumps(states)]
    else:
        lines = [f"{'ID':24} {'PID':10} {'STATUS':10} {'BUNDLE':30} CREATED"]
        lines += [
            f"{state['id']:24} {state['pid']!s:10} {state['status']:10} {state['bundle']:30} "
            f"{state['created']}"
            for state in states
        ]
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return 0
