"""The command line's modules compiled into one file, for a faster start.

    python -m sampan.cli.bundle SOURCE TARGET

Finding, opening and checking some 35 files is a third of what `sampan ps` takes.

    8 bytes     length of the index, big-endian
    index       marshalled: version of Python, module name to Entry
    code        marshalled code objects, one after the other

bin/sampan imports from it, and goes to the source for every module that has changed since, so
nobody ever runs stale code. Not used by the daemon.
"""

from __future__ import annotations

import marshal
import os
import sys

# The rooms of the client half. Rooms that are not there yet are left out.
ROOMS = ("base", "cli", "client", "compose", "dashboard", "http")
# What runs must be what was compiled: bytecode differs between versions of Python.
STAMP = sys.hexversion

# Is it a package; its source's path, modification time and size; where its code is, how long.
Entry = tuple[bool, str, int, int, int, int]


def modules(source: str) -> dict[str, tuple[str, os.stat_result, bytes]]:
    """Compile every module of the client half below a source directory."""
    package = os.path.join(source, "sampan")
    found: dict[str, tuple[str, os.stat_result, bytes]] = {}
    for name in sorted(os.listdir(package)):
        path = os.path.join(package, name)
        if name.endswith(".py"):
            found.update([_compiled(source, path)])
        elif name in ROOMS:
            for directory, _, files in os.walk(path):
                paths = [os.path.join(directory, file) for file in files]
                found.update(_compiled(source, one) for one in paths if one.endswith(".py"))
    return found


def write(source: str, target: str) -> None:
    """Write the bundle, whole or not at all."""
    index: dict[str, Entry] = {}
    codes = []
    at = 0
    for name, (path, found, code) in modules(source).items():
        package = path.endswith("__init__.py")
        index[name] = (package, path, found.st_mtime_ns, found.st_size, at, len(code))
        codes.append(code)
        at += len(code)
    head = marshal.dumps((STAMP, index))
    beside = f"{target}.{os.getpid()}"
    with open(beside, "wb") as file:
        file.write(b"".join([len(head).to_bytes(8, "big"), head, *codes]))
    os.replace(beside, target)


def _compiled(source: str, path: str) -> tuple[str, tuple[str, os.stat_result, bytes]]:
    with open(path, "rb") as file:
        text = file.read()
        found = os.fstat(file.fileno())
    # Level 2 leaves docstrings and assertions out, which only cost time here.
    code = compile(text, path, "exec", dont_inherit=True, optimize=2)
    name = os.path.relpath(path, source).removesuffix(".py").replace(os.sep, ".")
    return name.removesuffix(".__init__"), (path, found, marshal.dumps(code))


if __name__ == "__main__":
    write(os.path.abspath(sys.argv[1]), sys.argv[2])
