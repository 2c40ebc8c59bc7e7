"""What must start fast imports little: the process beside each container, and the command line."""

import subprocess
import sys

import pytest
from tests.architecture.source import SRC

# Each costs milliseconds, and every container carries what the launcher has loaded.
HEAVY = {
    "asyncio", "ssl", "sqlite3", "logging", "dataclasses", "typing", "pathlib", "argparse",
    "inspect", "email", "http", "urllib", "msgspec", "httptools", "subprocess", "tempfile",
    "shutil", "gzip", "threading", "concurrent",
}  # fmt: skip
LIGHT = {
    "sampan.runtime.launcher": HEAVY,
    "sampan.runtime.__main__": HEAVY - {"argparse"},
    "sampan.cgroup.driver": HEAVY | {"re", "json"},
    "sampan.logs.driver": HEAVY | {"re", "json"},
    "sampan.cli.main": HEAVY,
}


@pytest.mark.parametrize("entry", LIGHT)
def test_entry_starts_light(entry):
    code = f"import sys; sys.path.insert(0, {str(SRC.parent)!r}); import {entry}"
    # -S: without site, whose .pth files load what they like.
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"{code}; print(*sys.modules)"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    loaded = {module.partition(".")[0] for module in done.stdout.split()}
    assert sorted(loaded & LIGHT[entry]) == []
