"""`make bench`: run the rows on Sampan and, when given, on a dockerd; print and keep the table.

BENCH_AGAINST=unix:///run/docker.sock make bench
make bench ARGS="--only run"
"""

import argparse
import datetime
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

from bench.engines import DOCKER, Daemon, Engine, pss
from bench.rows import IMAGE, ROWS, SCRATCH, Row, busybox

RESULTS = pathlib.Path(__file__).parent / "results"


def measure(row: Row, engines: list[Engine]) -> dict[str, list[float]]:
    """All goes of one row, the engines taking turns."""
    times: dict[str, list[float]] = {engine.name: [] for engine in engines}
    per_go = row.name in {"20 x run -d at once", "rm -f of 20 running"}
    if not per_go and row.before:
        for engine in engines:
            row.before(engine)
    for _ in range(row.goes):
        for engine in engines:
            if per_go and row.before:
                row.before(engine)
            times[engine.name].append(row.go(engine))
            if per_go and row.done:
                row.done(engine)
    if not per_go and row.done:
        for engine in engines:
            row.done(engine)
    return times


def monitors_memory(engine: Engine, count: int = 20) -> float:
    """PSS in MB that one idle container of ours costs: the monitors' share."""
    names = [f"bench-idle-{n}" for n in range(count)]
    for name in names:
        engine.docker("run", "-d", "--name", name, "--network", "none", IMAGE, "sleep", "1000000")
    parents = []
    for name in names:
        pid = int(engine.out("inspect", "-f", "{{.State.Pid}}", name))
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        parents.append(int(status.partition("PPid:")[2].split()[0]))
    each = [pss(pid) / 1e6 for pid in parents]
    engine.docker("rm", "-f", *names)
    return statistics.median(each)


def command_line(ours: Engine, goes: int = 20) -> tuple[float, float]:
    """Median seconds of `sampan ps` and `docker ps`, each on our daemon."""
    sampan = os.path.join(os.path.dirname(sys.executable), "sampan")
    times: dict[str, list[float]] = {sampan: [], str(DOCKER): []}
    for _ in range(goes):
        for program, seen in times.items():
            start = time.perf_counter()
            subprocess.run([program, "-H", ours.host, "ps"], stdout=subprocess.DEVNULL, check=True)
            seen.append(time.perf_counter() - start)
    return statistics.median(times[sampan]), statistics.median(times[str(DOCKER)])


def main() -> None:
    """Run, print, keep."""
    parser = argparse.ArgumentParser(prog="make bench")
    parser.add_argument("--only", default="", help="rows whose name contains this")
    parser.add_argument("--against", default=os.environ.get("BENCH_AGAINST", ""))
    parser.add_argument("--keep", default="", help="name of the file in bench/results")
    options = parser.parse_args()
    lines = []

    def say(line: str) -> None:
        print(line, flush=True)
        lines.append(line)

    with Daemon() as daemon:
        ours = Engine("sampan", daemon.host)
        engines = [ours]
        if options.against:
            engines.append(Engine("dockerd", options.against))
        for engine in engines:
            busybox(engine)
        say(
            f"{datetime.datetime.now(datetime.UTC).date()}  Linux {platform.release()}, {os.cpu_count()} cores, medians in ms"
        )
        say(f"{'':34}{'sampan':>10}{'dockerd':>10}{'ratio':>8}{'budget':>8}")
        kept: dict[str, dict[str, list[float]]] = {}
        for row in ROWS:
            if options.only not in row.name:
                continue
            times = kept[row.name] = measure(row, engines)
            mine = statistics.median(times["sampan"])
            if "dockerd" in times:
                pairs = zip(times["sampan"], times["dockerd"], strict=True)
                ratio = statistics.median(a / b for a, b in pairs)
                theirs = statistics.median(times["dockerd"])
                say(
                    f"{row.name:34}{mine * 1e3:10.1f}{theirs * 1e3:10.1f}{ratio:8.2f}{row.budget:8.2f}"
                )
            else:
                say(f"{row.name:34}{mine * 1e3:10.1f}{'':10}{'':8}{row.budget:8.2f}")
        if not options.only:
            say(
                f"{'memory per idle container (MB, PSS)':36}{monitors_memory(ours):8.2f}{'':18}{1.2:8.2f}"
            )
            say(
                f"{'daemon and launcher (MB, PSS)':36}{daemon.memory() / 1e6:8.1f}{'':18}{45.0:8.1f}"
            )
            sampan, docker = command_line(ours)
            say(
                f"{'sampan ps / docker ps':34}{sampan * 1e3:10.1f}{docker * 1e3:10.1f}{sampan / docker:8.2f}{1.5:8.2f}"
            )
        for engine in engines[1:]:
            engine.docker("rmi", "-f", IMAGE, "bench-big", check=False)
    shutil.rmtree(SCRATCH, ignore_errors=True)
    if options.keep:
        (RESULTS / f"{options.keep}.txt").write_text("\n".join(lines) + "\n")
        (RESULTS / f"{options.keep}.json").write_text(json.dumps(kept, indent=1) + "\n")


if __name__ == "__main__":
    main()
