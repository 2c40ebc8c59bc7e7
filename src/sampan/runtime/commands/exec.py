"""Run a further program in a running container."""

import argparse
from typing import Any

from sampan.errors import InvalidRequest
from sampan.runtime.oci.exec import Wishes, execute
from sampan.runtime.oci.state import Record
from sampan.runtime.task import read_json


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("--process", "-p", default="", help="file with an OCI process object")
    parser.add_argument("--tty", "-t", action="store_true", help="on a terminal")
    parser.add_argument("--detach", "-d", action="store_true", help="do not stand by")
    parser.add_argument("--console-socket", default="", help="who gets the terminal's master")
    parser.add_argument("--pid-file", default="", help="where to write the pid")
    parser.add_argument("--cwd", default="", help="working directory")
    parser.add_argument("--env", "-e", action="append", default=[], help="NAME=value")
    parser.add_argument("--user", "-u", default="", help="uid or uid:gid, as numbers")
    parser.add_argument("--additional-gids", "-g", type=int, action="append", default=[])
    parser.add_argument("--cap", "-c", action="append", default=[], help="a further capability")
    parser.add_argument("--no-new-privs", action="store_true")
    parser.add_argument("--preserve-fds", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--ignore-paused", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("id")
    parser.add_argument("command", nargs=argparse.REMAINDER)


def run(options: argparse.Namespace) -> int:
    """Do it."""
    record = Record.load(options.root, options.id)
    if options.process:
        process = read_json(options.process)
    else:
        spec = read_json(f"{record.document['bundle']}/config.json")
        process = changed(spec["process"], options)
    if not process.get("args"):
        raise InvalidRequest("exec needs a program to run")
    return execute(
        record,
        Wishes(
            process=process,
            detach=options.detach,
            console_socket=options.console_socket,
            pid_file=options.pid_file,
        ),
    )


def changed(process: dict[str, Any], options: argparse.Namespace) -> dict[str, Any]:
    """Return the container's process with what the command line changes."""
    found = {**process, "args": options.command, "terminal": options.tty}
    found["env"] = [*(process.get("env") or ()), *options.env]
    if options.cwd:
        found["cwd"] = options.cwd
    if options.no_new_privs:
        found["noNewPrivileges"] = True
    if options.user:
        found["user"] = _user(options.user)
    if options.additional_gids:
        found["user"] = {**found["user"], "additionalGids": options.additional_gids}
    if options.cap:
        sets = process.get("capabilities") or {}
        found["capabilities"] = {
            **sets,
            **{
                kind: [*(sets.get(kind) or ()), *options.cap]
                for kind in ("bounding", "effective", "permitted")
            },
        }
    return found


def _user(text: str) -> dict[str, Any]:
    uid, _, gid = text.partition(":")
    if not uid.isdecimal() or (gid and not gid.isdecimal()):
        raise InvalidRequest(f"--user takes numbers, not {text!r}")
    return {"uid": int(uid), "gid": int(gid or 0)}
