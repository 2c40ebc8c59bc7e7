"""Who on this host listens on a port: found through /proc, to be named in a refusal.

    /proc/net/tcp    local address, state and socket inode of every socket of the namespace
    /proc/PID/fd     links to socket:[inode]

A guess made after the fact for people to read; "" when nothing is found.
"""

import os
from collections.abc import Iterator

_LISTEN = "0A"


def find_holder(protocol: str, port: int) -> str:
    """Return "process NAME (pid N)" of whoever holds a port; "" when it cannot be seen."""
    inodes = set(_inodes(protocol, port))
    if not inodes:
        return ""
    for pid in os.listdir("/proc"):
        if pid.isdigit() and _has_socket(pid, inodes):
            return f"process {_name(pid)} (pid {pid})"
    return ""


def _inodes(protocol: str, port: int) -> Iterator[str]:
    for suffix in ("", "6"):
        try:
            with open(f"/proc/thread-self/net/{protocol}{suffix}", encoding="ascii") as table:
                lines = table.read().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            # sl local_address rem_address st ... inode is the tenth (proc(5))
            fields = line.split()
            local = int(fields[1].rpartition(":")[2], 16)
            if local == port and (protocol != "tcp" or fields[3] == _LISTEN):
                yield f"socket:[{fields[9]}]"


def _has_socket(pid: str, inodes: set[str]) -> bool:
    try:
        for fd in os.listdir(f"/proc/{pid}/fd"):
            if os.readlink(f"/proc/{pid}/fd/{fd}") in inodes:
                return True
    except OSError:
        return False  # it ended meanwhile, or is not ours to look into
    return False


def _name(pid: str) -> str:
    try:
        with open(f"/proc/{pid}/comm", encoding="utf-8", errors="replace") as file:
            return file.read().strip()
    except OSError:
        return "?"
