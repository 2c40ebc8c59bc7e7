"""What a test run may leave behind, looked at before and after.

Other daemons and other test runs share the machine, so only what carries a mark of this run is
judged: processes by a variable in their environment or by descent, mounts by lying below the
run's temporary directory, bridges and tables by the names its daemons have, control groups by
being new, empty and staying so.
"""

import gc
import os
import pathlib
import shutil
import subprocess
import sys
from collections.abc import Callable

from sampan.cgroup.detect import detect
from sampan.cgroup.waiting import wait_until

MARK = f"SAMPAN_TEST_RUN={os.getpid()}"
# The kernel takes namespaces, links and groups down some time after the last process.
PATIENCE = 5.0


class Snapshot:
    """What there is when the run begins."""

    def __init__(self, temporary: pathlib.Path) -> None:
        self._temporary = str(temporary)
        self._groups = groups()
        self._links = set(os.listdir("/sys/class/net"))
        self._descriptors = descriptors()

    def leaks(self) -> list[str]:
        """Sentences about what is there now and should not be; waits for what is going."""
        gc.collect()
        looks: tuple[Callable[[], list[str]], ...] = (
            self._processes,
            self._mounts,
            self._bridges,
            self._tables,
            self._new_groups,
            self._open_files,
        )
        found = []
        for look in looks:
            seen = look()
            if seen and not wait_until(lambda look=look: not look(), PATIENCE):
                found += seen
        return found

    def _processes(self) -> list[str]:
        return [f"process {pid} is left: {name}" for pid, name in marked_processes()]

    def _mounts(self) -> list[str]:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="replace") as lines:
            points = [line.split(" ")[4] for line in lines]
        return [f"mount is left: {p}" for p in points if p.startswith(self._temporary)]

    def _bridges(self) -> list[str]:
        ours = own_bridges() - self._links
        return [f"link is left: {name}" for name in os.listdir("/sys/class/net") if name in ours]

    def _tables(self) -> list[str]:
        ours = {f"sampan_{bridge}" for bridge in own_bridges() - self._links}
        if not ours or os.geteuid() != 0 or not shutil.which("nft"):
            return []
        listed = subprocess.run(
            ["nft", "list", "tables"], capture_output=True, text=True, check=False
        ).stdout.splitlines()
        return [f"packet filter table is left: {t}" for t in listed if t.split()[-1] in ours]

    def _new_groups(self) -> list[str]:
        return [f"control group is left: {path}" for path in sorted(groups() - self._groups)]

    def _open_files(self) -> list[str]:
        more = {fd: name for fd, name in descriptors().items() if fd not in self._descriptors}
        return [f"descriptor {fd} is left: {name}" for fd, name in more.items()]


def own_bridges() -> set[str]:
    """Names of the bridges that the daemons of this run had."""
    module = sys.modules.get("tests.support.daemon")
    made = module.Daemon._count if module else 0
    return {f"spt{(os.getpid() * 7 + count) % 0xFFFF:x}" for count in range(1, made + 1)}


def marked_processes() -> list[tuple[int, str]]:
    """Processes that this run started, at any depth, also when their parents are gone."""
    found = []
    for name in filter(str.isdecimal, os.listdir("/proc")):
        if int(name) == os.getpid():
            continue
        try:
            status = pathlib.Path(f"/proc/{name}/stat").read_bytes()
            state, parent = status.rpartition(b")")[2].split()[:2]
            inherited = pathlib.Path(f"/proc/{name}/environ").read_bytes().split(b"\0")
        except OSError:
            # It ended while we looked, or is none of our business.
            continue
        is_child = int(parent) == os.getpid()
        if (is_child or MARK.encode() in inherited) and state not in (b"X", b"Z"):
            title = status.partition(b"(")[2].rpartition(b")")[0]
            found.append((int(name), title.decode(errors="replace")))
    return found


def groups() -> set[str]:
    """Empty control groups two levels deep whose name or parent's name is ours."""
    here = detect()
    tops = {here.unified, *here.mounts.values()} - {""}
    found = set()
    for top in tops:
        for parent in pathlib.Path(top).glob("sampan*"):
            for group in parent.iterdir():
                if group.is_dir() and _is_empty(group):
                    found.add(str(group))
            if f"-{os.getpid()}" in parent.name:
                found.add(str(parent))
    return found


def _is_empty(group: pathlib.Path) -> bool:
    try:
        return not (group / "cgroup.procs").read_bytes()
    except OSError:
        # Gone, which is as good, or without processes of its own (v2, threaded).
        return False


def descriptors() -> dict[int, str]:
    """Open descriptors of this process, with what they point to."""
    found = {}
    for name in os.listdir("/proc/self/fd"):
        try:
            found[int(name)] = os.readlink(f"/proc/self/fd/{name}")
        except FileNotFoundError:
            # The descriptor that listed the directory.
            continue
    return found
