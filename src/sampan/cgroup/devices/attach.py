"""Putting a device program on a v2 group, in the place of the one before."""

import os

from sampan.linux import bpf


def replace(directory: str, program: bytes) -> None:
    """Attach the program, then take off what was there: no moment without rules.

    Multi, because the groups above (systemd's, another runtime's) have programs of their own,
    and all must agree (kernel commit 324bda9e6c5a).
    """
    group = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        old = bpf.prog_query(group, bpf.CGROUP_DEVICE)
        fd = bpf.prog_load(bpf.PROG_TYPE_CGROUP_DEVICE, program, "sampan_devices")
        try:
            bpf.prog_attach(group, fd, bpf.CGROUP_DEVICE, bpf.F_ALLOW_MULTI)
        finally:
            # The group holds it from here on.
            os.close(fd)
        for number in old:
            _detach(group, number)
    finally:
        os.close(group)


def _detach(group: int, number: int) -> None:
    fd = bpf.prog_get_fd_by_id(number)
    try:
        bpf.prog_detach(group, fd, bpf.CGROUP_DEVICE)
    finally:
        os.close(fd)
