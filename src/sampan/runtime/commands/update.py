"""Change the limits of a running container."""

import argparse
import json
import sys
from typing import Any

from sampan.runtime.oci.state import Record

# Flag, path in linux.resources, and how its value is read.
FLAGS = (
    ("--memory", ("memory", "limit"), int),
    ("--memory-reservation", ("memory", "reservation"), int),
    ("--memory-swap", ("memory", "swap"), int),
    ("--cpu-period", ("cpu", "period"), int),
    ("--cpu-quota", ("cpu", "quota"), int),
    ("--cpu-share", ("cpu", "shares"), int),
    ("--cpuset-cpus", ("cpu", "cpus"), str),
    ("--cpuset-mems", ("cpu", "mems"), str),
    ("--pids-limit", ("pids", "limit"), int),
    ("--blkio-weight", ("blockIO", "weight"), int),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--resources", "-r", default="", help="file, or - for stdin")
    for flag, path, kind in FLAGS:
        parser.add_argument(flag, type=kind, default=None, help=f"linux.resources.{'.'.join(path)}")
    parser.add_argument("id")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    record = Record.load(options.root, options.id)
    for warning in record.cgroup.update(resources(options)):
        sys.stderr.write(f"sampan-runtime: {warning}\n")
    return 0


def resources(options: argparse.Namespace) -> dict[str, Any]:
    """Return linux.resources as the file and the flags say it."""
    found: dict[str, Any] = {}
    if options.resources == "-":
        found = json.load(sys.stdin)
    elif options.resources:
        with open(options.resources, encoding="utf-8") as file:
            found = json.load(file)
    for flag, (section, key), _ in FLAGS:
        value = getattr(options, flag.lstrip("-").replace("-", "_"))
        if value is not None:
            found.setdefault(section, {})[key] = value
    return found
