"""Atomic writes and bounded reads."""

import os

import pytest

from sampan.base import files


def test_replace_leaves_the_old_file_when_it_fails(tmp_path) -> None:
    target = tmp_path / "dir"
    target.mkdir()
    (target / "inside").write_text("x")
    with pytest.raises(OSError, match="."):
        files.replace(str(target), b"new")
    assert os.listdir(tmp_path) == ["dir"]


def test_replace_writes_whole_and_with_mode(tmp_path) -> None:
    path = str(tmp_path / "file")
    files.replace(path, "first", mode=0o600)
    files.replace(path, "second", mode=0o600)
    assert files.read(path) == b"second"
    assert os.stat(path).st_mode & 0o777 == 0o600
    assert os.listdir(tmp_path) == ["file"]


def test_a_longer_file_than_allowed_is_not_read(tmp_path) -> None:
    path = str(tmp_path / "file")
    files.write(path, b"x" * 100)
    assert files.read(path, limit=100) == b"x" * 100
    with pytest.raises(ValueError, match="longer than 99"):
        files.read(path, limit=99)


def test_removing_a_missing_tree_is_fine(tmp_path) -> None:
    files.remove_tree(str(tmp_path / "nothing"))
