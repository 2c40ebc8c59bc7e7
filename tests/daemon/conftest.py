"""One daemon for all tests of this tier, emptied after each; or one of its own for a test."""

import os

import pytest
from tests.support.daemon import Daemon


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/daemon/" in str(item.path) or "tests/compat/" in str(item.path):
            item.add_marker(pytest.mark.root)
            if os.geteuid() != 0:
                item.add_marker(pytest.mark.skip(reason="needs root"))


@pytest.fixture(scope="session")
def shared_daemon(tmp_path_factory):
    daemon = Daemon(tmp_path_factory.mktemp("d"))
    daemon.start()
    try:
        daemon.load_busybox()
        yield daemon
    finally:
        daemon.remove()


@pytest.fixture
def daemon(shared_daemon):
    """The shared daemon, empty but for the image busybox."""
    yield shared_daemon
    shared_daemon.clear()


@pytest.fixture
def own_daemon(tmp_path):
    """A daemon for this test alone, started, with busybox: to be stopped, killed, restarted."""
    daemon = Daemon(tmp_path)
    daemon.start()
    try:
        daemon.load_busybox()
        yield daemon
    finally:
        daemon.remove()
