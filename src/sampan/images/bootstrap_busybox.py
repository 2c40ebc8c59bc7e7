"""An image of busybox: the static binary of Debian's busybox-static, and a link for each applet."""

import os
import subprocess
from collections.abc import Iterator

from sampan.base import clock
from sampan.errors import Unavailable
from sampan.images import config
from sampan.images.progress import Report
from sampan.images.shelf import Shelf
from sampan.oci.reference import Reference
from sampan.storage.tar import header, writer
from sampan.storage.tar.header import Entry

PATHS = ("/bin/busybox", "/usr/bin/busybox")
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

DIRECTORIES = (
    ("bin/", 0o755),
    ("dev/", 0o755),
    ("etc/", 0o755),
    ("home/", 0o755),
    ("lib/", 0o755),
    ("proc/", 0o755),
    ("root/", 0o700),
    ("sys/", 0o755),
    ("tmp/", 0o1777),
    ("usr/", 0o755),
    ("usr/bin/", 0o755),
    ("usr/sbin/", 0o755),
    ("var/", 0o755),
    ("var/spool/", 0o755),
    ("var/spool/mail/", 0o755),
    ("var/www/", 0o755),
)
FILES = {
    "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n"
    "daemon:x:1:1:daemon:/usr/sbin:/bin/false\n"
    "bin:x:2:2:bin:/bin:/bin/false\n"
    "sys:x:3:3:sys:/dev:/bin/false\n"
    "mail:x:8:8:mail:/var/spool/mail:/bin/false\n"
    "www-data:x:33:33:www-data:/var/www:/bin/false\n"
    "nobody:x:65534:65534:nobody:/home:/bin/false\n",
    "etc/group": "root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\n"
    "disk:x:6:\nmail:x:8:\nwheel:x:10:root\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n",
    "etc/shadow": "root:*:::::::\ndaemon:*:::::::\nnobody:*:::::::\n",
    "etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}


def make(shelf: Shelf, name: Reference, report: Report) -> None:
    """Make the image."""
    binary = next((path for path in PATHS if os.access(path, os.X_OK)), None)
    if binary is None:
        raise Unavailable("busybox is not installed: install the package busybox-static")
    report({"status": f"Taking {binary}", "id": name.familiar})
    applets = _applets(binary)
    with open(binary, "rb") as opened:
        content = opened.read()
    _check_static(binary, content)
    staged = shelf.snapshots.stage(_archive(content, applets))
    try:
        now = clock.now()
        made = config.build(
            platform=config.platform(""),
            config={"Cmd": ["sh"], "Env": [PATH]},
            diff_ids=[staged.diff_id],
            history=[config.step(now, command="sampan image bootstrap", comment="busybox-static")],
            created=now,
        )
        identity = shelf.put(made, [staged], names=[name])
    finally:
        staged.abort()
    report({"status": f"Made {name.familiar} with {len(applets)} commands", "id": name.familiar})
    report({"status": identity, "aux": {"ID": identity}})


def _applets(binary: str) -> list[str]:
    listed = subprocess.run(
        [binary, "--list"], capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL
    )
    return sorted(set(listed.stdout.split()) - {"busybox"})


def _check_static(path: str, content: bytes) -> None:
    """Refuse a binary that would look for libraries the image has not got."""
    # An ELF program header of type PT_INTERP (3) names the dynamic loader.
    if content[:4] != b"\x7fELF" or content[4] != 2:
        raise Unavailable(f"{path} is no 64-bit program")
    start = int.from_bytes(content[32:40], "little")
    size = int.from_bytes(content[54:56], "little")
    count = int.from_bytes(content[56:58], "little")
    kinds = [
        int.from_bytes(content[start + at * size : start + at * size + 4], "little")
        for at in range(count)
    ]
    if 3 in kinds:
        raise Unavailable(f"{path} needs shared libraries: install the package busybox-static")


def _archive(content: bytes, applets: list[str]) -> Iterator[bytes]:
    for path, mode in DIRECTORIES:
        yield writer.head(Entry(path, header.DIRECTORY, mode=mode))
    yield _file("bin/busybox", content, 0o755)
    for applet in applets:
        link = Entry(f"bin/{applet}", header.SYMLINK, mode=0o777)
        link.linkname = "busybox"
        yield writer.head(link)
    # Scripts ask for it by this path.
    env = Entry("usr/bin/env", header.SYMLINK, mode=0o777)
    env.linkname = "../../bin/busybox"
    yield writer.head(env)
    for path, text in FILES.items():
        yield _file(path, text.encode(), 0o640 if path == "etc/shadow" else 0o644)
    yield writer.END


def _file(path: str, content: bytes, mode: int) -> bytes:
    entry = Entry(path, mode=mode, size=len(content))
    return writer.head(entry) + content + writer.padding(len(content))
