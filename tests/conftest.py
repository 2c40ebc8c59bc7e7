"""What every test run has: the tests' own packages importable, and the leak check."""

import os
import pathlib
import signal
import sys

# `from tests.support... import ...` from any tier, without installing the tests.
sys.path.insert(0, str(pathlib.Path(__file__).parents[1]))

from tests.support import leaks  # noqa: E402 - after the path

# Before sampan.base.settings copies the environment: whatever this run starts inherits it.
os.environ.update([leaks.MARK.split("=")])  # noqa: TID251

import pytest  # noqa: E402 - after the mark

# Under nohup, or behind a shell's &, these are ignored, and all that is started here inherits it.
for _number in (signal.SIGHUP, signal.SIGQUIT):
    signal.signal(_number, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session", autouse=True)
def _nothing_is_left(tmp_path_factory):
    """Fail the run when its tests leave something behind on the machine or in this process."""
    before = leaks.Snapshot(tmp_path_factory.getbasetemp())
    yield
    found = before.leaks()
    if found:
        pytest.fail("left behind by this run:\n" + "\n".join(found), pytrace=False)
