"""Raw mode, and that it ends on every way out."""

import os
import signal
import termios

import pytest

from sampan.cli.errors import Exit
from sampan.cli.terminal import Raw, raw


@pytest.fixture
def terminal():
    master, slave = os.openpty()
    yield slave
    os.close(master)
    os.close(slave)


def test_raw_is_raw(terminal):
    changed = raw(termios.tcgetattr(terminal))
    assert not changed[3] & (termios.ECHO | termios.ICANON | termios.ISIG)
    assert not changed[1] & termios.OPOST
    assert changed[6][termios.VMIN] == 1


def test_the_terminal_is_put_back(terminal):
    before = termios.tcgetattr(terminal)
    with Raw(terminal):
        assert termios.tcgetattr(terminal) != before
    assert termios.tcgetattr(terminal) == before


def test_the_terminal_is_put_back_after_an_exception(terminal):
    before = termios.tcgetattr(terminal)
    with pytest.raises(RuntimeError), Raw(terminal):
        raise RuntimeError
    assert termios.tcgetattr(terminal) == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_the_terminal_is_put_back_after_a_deadly_signal(terminal, number):
    before = termios.tcgetattr(terminal)
    handler = signal.getsignal(number)
    with pytest.raises(Exit) as caught, Raw(terminal):
        signal.raise_signal(number)
    assert caught.value.code == 128 + number
    assert termios.tcgetattr(terminal) == before
    assert signal.getsignal(number) == handler


def test_putting_back_twice_does_no_harm(terminal):
    mode = Raw(terminal)
    with mode:
        mode.restore()
    mode.restore()
