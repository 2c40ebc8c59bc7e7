"""Making a process fit to enter a container: signals, imports, and who may look into it."""

import os
import signal
import sys

from sampan.linux import prctl, sigaction


def set_signals() -> None:
    """Give every signal the meaning that a program expects to find.

    A handler that does nothing, rather than SIG_IGN, for those we must not die of: being
    ignored survives execve, and `yes | head` in a container would never end. Python itself
    ignores SIGPIPE and SIGXFSZ; a ^C at the daemon's terminal is not for us; the end of a child
    only has to wake us.
    """
    for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
        signal.signal(number, signal.SIG_DFL)
    # Under nohup, make's children ignore these too, and they are not in Python's reach.
    for hidden in sigaction.OF_LIBC:
        sigaction.set_default(hidden)
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGCHLD):
        signal.signal(number, _do_nothing)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())


def _do_nothing(*_: object) -> None:
    """Handle a signal."""


def close_imports() -> None:
    """From here on an import fails, instead of loading something from a container."""
    sys.path.clear()
    sys.path_hooks.clear()
    sys.path_importer_cache.clear()
    sys.meta_path.clear()


def become_harmless(name: str, *, die_with_parent: bool = True) -> None:
    """Begin the life of a process that is going to be a container's program."""
    prctl.set_name(name)
    if die_with_parent:
        prctl.set_pdeathsig(signal.SIGKILL)
    # Others in the container's pid namespace must not trace us, nor open through /proc/PID what
    # we have open (CVE-2016-9962). The interpreter behind /proc/PID/exe is on a read-only mount
    # (CVE-2019-5736).
    prctl.set_dumpable(dumpable=False)
    os.setsid()
