"""Create and start a container, stand by until it ends, and delete it."""

import argparse
import os

from sampan.errors import SampanError
from sampan.linux import prctl
from sampan.runtime.commands import create as create_command
from sampan.runtime.oci import console
from sampan.runtime.oci.create import create
from sampan.runtime.oci.delete import delete
from sampan.runtime.oci.start import start
from sampan.runtime.oci.wait import pass_signals_to, reap


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    create_command.add_creation_arguments(parser)
    parser.add_argument("--detach", "-d", action="store_true", help="do not stand by")
    parser.add_argument("--keep", action="store_true", help="do not delete it at its end")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    prctl.set_child_subreaper(subreaper=True)
    created = create(create_command.wishes(options))
    record = created.record
    try:
        start(record)
    except SampanError:
        delete(record, force=True)
        raise
    if options.detach:
        return 0
    with_terminal = created.master >= 0
    pidfd = os.pidfd_open(record.pid)
    try:
        pass_signals_to(pidfd)
        if with_terminal:
            console.stand_in(created.master)
        code = reap(record.pid)
    finally:
        os.close(pidfd)
    if not options.keep:
        delete(record, force=True)
    return code
