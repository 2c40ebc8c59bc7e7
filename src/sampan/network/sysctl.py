"""Reading and writing /proc/sys/net of the calling thread's network namespace.

Writes only what differs, so that a read-only /proc/sys that is right already is no error.
"""

import os

ROOT = "/proc/sys/net"


def read(name: str) -> str:
    """Return a value; "" where the kernel has no such setting."""
    try:
        with open(f"{ROOT}/{name}", encoding="ascii") as file:
            return file.read().strip()
    except FileNotFoundError:
        return ""


def write(name: str, value: str) -> bool:
    """Set a value; return whether it had another one. Settings the kernel lacks are left."""
    if read(name) in {value, ""}:
        return False
    set_blindly(name, value)
    return True


def set_blindly(name: str, value: str) -> None:
    """Set a value without looking first; nothing happens where the kernel has no such setting."""
    try:
        fd = os.open(f"{ROOT}/{name}", os.O_WRONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        os.write(fd, value.encode())
    finally:
        os.close(fd)
