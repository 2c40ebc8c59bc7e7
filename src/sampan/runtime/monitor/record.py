"""The exit record: how a container ended, for a daemon that was not there to be told."""

import json
import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

NAME = "exit.json"


def write(directory: str, record: "dict[str, Any]") -> None:
    """Write the record whole or not at all; not synced, because the run root is a tmpfs."""
    path = f"{directory}/{NAME}"
    aside = f"{path}.new"
    fd = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        os.write(fd, json.dumps(record).encode())
    finally:
        os.close(fd)
    os.rename(aside, path)


def exit_code(status: int) -> int:
    """Docker's exit code for a wait status: 128 and the signal's number for a killed one."""
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else 128 - code
