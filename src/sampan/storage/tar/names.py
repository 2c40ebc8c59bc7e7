"""Names in an archive: made clean, or refused. Pure.

A clean name is relative, without empty, `.` and `..` parts; "" is the root itself. Absolute names
lose their slash, as with every tar; names that climb out of the root are refused.
"""

from sampan.storage.tar.errors import Breakout, TarError

WHITEOUT = ".wh."
# aufs' own files (.wh..wh.plnk, .wh..wh.orph, …) that old layers carry; nobody wants them.
WHITEOUT_META = ".wh..wh."
OPAQUE = ".wh..wh..opq"


def clean(name: str) -> str:
    """Make a name of an entry clean."""
    if name.startswith("./"):
        name = name[2:]
    name = name.rstrip("/")
    # Nearly all names are clean; "/." also stands for hidden files, which go the long way.
    if name and name[0] not in "./" and "/." not in name and "//" not in name:
        if "\0" in name:
            raise TarError(f"name {name!r} in the archive has a zero byte")
        return name
    parts: list[str] = []
    for part in name.split("/"):
        if part == "..":
            if not parts:
                raise Breakout(f"archive entry {name!r} is outside of the destination")
            parts.pop()
        elif part not in {"", "."}:
            parts.append(part)
    if "\0" in name:
        raise TarError(f"name {name!r} in the archive has a zero byte")
    return "/".join(parts)


def hidden_by(name: str) -> str:
    """Return the name that the whiteout `name` (the last part alone) deletes."""
    hidden = name.removeprefix(WHITEOUT)
    if hidden in {"", ".", ".."}:
        raise Breakout(f"whiteout {name!r} in the archive points outside of its directory")
    return hidden
