"""From OCI's linux.seccomp to a BPF program, through libseccomp; for the daemon only.

Compiling takes 12 to 16 ms, so that programs are kept by the hash of what they were made
from; the launcher and its children only read the file and never load libseccomp.
"""

import hashlib
import json
import os
import struct
import tempfile
from collections.abc import Iterable, Mapping
from typing import Any

import pyseccomp

from sampan.base import files
from sampan.errors import InvalidRequest, NotImplemented_

ACTIONS = {
    "SCMP_ACT_KILL": pyseccomp.KILL_THREAD,
    "SCMP_ACT_KILL_THREAD": pyseccomp.KILL_THREAD,
    "SCMP_ACT_KILL_PROCESS": pyseccomp.KILL_PROCESS,
    "SCMP_ACT_TRAP": pyseccomp.TRAP,
    "SCMP_ACT_LOG": pyseccomp.LOG,
    "SCMP_ACT_ALLOW": pyseccomp.ALLOW,
}
OPERATORS = {
    "SCMP_CMP_NE": pyseccomp.NE,
    "SCMP_CMP_LT": pyseccomp.LT,
    "SCMP_CMP_LE": pyseccomp.LE,
    "SCMP_CMP_EQ": pyseccomp.EQ,
    "SCMP_CMP_GE": pyseccomp.GE,
    "SCMP_CMP_GT": pyseccomp.GT,
    "SCMP_CMP_MASKED_EQ": pyseccomp.MASKED_EQ,
}
ARCHITECTURES = {
    "SCMP_ARCH_X86": pyseccomp.Arch.X86,
    "SCMP_ARCH_X86_64": pyseccomp.Arch.X86_64,
    "SCMP_ARCH_X32": pyseccomp.Arch.X32,
    "SCMP_ARCH_ARM": pyseccomp.Arch.ARM,
    "SCMP_ARCH_AARCH64": pyseccomp.Arch.AARCH64,
    "SCMP_ARCH_PPC64LE": pyseccomp.Arch.PPC64LE,
    "SCMP_ARCH_S390": pyseccomp.Arch.S390,
    "SCMP_ARCH_S390X": pyseccomp.Arch.S390X,
    "SCMP_ARCH_RISCV64": pyseccomp.Arch.RISCV64,
}
EPERM = 1
SEARCH_TREE = 2
ENOSYS = 38
# Numbers above this one are x32's, on the architecture of x86-64.
X32 = 0x40000000

# struct sock_filter and the instructions of the prologue (linux/filter.h).
INSTRUCTION = struct.Struct("=HBBI")
LOAD, JUMP, JUMP_EQUAL, JUMP_GREATER, JUMP_GREATER_EQUAL, RETURN = (
    0x20, 0x05, 0x15, 0x25, 0x35, 0x06,
)  # fmt: skip
OFFSET_NUMBER = 0
OFFSET_ARCHITECTURE = 4


def cached(seccomp: Mapping[str, Any], directory: str) -> str:
    """Return the file of the program for linux.seccomp, compiling it when it is not there."""
    text = json.dumps(seccomp, sort_keys=True, separators=(",", ":"))
    path = f"{directory}/{hashlib.sha256(text.encode()).hexdigest()}.bpf"
    if not os.path.exists(path):
        os.makedirs(directory, mode=0o700, exist_ok=True)
        files.replace(path, compile_bpf(seccomp), 0o600)
    return path


def compile_bpf(seccomp: Mapping[str, Any]) -> bytes:
    """Compile linux.seccomp; InvalidRequest when it makes no sense."""
    if seccomp.get("listenerPath"):
        raise NotImplemented_("seccomp profiles with a listener are not supported")
    default = _action(seccomp["defaultAction"], seccomp.get("defaultErrnoRet"))
    filter_ = pyseccomp.SyscallFilter(default)
    # A search tree instead of a list (libseccomp 2.5): the kernel tries the program on every
    # call number when it is loaded, which took 0.9 ms of each container's start (measured).
    filter_.set_attr(pyseccomp.Attr.CTL_OPTIMIZE, SEARCH_TREE)
    architectures = [_architecture(name) for name in seccomp.get("architectures") or ()]
    for architecture in architectures:
        if architecture not in {pyseccomp.Arch.NATIVE, pyseccomp.system_arch()}:
            filter_.add_arch(architecture)
    for rule in seccomp.get("syscalls") or ():
        _add_rule(filter_, rule, default)
    program = _export(filter_)
    if default in {pyseccomp.ALLOW, pyseccomp.LOG, pyseccomp.ERRNO(ENOSYS)}:
        return program
    native = pyseccomp.system_arch()
    return _prologue({native, *architectures}, seccomp.get("syscalls") or ()) + program


def _architecture(name: str) -> int:
    if name not in ARCHITECTURES:
        raise InvalidRequest(f"invalid seccomp architecture: {name}")
    return int(ARCHITECTURES[name])


def _action(name: str, number: int | None) -> int:
    if name == "SCMP_ACT_ERRNO":
        return int(pyseccomp.ERRNO(EPERM if number is None else number))
    if name == "SCMP_ACT_TRACE":
        return int(pyseccomp.TRACE(EPERM if number is None else number))
    if name not in ACTIONS:
        raise InvalidRequest(f"invalid seccomp action: {name}")
    return int(ACTIONS[name])


def _add_rule(
    filter_: pyseccomp.SyscallFilter, rule: Mapping[str, Any], default: int
) -> None:
    action = _action(rule["action"], rule.get("errnoRet"))
    if action == default:
        # libseccomp refuses rules that change nothing.
        return
    arguments = [_argument(argument) for argument in rule.get("args") or ()]
    indexes = [argument["index"] for argument in rule.get("args") or ()]
    for name in rule["names"]:
        number = pyseccomp.resolve_syscall(pyseccomp.Arch.NATIVE, name)
        if number == -1:
            # Unknown to this libseccomp: newer than it, or another machine's.
            continue
        if len(set(indexes)) == len(indexes):
            filter_.add_rule(action, number, *arguments)
        else:
            # Several conditions on one argument mean any of them (runc, matchCall).
            for argument in arguments:
                filter_.add_rule(action, number, argument)


def _argument(argument: Mapping[str, Any]) -> pyseccomp.Arg:
    operator = argument.get("op")
    if operator not in OPERATORS:
        raise InvalidRequest(f"invalid seccomp operator: {operator}")
    value, second = argument.get("value", 0), argument.get("valueTwo", 0)
    return pyseccomp.Arg(argument["index"], OPERATORS[operator], value, second)


def _export(filter_: pyseccomp.SyscallFilter) -> bytes:
    with tempfile.TemporaryFile() as file:
        filter_.export_bpf(file)
        file.seek(0)
        return file.read()


def _prologue(architectures: Iterable[int], rules: Iterable[Mapping[str, Any]]) -> bytes:
    """Answer ENOSYS for calls newer than the profile, whatever its default says.

    Libraries try a new call and fall back on ENOSYS; with EPERM they give up (as glibc did
    with clone3 and faccessat2). runc does the same (libcontainer/seccomp/patchbpf).
    """
    names = {name for rule in rules for name in rule["names"]}
    blocks = []
    for architecture in sorted(architectures):
        if architecture == pyseccomp.Arch.X32:
            # Shares x86-64's token; its numbers are excepted below.
            continue
        numbers = [pyseccomp.resolve_syscall(architecture, name) for name in names]
        largest = max((number for number in numbers if number >= 0), default=0)
        blocks.append(_newer_is_enosys(architecture, largest))
    load = INSTRUCTION.pack(LOAD, 0, 0, OFFSET_ARCHITECTURE)
    rest = sum(len(block) for block in blocks) // INSTRUCTION.size
    for index, block in enumerate(blocks):
        rest -= len(block) // INSTRUCTION.size
        # The last instruction of each block jumps over the others, into the program.
        blocks[index] = block[: -INSTRUCTION.size] + INSTRUCTION.pack(JUMP, 0, 0, rest)
    return load + b"".join(blocks)


def _newer_is_enosys(architecture: int, largest: int) -> bytes:
    instructions = (
        (JUMP_EQUAL, 0, 5, architecture),
        (LOAD, 0, 0, OFFSET_NUMBER),
        (JUMP_GREATER_EQUAL, 2, 0, X32),
        (JUMP_GREATER, 0, 1, largest),
        (RETURN, 0, 0, pyseccomp.ERRNO(ENOSYS)),
        (JUMP, 0, 0, 0),
    )
    return b"".join(INSTRUCTION.pack(*instruction) for instruction in instructions)
