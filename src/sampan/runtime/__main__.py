"""`sampan-runtime`: OCI bundles by hand, or for whoever drives runc: same verbs, same flags.

Verbs are modules of sampan.runtime.commands, loaded one at a time. What they do is in
sampan.runtime.oci.
"""

import argparse
import importlib
import json
import os
import sys

from sampan.base import clock
from sampan.errors import SampanError
from sampan.linux import mounts
from sampan.linux.flags import AT_FDCWD, MOUNT_ATTR_RDONLY
from sampan.runtime.oci.defaults import DEFAULT_ROOT, OCI_VERSION
from sampan.version import VERSION

VERBS = (
    "create", "delete", "exec", "features", "kill", "list", "pause", "ps", "resume", "run",
    "spec", "start", "state", "update",
)  # fmt: skip
WITH_VALUE = {"--root", "--log", "--log-format", "--rootless", "--criu"}
# Verbs whose process, or a child of it, enters a container.
ENTERING = {"create", "exec", "run"}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; return the exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    verb = _verb(given)
    if verb in ENTERING:
        protect_interpreter()
    options = _parser(verb).parse_args(given)
    if not options.verb:
        _parser("").print_help()
        return 1
    try:
        return int(options.run(options))
    except (SampanError, OSError, ValueError) as error:
        _complain(options, str(error))
        return 1


def _verb(given: list[str]) -> str:
    """Find the command: the first word that is neither an option nor an option's value."""
    words = iter(given)
    for word in words:
        if word in WITH_VALUE:
            next(words, "")
        elif not word.startswith("-"):
            return word
    return ""


def protect_interpreter() -> None:
    """Run from a read-only view of the interpreter.

    The container's program may be /proc/self/exe, that is: us. Opened for writing that must
    fail even for root (CVE-2019-5736).
    """
    if not os.access("/proc/self/exe", os.W_OK):
        return
    fd = mounts.open_tree(AT_FDCWD, os.path.realpath(sys.executable))
    mounts.mount_setattr(fd, attr_set=MOUNT_ATTR_RDONLY)
    os.execve(f"/proc/self/fd/{fd}", [sys.executable, *sys.orig_argv[1:]], os.environ)


def _parser(verb: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sampan-runtime", description="Create and run containers from OCI bundles."
    )
    version = f"sampan-runtime version {VERSION}\nspec: {OCI_VERSION}"
    parser.add_argument("--version", "-v", action="version", version=version)
    parser.add_argument("--root", default=DEFAULT_ROOT, help="directory of container state")
    parser.add_argument("--log", default="", help="file for errors, besides standard error")
    parser.add_argument("--log-format", default="text", choices=["text", "json"])
    parser.add_argument("--debug", action="store_true", help="print what is about to be done")
    # Accepted because callers of runc pass them; control groups are always made directly.
    parser.add_argument("--systemd-cgroup", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rootless", default="auto", help=argparse.SUPPRESS)
    parser.add_argument("--criu", default="", help=argparse.SUPPRESS)
    parsers = parser.add_subparsers(dest="verb", metavar="COMMAND")
    for name in VERBS:
        # Only the one asked for is loaded; the others are names.
        sub = parsers.add_parser(name)
        if name == verb:
            module = importlib.import_module(f"sampan.runtime.commands.{name}")
            sub.description = module.__doc__
            module.add_arguments(sub)
            sub.set_defaults(run=module.run)
    return parser


def _complain(options: argparse.Namespace, text: str) -> None:
    sys.stderr.write(f"sampan-runtime: {text}\n")
    if not options.log:
        return
    with open(options.log, "a", encoding="utf-8") as file:
        if options.log_format == "json":
            record = {"level": "error", "msg": text, "time": clock.now()}
            file.write(json.dumps(record) + "\n")
        else:
            file.write(f'time="{clock.now()}" level=error msg={json.dumps(text)}\n')


if __name__ == "__main__":
    sys.exit(main())
