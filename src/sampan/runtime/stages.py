"""How far a container's start has come, and how a failure there reads. Pure.

The child reports a stage, an errno and a detail as bytes; it can do no better, because
after pivot_root it must not load anything. The monitor, which still has its files, turns
them into the sentence and exit code that Docker's users know.
"""

import errno
import os

# In the order in which a start goes through them.
FORK = 0
CGROUP = 1
NAMESPACES = 2
ROOTFS = 3
MOUNTS = 4
DEVICES = 5
CONSOLE = 6
PATHS = 7
SYSCTL = 8
PIVOT = 9
HOSTNAME = 10
RLIMITS = 11
USER = 12
CWD = 13
CAPABILITIES = 14
SECCOMP = 15
LABELS = 16
EXEC = 17
HOOK = 18
RUNTIME = 19
BUG = 20
CREATE = 21

# A program's name may be longer than any packet.
MOST_SAID = 4096

WHAT = {
    CREATE: "cannot prepare the container",
    FORK: "cannot fork",
    CGROUP: "cannot join the control group",
    NAMESPACES: "cannot make the namespaces",
    ROOTFS: "error mounting the root filesystem",
    MOUNTS: "error mounting",
    DEVICES: "error creating device",
    CONSOLE: "error setting up the terminal",
    PATHS: "error masking",
    SYSCTL: "error setting sysctl",
    PIVOT: "cannot change the root",
    HOSTNAME: "cannot set the host name",
    RLIMITS: "error setting rlimit",
    USER: "cannot change the user",
    CWD: "chdir to cwd",
    CAPABILITIES: "cannot set the capabilities",
    SECCOMP: "cannot load the seccomp filter",
    LABELS: "cannot set the security label",
    HOOK: "error running hook",
    RUNTIME: "OCI runtime failed",
    BUG: "internal error",
}

NOT_FOUND = 127
NOT_EXECUTABLE = 126
NOT_STARTED = 128

MOUNT_HINT = (
    ": Are you trying to mount a directory onto a file (or vice-versa)? "
    "Check if the specified host path exists and is the expected type"
)


def encode(stage: int, number: int, detail: str) -> bytes:
    """Put a failure into a packet."""
    said = detail.encode("utf-8", "surrogateescape")
    return b"F%d %d %s" % (stage, number, said[:MOST_SAID])


def decode(packet: bytes) -> tuple[int, int, str]:
    """Take a failure out of a packet."""
    stage, number, detail = packet[1:].split(b" ", 2)
    return int(stage), int(number), detail.decode("utf-8", "replace")


def reason(number: int) -> str:
    """Say an errno as Go's standard library does, because clients match on these words."""
    return os.strerror(number).lower() if number else "unknown error"


def explain(stage: int, number: int, detail: str) -> tuple[str, int]:
    """Return the sentence and Docker's exit code for a failure."""
    if stage == EXEC:
        words = _explain_exec(number, detail)
    elif stage == CWD:
        words = f'{WHAT[CWD]} ("{detail}") set in config.json failed: {reason(number)}'
    elif stage == BUG or not number:
        words = f"{WHAT[stage]}: {detail}"
    else:
        words = f"{WHAT[stage]} {detail}".rstrip() + f": {reason(number)}"
        if stage == MOUNTS and number == errno.ENOTDIR:
            words += MOUNT_HINT
    return words, exit_code(words)


def exit_code(words: str) -> int:
    """Docker's exit code for a failure, by the same words that Docker goes by.

    moby, daemon/errors.go: setExitCodeFromError.
    """
    if any(mark in words for mark in ("executable file not found", "no such file or directory")):
        return NOT_FOUND
    marks = ("permission denied", "is a directory", "exec format error", "not a directory")
    return NOT_EXECUTABLE if any(mark in words for mark in marks) else NOT_STARTED


def _explain_exec(number: int, detail: str) -> str:
    """Detail is the program, and behind a NUL the interpreter that was looked for."""
    program, _, interpreter = detail.partition("\0")
    if number == errno.ENOENT and interpreter:
        return f'exec: "{program}": interpreter "{interpreter}" not found: {reason(number)}'
    if number == errno.ENOENT and "/" not in program:
        return f'exec: "{program}": executable file not found in $PATH'
    if number == errno.ENOENT:
        return f'exec: "{program}": stat {program}: {reason(number)}'
    if number == errno.EISDIR:
        return f'exec: "{program}": is a directory: permission denied'
    return f'exec: "{program}": {reason(number)}'
