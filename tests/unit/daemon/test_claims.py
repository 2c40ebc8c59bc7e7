"""Two daemons on one root, or with one pidfile."""

import os

import pytest

from sampan.base.data_root import DataRoot
from sampan.base.run_root import RunRoot
from sampan.daemon.claims import Claimed, Claims


@pytest.fixture
def roots(tmp_path):
    return DataRoot(str(tmp_path / "data")), RunRoot(str(tmp_path / "run"))


def test_a_root_in_use_is_refused_with_the_holders_pid(roots):
    first, second = Claims(), Claims()
    first.roots(*roots)
    text = rf"data is in use by another sampand \(process {os.getpid()}"
    with pytest.raises(Claimed, match=text):
        second.roots(*roots)
    first.release()
    second.roots(*roots)
    second.release()


def test_a_pidfile_left_behind_is_taken_over(tmp_path):
    path = tmp_path / "pid"
    path.write_text("1\n")
    claims = Claims()
    claims.pidfile(str(path))
    assert path.read_text() == f"{os.getpid()}\n"
    claims.release()
    assert not path.exists()


def test_a_pidfile_in_use_is_refused(tmp_path):
    first, second = Claims(), Claims()
    first.pidfile(str(tmp_path / "pid"))
    with pytest.raises(Claimed, match="pid file .* is in use"):
        second.pidfile(str(tmp_path / "pid"))
    first.release()
