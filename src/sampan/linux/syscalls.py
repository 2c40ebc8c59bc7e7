"""Numbers of the system calls that libc has no wrapper for, per machine.

The only place that knows an architecture. Calls from 424 on carry one number on every
machine (Linux 5.1, commit 7948450d4556); older ones differ.
"""

import os

OPEN_TREE = 428
MOVE_MOUNT = 429
FSOPEN = 430
FSCONFIG = 431
FSMOUNT = 432
PIDFD_OPEN = 434
PIDFD_SEND_SIGNAL = 424
CLOSE_RANGE = 436
OPENAT2 = 437
MOUNT_SETATTR = 442

_OLD = {
    "x86_64": {"rt_sigaction": 13, "pivot_root": 155, "keyctl": 250, "seccomp": 317, "bpf": 321},
    "aarch64": {"rt_sigaction": 134, "pivot_root": 41, "keyctl": 219, "seccomp": 277, "bpf": 280},
}

MACHINE = os.uname().machine


def number(name: str) -> int:
    """Number of an older call on this machine; NotImplementedError elsewhere."""
    try:
        return _OLD[MACHINE][name]
    except KeyError:
        raise NotImplementedError(f"system call {name} is not known on {MACHINE}") from None
