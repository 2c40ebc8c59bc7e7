"""sampan container stats: what containers use, as they use it."""

from __future__ import annotations

from sampan.cli.flags import BOOL, LIST_FORMAT, Flag
from sampan.cli.format.listing import show
from sampan.cli.format.text import short_id
from sampan.cli.format.units import binary_size, size
from sampan.cli.load import load
from sampan.client.errors import ApiError
from sampan.client.url import segment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] [CONTAINER...]"
ARGUMENTS = (0, None)
FLAGS = (
    Flag("all", "a", BOOL, "Show all containers (default shows just running)"),
    LIST_FORMAT,
    Flag("no-stream", "", BOOL, "Disable streaming stats and only pull the first result"),
    Flag("no-trunc", "", BOOL, "Do not truncate output"),
)
DEFAULT = ("ID", "Name", "CPUPerc", "MemUsage", "MemPerc", "NetIO", "BlockIO", "PIDs")


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """Show use of resources, once or until somebody has had enough."""
    if not options.on("no-stream"):
        live = load("sampan.cli.live_stats")
        return int(live.run(context, options, arguments, display))
    names = arguments or [
        row["Id"] for row in context.client.get("/containers/json", {"all": options.on("all")})
    ]
    paths = [f"/containers/{segment(name)}/stats" for name in names]
    answers = context.client.side_by_side("GET", paths, {"stream": "0"})
    rows = []
    failures = []
    for name, answer in zip(names, answers, strict=True):
        if isinstance(answer, ApiError):
            failures.append(str(answer))
        else:
            rows.append({**answer, "asked": name})
    if rows or not failures:
        display(context, options, rows)
    for failure in failures:
        context.err.line(failure)
    return 1 if failures else 0


def display(context: Context, options: Options, rows: list[dict[str, Any]]) -> None:
    """Print one round."""
    columns = _columns(whole=options.on("no-trunc"))
    show(context.out, rows, columns, DEFAULT, options.text("format"))


def cpu_percent(found: dict[str, Any]) -> float:
    """Return how much of one CPU was used since the sample before. Pure."""
    now, before = found.get("cpu_stats") or {}, found.get("precpu_stats") or {}
    used = _total(now) - _total(before)
    passed = (now.get("system_cpu_usage") or 0) - (before.get("system_cpu_usage") or 0)
    if used <= 0 or passed <= 0:
        return 0.0
    cpus = now.get("online_cpus") or len((now.get("cpu_usage") or {}).get("percpu_usage") or ())
    return float(used / passed * cpus * 100)


def memory(found: dict[str, Any]) -> int:
    """Return the memory in use, without what the kernel would give back at once. Pure."""
    stats = found.get("memory_stats") or {}
    usage = int(stats.get("usage") or 0)
    details = stats.get("stats") or {}
    # total_inactive_file is v1's word, inactive_file v2's.
    for field in ("total_inactive_file", "inactive_file"):
        if details.get(field, usage) < usage:
            return usage - int(details[field])
    return usage


def _total(cpu: dict[str, Any]) -> int:
    return int((cpu.get("cpu_usage") or {}).get("total_usage") or 0)


def _limit(row: dict[str, Any]) -> int:
    return int((row.get("memory_stats") or {}).get("limit") or 0)


def _network(row: dict[str, Any]) -> str:
    cards = (row.get("networks") or {}).values()
    received = sum(card["rx_bytes"] for card in cards)
    sent = sum(card["tx_bytes"] for card in cards)
    return f"{size(received, 3)} / {size(sent, 3)}"


def _blocks(row: dict[str, Any]) -> str:
    found = (row.get("blkio_stats") or {}).get("io_service_bytes_recursive") or ()
    moved = {"r": 0, "w": 0}
    for entry in found:
        word = entry["op"][:1].lower()
        if word in moved:
            moved[word] += entry["value"]
    return f"{size(moved['r'], 3)} / {size(moved['w'], 3)}"


def _columns(*, whole: bool) -> dict[str, tuple[str, Any]]:
    def identity(row: dict[str, Any]) -> str:
        found = str(row.get("id") or row["asked"])
        return found if whole else short_id(found)

    return {
        "BlockIO": ("BLOCK I/O", _blocks),
        "CPUPerc": ("CPU %", lambda row: f"{cpu_percent(row):.2f}%"),
        "Container": ("CONTAINER", identity),
        "ID": ("CONTAINER ID", identity),
        "MemPerc": (
            "MEM %",
            lambda row: f"{memory(row) / _limit(row) * 100 if _limit(row) else 0:.2f}%",
        ),
        "MemUsage": (
            "MEM USAGE / LIMIT",
            lambda row: f"{binary_size(memory(row))} / {binary_size(_limit(row))}",
        ),
        "Name": ("NAME", lambda row: str(row.get("name", "")).removeprefix("/")),
        "NetIO": ("NET I/O", _network),
        "PIDs": ("PIDS", lambda row: str((row.get("pids_stats") or {}).get("current") or 0)),
    }
