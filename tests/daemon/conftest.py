"""A whole daemon for each test of this tier."""

import os

import pytest
from tests.support.daemon_fixtures import daemon, own_daemon, shared_daemon

__all__ = ["daemon", "own_daemon", "shared_daemon"]


def pytest_collection_modifyitems(items):
    for item in items:
        if "daemon" in item.path.parts:
            item.add_marker(pytest.mark.root)
            if os.geteuid() != 0:
                item.add_marker(pytest.mark.skip(reason="needs root"))
