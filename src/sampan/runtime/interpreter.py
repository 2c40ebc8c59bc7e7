"""Which other file an executable needs to run: the #! line, or ELF's program interpreter.

When that file is missing, execve(2) says "no such file" about a file that is there; this
finds the name that the user has to hear. Pure but for reading one file; loads nothing.
"""

import os

HEAD = 4096
PT_INTERP = 3


def interpreter_of(path: str) -> str:
    """Name of the interpreter that path asks for, "" when it asks for none."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        return ""
    try:
        head = os.read(fd, HEAD)
    except OSError:
        return ""
    finally:
        os.close(fd)
    return parse(head)


def parse(head: bytes) -> str:
    """Interpreter named in the first bytes of an executable."""
    if head[:2] == b"#!":
        words = head[2:].partition(b"\n")[0].split()
        return os.fsdecode(words[0]) if words else ""
    if head[:4] == b"\x7fELF" and len(head) > 64:
        return _elf(head)
    return ""


def _elf(head: bytes) -> str:
    """Walk the program headers of an ELF file (elf(5)), 32 or 64 bits."""
    wide = head[4] == 2
    order = "little" if head[5] == 1 else "big"

    def number(at: int, size: int) -> int:
        return int.from_bytes(head[at : at + size], order)  # type: ignore[arg-type]

    offset = number(32, 8) if wide else number(28, 4)
    size, count = (number(54, 2), number(56, 2)) if wide else (number(42, 2), number(44, 2))
    for index in range(min(count, 64)):
        at = offset + index * size
        if number(at, 4) == PT_INTERP:
            start = number(at + 8, 8) if wide else number(at + 4, 4)
            length = number(at + 32, 8) if wide else number(at + 16, 4)
            return os.fsdecode(head[start : start + length].rstrip(b"\0"))
    return ""
