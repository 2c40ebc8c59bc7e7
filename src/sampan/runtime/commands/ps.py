"""Show the processes of a container, by pid or through ps(1)."""

import argparse
import json
import subprocess
import sys

from sampan.runtime.oci.state import Record


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--format", "-f", default="table", choices=["table", "json"])
    parser.add_argument("id")
    parser.add_argument("ps", nargs=argparse.REMAINDER, help="options of ps(1), -ef by default")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    pids = Record.load(options.root, options.id).cgroup.pids()
    if options.format == "json":
        sys.stdout.write(json.dumps(pids) + "\n")
        return 0
    done = subprocess.run(
        ["ps", *(options.ps or ["-ef"])], stdout=subprocess.PIPE, text=True, check=True
    )
    head, *lines = done.stdout.splitlines()
    column = head.split().index("PID")
    wanted = {str(pid) for pid in pids}
    kept = [line for line in lines if line.split()[column] in wanted]
    sys.stdout.write("".join(f"{line}\n" for line in [head, *kept]))
    return 0
