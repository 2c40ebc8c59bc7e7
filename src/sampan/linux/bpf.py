"""bpf(2) for programs on control groups: load, attach, detach, query.

One function per command, the kernel's names. What a program does is decided elsewhere; no maps,
no other program types.
"""

import os
from ctypes import (
    Structure,
    addressof,
    c_char,
    c_char_p,
    c_int,
    c_uint,
    c_uint32,
    c_uint64,
    c_void_p,
    cast,
    create_string_buffer,
    sizeof,
)

from sampan.linux.libc import check, declare_syscall
from sampan.linux.syscalls import number

# enum bpf_cmd
PROG_LOAD = 5
PROG_ATTACH = 8
PROG_DETACH = 9
PROG_GET_FD_BY_ID = 13
PROG_QUERY = 16

PROG_TYPE_CGROUP_DEVICE = 15  # enum bpf_prog_type
CGROUP_DEVICE = 6  # enum bpf_attach_type
F_ALLOW_MULTI = 2

LOG_SIZE = 65536
# Far more programs than the kernel lets one group have (BPF_CGROUP_MAX_PROGS).
MOST = 64


class ProgLoad(Structure):
    """union bpf_attr for BPF_PROG_LOAD, up to prog_name."""

    _fields_ = (
        ("prog_type", c_uint32),
        ("insn_cnt", c_uint32),
        ("insns", c_uint64),
        ("license", c_uint64),
        ("log_level", c_uint32),
        ("log_size", c_uint32),
        ("log_buf", c_uint64),
        ("kern_version", c_uint32),
        ("prog_flags", c_uint32),
        ("prog_name", c_char * 16),
    )


class ProgAttach(Structure):
    """union bpf_attr for BPF_PROG_ATTACH and BPF_PROG_DETACH."""

    _fields_ = (
        ("target_fd", c_uint32),
        ("attach_bpf_fd", c_uint32),
        ("attach_type", c_uint32),
        ("attach_flags", c_uint32),
    )


class ProgQuery(Structure):
    """union bpf_attr for BPF_PROG_QUERY."""

    _fields_ = (
        ("target_fd", c_uint32),
        ("attach_type", c_uint32),
        ("query_flags", c_uint32),
        ("attach_flags", c_uint32),
        ("prog_ids", c_uint64),
        ("prog_cnt", c_uint32),
    )


class GetFd(Structure):
    """union bpf_attr for BPF_PROG_GET_FD_BY_ID."""

    _fields_ = (("prog_id", c_uint32), ("next_id", c_uint32), ("open_flags", c_uint32))


_bpf = declare_syscall(number("bpf"), c_int, c_void_p, c_uint)


def prog_load(kind: int, instructions: bytes, name: str) -> int:
    """BPF_PROG_LOAD; return the program's descriptor. The kernel sets O_CLOEXEC by itself."""
    license_ = c_char_p(b"Apache-2.0")
    code = create_string_buffer(instructions, len(instructions))
    attributes = ProgLoad(
        prog_type=kind,
        insn_cnt=len(instructions) // 8,
        insns=addressof(code),
        license=cast(license_, c_void_p).value,
        prog_name=name.encode()[:15],
    )
    try:
        return _call(PROG_LOAD, attributes)
    except OSError as error:
        raise OSError(error.errno, f"bpf: {error.strerror}: {_why(attributes)}") from error


def prog_attach(target_fd: int, prog_fd: int, attach_type: int, flags: int) -> None:
    """BPF_PROG_ATTACH."""
    _call(PROG_ATTACH, ProgAttach(target_fd, prog_fd, attach_type, flags))


def prog_detach(target_fd: int, prog_fd: int, attach_type: int) -> None:
    """BPF_PROG_DETACH."""
    _call(PROG_DETACH, ProgAttach(target_fd, prog_fd, attach_type, 0))


def prog_query(target_fd: int, attach_type: int) -> list[int]:
    """BPF_PROG_QUERY; return the ids of the programs attached to the group itself."""
    ids = (c_uint32 * MOST)()
    attributes = ProgQuery(
        target_fd=target_fd, attach_type=attach_type, prog_ids=addressof(ids), prog_cnt=MOST
    )
    _call(PROG_QUERY, attributes)
    return list(ids[: attributes.prog_cnt])


def prog_get_fd_by_id(prog_id: int) -> int:
    """BPF_PROG_GET_FD_BY_ID."""
    return _call(PROG_GET_FD_BY_ID, GetFd(prog_id=prog_id))


def _call(command: int, attributes: Structure) -> int:
    return check(_bpf(command, addressof(attributes), sizeof(attributes)))


def _why(attributes: ProgLoad) -> str:
    """Load once more with the verifier's log, and return its last line."""
    log = create_string_buffer(LOG_SIZE)
    attributes.log_level = 1
    attributes.log_size = LOG_SIZE
    attributes.log_buf = addressof(log)
    try:
        os.close(_call(PROG_LOAD, attributes))
    except OSError:
        return log.value.decode(errors="replace").strip().rpartition("\n")[2]
    return ""
