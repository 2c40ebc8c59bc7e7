"""A program in a container starts with no signal ignored, whatever our own parent ignored."""

import subprocess
import sys

IGNORING = """
import ctypes, signal
from sampan.linux import syscalls
from sampan.runtime import seal

ignore = (ctypes.c_ulong * 4)(1)
call = ctypes.CDLL(None).syscall
for number in (signal.SIGHUP, signal.SIGQUIT, 32, 33):
    assert call(syscalls.number("rt_sigaction"), number, ignore, None, 8) == 0
seal.set_signals()
with open("/proc/self/status") as status:
    print(*(line.split()[1] for line in status if line.startswith("SigIgn")))
"""


def test_also_the_signals_of_libc_are_no_longer_ignored():
    done = subprocess.run(
        [sys.executable, "-c", IGNORING], capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("0" * 16 + "\n", "")
