"""The kernel's interface files: reading and writing them, with errors that say what was tried."""

import errno
import os

# Most interface files are far shorter, and a larger buffer costs more than another read.
BLOCK = 4096


def write(path: str, *texts: str) -> None:
    """Write values, each in one write(2), as the kernel wants it."""
    text = ""
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            for text in texts:
                os.write(fd, text.encode())
        finally:
            os.close(fd)
    except OSError as error:
        tried = f"cannot write {text!r} to {os.path.basename(path)}"
        raise OSError(error.errno, tried, path) from error


def read(path: str) -> str:
    """Read a whole file."""
    fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        data = more = os.read(fd, BLOCK)
        while more:
            more = os.read(fd, BLOCK)
            data += more
        return data.decode()
    finally:
        os.close(fd)


def read_or(path: str, default: str) -> str:
    """Read a file that this kernel, or this group, may not have."""
    try:
        return read(path)
    except OSError as error:
        # EOPNOTSUPP and ENODEV: the file is there, but its controller is not on.
        if error.errno in (errno.ENOENT, errno.ENODEV, errno.EOPNOTSUPP):
            return default
        raise


def number(path: str) -> int:
    """Read one number; 0 when there is no such file, -1 for "max"."""
    text = read_or(path, "0").strip()
    return -1 if text == "max" else int(text)


def table(path: str) -> dict[str, int]:
    """Read lines of a word and a number; empty when there is no such file."""
    found = {}
    for line in read_or(path, "").splitlines():
        key, _, value = line.partition(" ")
        if value.isdecimal():
            found[key] = int(value)
    return found


def pids(directory: str) -> list[int]:
    """Read the processes of one group; none when it is gone."""
    return [int(line) for line in read_or(f"{directory}/cgroup.procs", "").split()]


def below(directory: str) -> list[str]:
    """Return the group and all groups below it, the deepest first."""
    try:
        # A directory has one link for each directory in it (".."), and two of its own.
        if os.stat(directory).st_nlink == 2:
            return [directory]
        with os.scandir(directory) as entries:
            children = [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except FileNotFoundError:
        return []
    return [*(group for child in children for group in below(child)), directory]
