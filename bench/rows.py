"""The rows of the comparison: each is a name, how to prepare, one measured go, and how to clean up.

A row's `go` runs the work once and returns seconds. What a row leaves behind goes in `done`.
"""

import concurrent.futures
import os
import pathlib
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable
from typing import NamedTuple

from bench.engines import Engine

IMAGE = "bench-busybox"
# A hundred megabytes of lines of 62 bytes.
LINE = "0123456789" * 6 + "0"
TALK = f"yes {LINE} | head -c 100000000"
SCRATCH = pathlib.Path(tempfile.gettempdir()) / "sampan-bench"


class Row(NamedTuple):
    """One line of the table. budget is the highest ratio allowed."""

    name: str
    budget: float
    goes: int
    go: Callable[[Engine], float]
    before: Callable[[Engine], None] | None = None
    done: Callable[[Engine], None] | None = None


def timed(work: Callable[[], object]) -> float:
    """Seconds that `work` took."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def busybox(engine: Engine) -> None:
    """Import the one small image all rows use."""
    archive = SCRATCH / "busybox.tar"
    if not archive.exists():
        SCRATCH.mkdir(exist_ok=True)
        with tarfile.open(archive, "w") as tar:
            tar.add("/bin/busybox", "bin/busybox")
            applets = subprocess.run(
                ["/bin/busybox", "--list"], capture_output=True, text=True, check=True
            )
            for applet in applets.stdout.split():
                if applet != "busybox":
                    link = tarfile.TarInfo(f"bin/{applet}")
                    link.type, link.linkname = tarfile.SYMTYPE, "busybox"
                    tar.addfile(link)
            for name in ("tmp", "etc", "root"):
                folder = tarfile.TarInfo(name)
                folder.type, folder.mode = tarfile.DIRTYPE, 0o755
                tar.addfile(folder)
    engine.docker("import", str(archive), IMAGE)


def run(network: str) -> Callable[[Engine], float]:
    """One foreground container that does nothing."""
    return lambda engine: timed(
        lambda: engine.docker("run", "--rm", "--network", network, IMAGE, "true")
    )


def start_sleeper(engine: Engine) -> None:
    """A container to exec into."""
    engine.docker("run", "-d", "--name", "bench-sleeper", IMAGE, "sleep", "1000000")


def stop_sleeper(engine: Engine) -> None:
    """Remove it."""
    engine.docker("rm", "-f", "bench-sleeper")


def exec_true(engine: Engine) -> float:
    """Exec in a running container."""
    return timed(lambda: engine.docker("exec", "bench-sleeper", "true"))


def restart(engine: Engine) -> float:
    """Restart without grace."""
    return timed(lambda: engine.docker("restart", "-t", "0", "bench-sleeper"))


def start_twenty(engine: Engine) -> float:
    """Twenty detached containers at once."""

    def one(number: int) -> None:
        engine.docker("run", "-d", "--name", f"bench-{number}", IMAGE, "sleep", "1000000")

    with concurrent.futures.ThreadPoolExecutor(20) as pool:
        return timed(lambda: list(pool.map(one, range(20))))


def remove_twenty(engine: Engine) -> float:
    """Forced removal of twenty running ones."""
    return timed(lambda: engine.docker("rm", "-f", *[f"bench-{n}" for n in range(20)]))


def remove_twenty_after(engine: Engine) -> None:
    """Remove what start_twenty made."""
    remove_twenty(engine)


def start_twenty_before(engine: Engine) -> None:
    """Make what remove_twenty removes."""
    start_twenty(engine)


def output(engine: Engine) -> float:
    """A hundred megabytes of text through attach and the json-file log."""
    return timed(lambda: engine.docker("run", "--rm", "--network", "none", IMAGE, "sh", "-c", TALK))


def log_before(engine: Engine) -> None:
    """A container with a hundred megabytes of log."""
    engine.docker(
        "run",
        "--name",
        "bench-log",
        "--network",
        "none",
        "--log-opt",
        "max-size=1g",
        IMAGE,
        "sh",
        "-c",
        TALK,
    )


def log_read(engine: Engine) -> float:
    """Reading it back."""
    return timed(lambda: engine.docker("logs", "bench-log"))


def log_after(engine: Engine) -> None:
    """Remove it."""
    engine.docker("rm", "-f", "bench-log")


def big_archive() -> pathlib.Path:
    """A 200 MB root file system of about 6,800 entries, made from this machine's /usr."""
    archive = SCRATCH / "big.tar"
    if archive.exists():
        return archive
    SCRATCH.mkdir(exist_ok=True)
    total = entries = 0
    with tarfile.open(archive, "w") as tar:
        for folder, _, names in os.walk("/usr"):
            for name in sorted(names):
                path = os.path.join(folder, name)
                size = os.lstat(path).st_size
                if size > 4 << 20 or os.path.islink(path):
                    continue
                tar.add(path, path.lstrip("/"), recursive=False)
                total += size
                entries += 1
                if total > 200 << 20 or entries > 6800:
                    return archive
    return archive


def import_big(engine: Engine) -> float:
    """Import of that archive."""
    return timed(lambda: engine.docker("import", str(big_archive()), "bench-big"))


def big_before(engine: Engine) -> None:
    """Have the big image."""
    import_big(engine)


def saved(engine: Engine, *, gzip: bool) -> pathlib.Path:
    """A docker archive of the big image, saved once per engine."""
    archive = SCRATCH / f"saved-{engine.name}.tar"
    if not archive.exists():
        engine.docker("save", "-o", str(archive), "bench-big")
    if gzip and not archive.with_suffix(".tar.gz").exists():
        subprocess.run(["gzip", "-1", "-k", str(archive)], check=True)
    return archive.with_suffix(".tar.gz") if gzip else archive


def load(*, gzip: bool) -> Callable[[Engine], float]:
    """Load of the saved image, after its removal."""

    def go(engine: Engine) -> float:
        archive = saved(engine, gzip=gzip)
        engine.docker("rmi", "-f", "bench-big", check=False)
        return timed(lambda: engine.docker("load", "-i", str(archive)))

    return go


def save(engine: Engine) -> float:
    """Save to a file."""
    target = SCRATCH / "out.tar"
    target.unlink(missing_ok=True)
    return timed(lambda: engine.docker("save", "-o", str(target), "bench-big"))


def remove_big(engine: Engine) -> None:
    """Remove the big image and the archives."""
    engine.docker("rmi", "-f", "bench-big", check=False)
    for archive in SCRATCH.glob(f"saved-{engine.name}.*"):
        archive.unlink()


def change_before(engine: Engine) -> None:
    """A container with 40 MB of changes in 800 files."""
    script = "mkdir /d; for i in $(seq 800); do head -c 51200 /dev/urandom > /d/$i; done"
    engine.docker("run", "--name", "bench-change", "--network", "none", IMAGE, "sh", "-c", script)


def diff_commit(engine: Engine) -> float:
    """Diff and commit of it."""

    def work() -> None:
        engine.docker("diff", "bench-change")
        engine.docker("commit", "bench-change", "bench-commit")

    seconds = timed(work)
    engine.docker("rmi", "bench-commit")
    return seconds


def copy(engine: Engine) -> float:
    """Cp of the 40 MB out of the container and in again."""
    with tempfile.TemporaryDirectory() as folder:

        def work() -> None:
            engine.docker("cp", "bench-change:/d", folder)
            engine.docker("cp", f"{folder}/d", "bench-change:/e")

        return timed(work)


def change_after(engine: Engine) -> None:
    """Remove it."""
    engine.docker("rm", "-f", "bench-change")


def port_before(engine: Engine) -> None:
    """A web server with one file of 400 MB and one of a few bytes."""
    script = "mkdir /w; head -c 400000000 /dev/zero > /w/big; echo > /w/small; httpd -f -h /w"
    engine.docker(
        "run", "-d", "--name", "bench-port", "-p", "127.0.0.1::80", IMAGE, "sh", "-c", script
    )
    address = published(engine)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            fetch(address, "small")
        except OSError:
            time.sleep(0.1)
        else:
            return


def published(engine: Engine) -> tuple[str, int]:
    """Host address of the published port."""
    host, _, number = engine.out("port", "bench-port", "80").partition("\n")[0].rpartition(":")
    return host, int(number)


def fetch(address: tuple[str, int], name: str) -> int:
    """Fetch one file over a connection of its own; return the bytes that came."""
    buffer = bytearray(1 << 20)
    total = 0
    with socket.create_connection(address) as connection:
        connection.sendall(f"GET /{name} HTTP/1.0\r\n\r\n".encode())
        while count := connection.recv_into(buffer):
            total += count
    if not total:
        raise ConnectionError(f"nothing came from {address}")
    return total


def bulk(engine: Engine) -> float:
    """400 MB through a published port."""
    address = published(engine)

    def work() -> None:
        total = fetch(address, "big")
        if total < 400000000:
            raise RuntimeError(f"{engine.name}: {total} bytes of 400000000 arrived")

    return timed(work)


def connections(engine: Engine) -> float:
    """500 connections, one after the other."""
    address = published(engine)

    def work() -> None:
        for _ in range(500):
            fetch(address, "small")

    return timed(work)


def port_after(engine: Engine) -> None:
    """Remove it."""
    engine.docker("rm", "-f", "bench-port")


ROWS = [
    Row("run, bridge", 0.12, 20, run("bridge")),
    Row("run, none", 0.15, 20, run("none")),
    Row("run, host", 0.25, 20, run("host")),
    Row("exec", 0.45, 20, exec_true, start_sleeper, stop_sleeper),
    Row("20 x run -d at once", 0.15, 3, start_twenty, None, remove_twenty_after),
    Row("rm -f of 20 running", 0.2, 3, remove_twenty, start_twenty_before),
    Row("restart -t 0", 0.2, 10, restart, start_sleeper, stop_sleeper),
    Row("100 MB of output", 0.6, 3, output),
    Row("100 MB of logs read", 0.3, 3, log_read, log_before, log_after),
    Row("import 200 MB", 0.3, 3, import_big, None, remove_big),
    Row("save 200 MB", 0.3, 3, save, big_before, remove_big),
    Row("load 200 MB tar", 0.25, 3, load(gzip=False), big_before, remove_big),
    Row("load 200 MB gzip", 0.35, 3, load(gzip=True), big_before, remove_big),
    Row("diff + commit 40 MB", 0.6, 3, diff_commit, change_before, change_after),
    Row("cp 40 MB out and in", 0.6, 3, copy, change_before, change_after),
    Row("published port, 400 MB", 0.75, 5, bulk, port_before, port_after),
    Row("published port, 500 connections", 0.9, 3, connections, port_before, port_after),
]
