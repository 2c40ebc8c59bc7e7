"""Create a container from a bundle. It waits for `start` before it runs its program."""

import argparse

from sampan.errors import InvalidRequest
from sampan.runtime.oci.create import Wishes, create


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    add_creation_arguments(parser)


def add_creation_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what create and run have in common."""
    parser.add_argument("--bundle", "-b", default=".", help="directory of config.json")
    parser.add_argument("--console-socket", default="", help="who gets the terminal's master")
    parser.add_argument("--pid-file", default="", help="where to write the pid")
    parser.add_argument("--no-pivot", action="store_true", help="for a root on an initramfs")
    parser.add_argument("--no-new-keyring", action="store_true")
    # Standard streams are all that is passed on; none more is what callers ask for.
    parser.add_argument("--preserve-fds", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("id")


def wishes(options: argparse.Namespace) -> Wishes:
    """Read them."""
    if options.preserve_fds:
        raise InvalidRequest("--preserve-fds is not supported: only standard streams are passed")
    return Wishes(
        root=options.root,
        id=options.id,
        bundle=options.bundle,
        console_socket=options.console_socket,
        pid_file=options.pid_file,
        no_pivot=options.no_pivot,
        no_new_keyring=options.no_new_keyring,
        debug=options.debug,
    )


def run(options: argparse.Namespace) -> int:
    """Do it."""
    wanted = wishes(options)
    created = create(wanted)
    if created.master >= 0:
        created.record.remove()
        raise InvalidRequest("a container with a terminal needs --console-socket")
    return 0
