"""The engines under comparison, as hosts of the docker client, and a daemon of the bench's own.

Measures nothing.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).parents[1]
STATE = ROOT / ".run" / "bench"
DOCKER = shutil.which("docker")
FLAGS = ["--bridge", "sampan-bench"]


class Engine:
    """One engine, driven by the real docker client."""

    def __init__(self, name: str, host: str) -> None:
        self.name = name
        self.host = host

    def docker(self, *args: str, stdin=None, stdout=subprocess.DEVNULL, check: bool = True) -> None:
        """Run one docker command against this engine."""
        done = subprocess.run(
            [DOCKER, "-H", self.host, *args],
            stdin=stdin or subprocess.DEVNULL,
            stdout=stdout,
            stderr=subprocess.PIPE,
            check=False,
        )
        if check and done.returncode != 0:
            error = done.stderr.decode(errors="replace").strip()
            raise RuntimeError(f"{self.name}: docker {' '.join(args)}: {error}")

    def out(self, *args: str) -> str:
        """Run one docker command and return what it printed."""
        done = subprocess.run(
            [DOCKER, "-H", self.host, *args], capture_output=True, check=True, text=True
        )
        return done.stdout.strip()


class Daemon:
    """A sampand of the bench's own, in .run/bench."""

    def __init__(self) -> None:
        self.host = f"unix://{STATE}/sampan.sock"
        self.args = ["--data-root", f"{STATE}/data", "--exec-root", f"{STATE}/exec"]
        self.args += ["--pidfile", f"{STATE}/pid", *FLAGS]
        self.process: subprocess.Popen | None = None

    def __enter__(self) -> "Daemon":
        STATE.mkdir(parents=True, exist_ok=True)
        (STATE / "flags").write_text("\n".join(FLAGS) + "\n")
        sampand = os.path.join(os.path.dirname(sys.executable), "sampand")
        log = (STATE / "log").open("ab")
        self.process = subprocess.Popen(
            [sampand, *self.args, "-H", self.host], stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            done = subprocess.run(
                [DOCKER, "-H", self.host, "version"], capture_output=True, check=False
            )
            if done.returncode == 0:
                return self
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError(f"sampand did not start; see {STATE}/log")

    def __exit__(self, *_: object) -> None:
        assert self.process
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        sampand = os.path.join(os.path.dirname(sys.executable), "sampand")
        subprocess.run([sampand, *self.args, "--remove-all"], check=True)
        shutil.rmtree(STATE, ignore_errors=True)

    def memory(self) -> int:
        """PSS in bytes of the daemon and its launcher."""
        assert self.process
        pids = [self.process.pid, *children(self.process.pid)]
        return sum(pss(pid) for pid in pids)


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    text = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(word) for word in text.split()]


def pss(pid: int) -> int:
    """Proportional set size of a process in bytes (proc(5), smaps_rollup)."""
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
