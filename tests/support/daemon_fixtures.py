"""Fixtures that give a test a daemon; a conftest or a test file takes them by importing."""

import pytest
from tests.support.daemon import Daemon


@pytest.fixture(scope="session")
def shared_daemon(tmp_path_factory):
    """One daemon for many tests."""
    daemon = Daemon(tmp_path_factory.mktemp("d"))
    try:
        daemon.start()
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
    try:
        daemon.start()
        daemon.load_busybox()
        yield daemon
    finally:
        daemon.remove()
