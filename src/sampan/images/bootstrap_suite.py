"""A Debian or Ubuntu base image, by mmdebstrap, from the host's own mirror where that fits.

A second layer has what makes packages work well in a container: services are not started by
installing them, dpkg does not sync every file, apt keeps no downloads. (Set earlier, they would
be in mmdebstrap's own way.) `-slim` leaves out documentation and translations.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from sampan.base import clock, settings
from sampan.errors import InvalidRequest, Unavailable
from sampan.images import apt_sources, config
from sampan.images.import_ import stage
from sampan.images.progress import Cancelled, Report
from sampan.images.shelf import Shelf
from sampan.oci.reference import Reference
from sampan.storage.driver import Staged
from sampan.storage.tar import header, writer
from sampan.storage.tar.header import Entry

# The suite that is meant when none is named.
DISTRIBUTIONS = {"debian": "stable", "ubuntu": "noble"}
KEYRINGS = {
    "debian": ("/usr/share/keyrings/debian-archive-keyring.gpg", "debian-archive-keyring"),
    "ubuntu": ("/usr/share/keyrings/ubuntu-archive-keyring.gpg", "ubuntu-keyring"),
}
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")
# How long mmdebstrap gets to unmount and remove what it made, once it is told to stop.
_GRACE = 10

# Without it, suites since bookworm take a full perl only to find their directories merged.
HOOKS = "/usr/share/mmdebstrap/hooks/maybe-merged-usr"

# Files put into the image, each for a reason.
SETTINGS = (
    # Nothing in a container may start services behind the user's back (policy-rc.d(8)).
    ("usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755),
    # A container's file system is thrown away: syncing after each file only costs time.
    ("etc/dpkg/dpkg.cfg.d/container", "force-unsafe-io\n", 0o644),
    (
        "etc/apt/apt.conf.d/90container",
        'APT::Keep-Downloaded-Packages "false";\n'
        'Binary::apt::APT::Keep-Downloaded-Packages "false";\n'
        'Dir::Cache::pkgcache "";\nDir::Cache::srcpkgcache "";\n'
        'Acquire::Languages "none";\nAcquire::GzipIndexes "true";\n',
        0o644,
    ),
)
SLIM = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/locale/*",
    "path-include=/usr/share/locale/locale.alias",
)


class Plan(NamedTuple):
    """What will be run."""

    arguments: list[str]
    environment: dict[str, str]
    suite: str


def plan(distribution: str, tag: str, scratch: str) -> Plan:
    """Decide how to make debian:bookworm and the like; refuse what cannot be made here."""
    program = shutil.which("mmdebstrap", path=settings.setting("PATH", os.defpath))
    if program is None:
        raise Unavailable("mmdebstrap is not installed: install the package of that name")
    suite = DISTRIBUTIONS[distribution] if tag in {"", "latest"} else tag.removesuffix("-slim")
    if not suite or set(suite) - _LETTERS:
        raise InvalidRequest(f"invalid suite {suite!r} of {distribution}")
    keyring, package = KEYRINGS[distribution]
    if not os.path.exists(keyring):
        raise Unavailable(f"{keyring} is missing: install the package {package}")
    arguments = [program, "--variant=minbase", "--format=tar", f"--keyring={keyring}"]
    if tag.endswith("-slim"):
        arguments += [f"--dpkgopt={option}" for option in SLIM]
    if os.path.isdir(HOOKS):
        arguments.append(f"--hook-dir={HOOKS}")
    # Names and addresses of the machine that made the image are nobody's business.
    arguments.append('--customize-hook=rm -f "$1/etc/hostname" "$1/etc/resolv.conf"')
    arguments += [suite, "-", *apt_sources.of_host(distribution, suite)]
    environment = {**settings.environment(), "TMPDIR": scratch, "LC_ALL": "C"}
    return Plan(arguments, environment, suite)


def _settings() -> Iterator[bytes]:
    """The layer of settings. Directories are named, so that theirs are those of the image."""
    directories = {path.rpartition("/")[0] for path, _, _ in SETTINGS}
    above = {"/".join(path.split("/")[:n]) for path in directories for n in range(1, 6)}
    now = time.time_ns()
    for path in sorted(above):
        entry = Entry(f"{path}/", header.DIRECTORY, mode=0o755)
        entry.mtime_ns = now
        yield writer.head(entry)
    for path, text, mode in SETTINGS:
        content = text.encode()
        entry = Entry(path, mode=mode, size=len(content))
        entry.mtime_ns = now
        yield writer.head(entry)
        yield content + writer.padding(len(content))
    yield writer.END


def make(shelf: Shelf, name: Reference, plan: Plan, report: Report) -> None:
    """Run mmdebstrap, telling what it says, and make an image of the tar it writes."""
    os.makedirs(plan.environment["TMPDIR"], exist_ok=True)
    run = _Run(plan, report, name.familiar)
    layers: list[Staged] = []
    try:
        try:
            layers.append(run.stage(shelf))
        finally:
            run.end()
        layers.append(shelf.snapshots.stage(_settings()))
        now = clock.now()
        made = config.build(
            platform=config.platform(""),
            config={"Cmd": ["bash"], "Env": [PATH]},
            diff_ids=[layer.diff_id for layer in layers],
            history=[
                config.step(now, command=f"mmdebstrap --variant=minbase {plan.suite}"),
                config.step(now, command="settings for containers of apt, dpkg and services"),
            ],
            created=now,
        )
        identity = shelf.put(made, layers, names=[name])
    finally:
        for layer in layers:
            layer.abort()
    report({"status": identity, "aux": {"ID": identity}})


def _is_news(line: str) -> bool:
    """Whether a user wants to read it: not where mmdebstrap keeps its files, nor our own hooks."""
    text = line.removeprefix("I: ")
    return text != line and not text.startswith(("running --", "using /", "removing /", "skipping"))


class _Run:
    """One mmdebstrap at work."""

    def __init__(self, plan: Plan, report: Report, name: str) -> None:
        self._report = report
        self._name = name
        self._said: list[str] = []
        self._gone: Cancelled | None = None
        self._process = subprocess.Popen(
            plan.arguments,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=plan.environment,
            start_new_session=True,  # signals go to all of its children
        )
        self._listener = threading.Thread(target=self._listen, name="sampan-bootstrap")
        self._listener.start()

    def _listen(self) -> None:
        assert self._process.stderr is not None
        for raw in self._process.stderr:
            line = raw.decode(errors="replace").strip()
            self._said.append(line)
            try:
                if self._gone is None and _is_news(line):
                    self._report({"status": line.removeprefix("I: "), "id": self._name})
            except Cancelled as error:
                self._gone = error
                self._signal(signal.SIGTERM)

    def _signal(self, number: int) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, number)

    def stage(self, shelf: Shelf) -> Staged:
        """Take in what it writes."""
        assert self._process.stdout is not None
        try:
            staged = stage(shelf, self._process.stdout)
        except InvalidRequest:
            self._check()
            raise
        try:
            self._check()
        except BaseException:
            staged.abort()
            raise
        return staged

    def _check(self) -> None:
        """Raise what it complained about, if it failed."""
        status = self._process.wait()
        self._listener.join()
        if self._gone is not None:
            raise self._gone
        if status:
            reasons = [line for line in self._said if line.startswith("E:")] or self._said[-1:]
            raise Unavailable(f"mmdebstrap failed: {'; '.join(reasons)}")

    def end(self) -> None:
        """Stop it, if it is not done."""
        assert self._process.stdout is not None
        self._process.stdout.close()
        if self._process.poll() is None:
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(_GRACE)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait()
        self._listener.join()
        assert self._process.stderr is not None
        self._process.stderr.close()
