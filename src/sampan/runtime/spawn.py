"""Starting the launcher: a read-only view of the interpreter, and a socket to talk through.

For the daemon and for `sampan-runtime`; the launcher itself does not carry this module.
"""

import os
import socket
import subprocess
import sys

import sampan
from sampan.linux import mounts
from sampan.linux.flags import AT_FDCWD, MOUNT_ATTR_RDONLY
from sampan.runtime import launcher, wire

SOURCE_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(sampan.__file__)))
EXECUTABLE = os.path.realpath(sys.executable)


def open_interpreter() -> int:
    """Open the interpreter through a read-only mount that is in nobody's tree.

    A process of ours that enters a container can be reached there as /proc/PID/exe. Opened
    for writing that must fail even for root, or the container rewrites the interpreter of
    the host (CVE-2019-5736). The mount lives as long as somebody runs from it.
    """
    fd = mounts.open_tree(AT_FDCWD, EXECUTABLE)
    try:
        mounts.mount_setattr(fd, attr_set=MOUNT_ATTR_RDONLY)
        # An O_PATH descriptor can be executed through /proc, which execve(2) needs no more.
        return os.open(f"/proc/self/fd/{fd}", os.O_PATH | os.O_CLOEXEC)
    finally:
        os.close(fd)


def start_launcher() -> tuple["subprocess.Popen[bytes]", socket.socket]:
    """Start a launcher; return the process and the socket for `create` and `exec`.

    Closing the socket ends it.
    """
    ours, theirs = wire.pair()
    interpreter = open_interpreter()
    try:
        process = subprocess.Popen(
            [
                # Python finds its library by the name it was called by.
                EXECUTABLE, "-I", "-S", "-B", "-X", "utf8", launcher.__file__,
                str(theirs.fileno()), SOURCE_ROOT,
            ],
            executable=f"/proc/self/fd/{interpreter}",
            pass_fds=(theirs.fileno(), interpreter),
            stdin=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.defpath},
            # A ^C at the daemon's terminal is not for containers.
            start_new_session=True,
        )  # fmt: skip
    finally:
        theirs.close()
        os.close(interpreter)
    return process, ours
