"""Booting the machine, and bringing back what its tests said.

qemu emulates the processor (no KVM needed), the kernel is Debian's, the disk is a copy-on-write
view of the cached image. Two serial lines: the first is the kernel's console, kept in a file,
the second is the tests' output. The run ends with the line `sampan-vm: status N`.
"""

import compileall
import fcntl
import pathlib
import subprocess
import sys
import tarfile
import time

from tests.vm import kernel as kernels
from tests.vm import root_image
from tests.vm.paths import CACHE, CODE, CONSOLE, REPOSITORY

SECONDS = 600
STATUS = "sampan-vm: status "
CODE_PARTS = ("src", "tests", "pyproject.toml", "bin", "packaging")


def main() -> int:
    """Make what is missing, boot, and return pytest's status."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w") as lock:
        # One at a time: the cache and the console's file are shared.
        fcntl.flock(lock, fcntl.LOCK_EX)
        kernel = kernels.fetch()
        image = root_image.make(kernel)
        _pack_code(sys.argv[1:])
        start = time.monotonic()
        status = _boot(kernel, image)
    sys.stdout.write(f"virtual machine: {time.monotonic() - start:.1f} s\n")
    if status is None:
        last = CONSOLE.read_text(errors="replace").splitlines()[-30:]
        sys.stderr.write("\n".join([*last, f"no result; all of its console: {CONSOLE}", ""]))
        return 1
    return status


def _pack_code(arguments: list[str]) -> None:
    # Compiled here: under emulation that would take longer than the tests.
    for part in ("src", "tests"):
        compileall.compile_dir(REPOSITORY / part, quiet=2)
    with tarfile.open(CODE, "w") as tar:
        for part in CODE_PARTS:
            if (REPOSITORY / part).exists():
                tar.add(REPOSITORY / part, part)
        words = CACHE / "arguments"
        words.write_text(" ".join(arguments))
        tar.add(words, ".vm-arguments")


def _boot(kernel: kernels.Kernel, image: pathlib.Path) -> int | None:
    command = [
        "qemu-system-x86_64", "-nodefaults", "-no-user-config", "-display", "none", "-no-reboot",
        "-machine", "q35", "-accel", "tcg,thread=multi,tb-size=256", "-cpu", "max",
        "-smp", "2", "-m", "1024",
        "-kernel", str(kernel.image), "-initrd", str(kernel.initrd()),
        "-append", "console=ttyS0 quiet panic=-1 mitigations=off random.trust_cpu=on",
        "-drive", f"file={image},if=virtio,format=raw,snapshot=on",
        "-drive", f"file={CODE},if=virtio,format=raw,readonly=on",
        "-serial", f"file:{CONSOLE}", "-serial", "stdio",
    ]  # fmt: skip
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, errors="replace"
    ) as machine:
        try:
            return _listen(machine)
        finally:
            machine.kill()


def _listen(machine: subprocess.Popen[str]) -> int | None:
    assert machine.stdout
    deadline = time.monotonic() + SECONDS
    for line in machine.stdout:
        if line.startswith(STATUS):
            return int(line.removeprefix(STATUS))
        sys.stdout.write(line)
        sys.stdout.flush()
        if time.monotonic() > deadline:
            sys.stderr.write(f"no result after {SECONDS} seconds\n")
            return None
    return None


if __name__ == "__main__":
    sys.exit(main())
