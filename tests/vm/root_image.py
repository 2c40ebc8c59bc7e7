"""The machine's disk: this machine's Python with its libraries, busybox, kernel modules.

Everything lies at the path it has here, so that the virtual environment works as it stands.
Made with mke2fs -d: no loop device, no mount, no root needed.
"""

import hashlib
import pathlib
import shutil
import subprocess
import sys

from tests.vm.kernel import Kernel
from tests.vm.paths import CACHE, MARK, REPOSITORY

SIZE = "2G"  # sparse

# Programs used inside, where this machine has them.
PROGRAMS = ("tini", "nft", "runc")
LIBRARIES = ("libnftables.so.1", "libseccomp.so.2")
# Of the virtual environment only what the daemon and pytest need: the rest is large.
LEFT_OUT = (
    "mypy*", "ruff*", "pip*", "setuptools*", "grimp*", "importlinter*", "import_linter*",
    "docker*", "pyroute2*", "rich*", "pkg_resources*", "ast_serialize*", "librt*", "*mypyc*",
)  # fmt: skip
STDLIB_LEFT_OUT = ("test", "idlelib", "tkinter", "lib2to3", "ensurepip", "site-packages",
                   "dist-packages", "turtledemo", "config-3*", "*.a")  # fmt: skip

INIT = """#!/bin/sh
mount -t proc proc /proc
mount -t sysfs sys /sys
mkdir -p /dev/pts /dev/shm
mount -t devpts -o gid=5,mode=620,ptmxmode=666 devpts /dev/pts
mount -t tmpfs tmpfs /dev/shm
mount -t tmpfs -o mode=755 tmpfs /run
mount -t cgroup2 -o nsdelegate cgroup2 /sys/fs/cgroup
mount -o remount,rw /
hostname sampan-vm
ip link set lo up
# Scratch on the disk: images are to lie where overlay can use them.
export PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root PYTHONDONTWRITEBYTECODE=1 TMPDIR=/var/tmp
chmod 1777 /tmp
mkdir -p {repository}
tar -x -C {repository} -f /dev/vdb
cd {repository}
sh tests/vm/inside </dev/null >/dev/ttyS1 2>&1
echo "sampan-vm: status $?" >/dev/ttyS1
poweroff -f
"""


def make(kernel: Kernel) -> pathlib.Path:
    """Return the image, made if there is none of this kernel and this Python."""
    final = CACHE / f"root-{_key(kernel)}.ext4"
    if final.exists():
        return final
    sys.stdout.write("making the machine's disk\n")
    for old in CACHE.glob("root-*.ext4"):
        old.unlink()
    tree = CACHE / "root.tmp"
    shutil.rmtree(tree, ignore_errors=True)
    _Tree(tree).fill(kernel)
    image = CACHE / "root.ext4.tmp"
    image.unlink(missing_ok=True)
    subprocess.run(
        ["mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-E", "root_owner=0:0",
         "-d", tree, image, SIZE],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    shutil.rmtree(tree)
    image.rename(final)
    return final


def _key(kernel: Kernel) -> str:
    """Name what goes in: another kernel, Python, package or recipe makes another image."""
    packages = sorted(path.name for path in _site_packages().iterdir())
    recipe = pathlib.Path(__file__).read_bytes()
    made_of = "\n".join([kernel.version, sys.version, sys.base_prefix, *packages]).encode()
    return hashlib.sha256(made_of + recipe).hexdigest()[:12]


def _site_packages() -> pathlib.Path:
    return next(pathlib.Path(sys.prefix).glob("lib/python3*/site-packages"))


class _Tree:
    """The root directory in the making."""

    def __init__(self, root: pathlib.Path) -> None:
        self._root = root

    def fill(self, kernel: Kernel) -> None:
        self._directories()
        self._busybox()
        self._python()
        for name in PROGRAMS:
            if found := shutil.which(name):
                self._add(pathlib.Path(found))
        for name in LIBRARIES:
            self._add(_library(name))
        self._libraries()
        # ctypes finds libraries by asking ldconfig.
        self._add(pathlib.Path("/sbin/ldconfig"))
        self._text("etc/ld.so.conf", "".join(f"{path}\n" for path in _multiarch()))
        subprocess.run(["/sbin/ldconfig", "-r", self._root], check=True)
        shutil.copytree(kernel.modules, self._root / "usr/lib/modules" / kernel.version)
        subprocess.run(["/bin/busybox", "depmod", "-b", self._root, kernel.version], check=True)
        self._text("sbin/init", INIT.format(repository=REPOSITORY), 0o755)

    def _directories(self) -> None:
        for name in ("dev", "proc", "sys", "run", "tmp", "root", "etc", "var/lib", "var/tmp",
                     "usr/bin", "usr/sbin", "usr/lib", "usr/lib64", "usr/local/bin"):  # fmt: skip
            (self._root / name).mkdir(parents=True)
        for name in ("bin", "sbin", "lib", "lib64"):
            (self._root / name).symlink_to(f"usr/{name}")
        self._text("etc/passwd", "root:x:0:0:root:/root:/bin/sh\n")
        self._text("etc/group", "root:x:0:\ntty:x:5:\ndocker:x:999:\n")
        self._text("etc/hosts", "127.0.0.1 localhost\n")
        self._text("etc/resolv.conf", "")
        self._text("etc/os-release", 'NAME="Debian"\nPRETTY_NAME="Debian in a machine"\n')
        self._text(str(MARK.relative_to("/")), "")

    def _busybox(self) -> None:
        self._add(pathlib.Path("/bin/busybox"))
        names = subprocess.run(
            ["/bin/busybox", "--list"], capture_output=True, text=True, check=True
        ).stdout.split()
        for name in names:
            link = self._root / "usr/bin" / name
            if not link.exists() and not link.is_symlink():
                link.symlink_to("busybox")
        # The kernel asks for modules by this path (/proc/sys/kernel/modprobe).
        (self._root / "usr/sbin/modprobe").symlink_to("../bin/busybox")

    def _python(self) -> None:
        executable = pathlib.Path(sys.executable)
        base = pathlib.Path(sys.base_prefix)
        standard = f"lib/python{sys.version_info.major}.{sys.version_info.minor}"
        self._add(pathlib.Path(sys._base_executable))
        self._copy_tree(base / standard, STDLIB_LEFT_OUT)
        for library in base.glob("lib/libpython*.so*"):
            self._add(library)
        # The virtual environment's own python is a link.
        if executable != pathlib.Path(sys._base_executable):
            self._copy_tree(_site_packages(), LEFT_OUT)
            self._link_chain(executable)
            shutil.copy2(
                pathlib.Path(sys.prefix) / "pyvenv.cfg", self._at(pathlib.Path(sys.prefix))
            )

    def _link_chain(self, link: pathlib.Path) -> None:
        while link.is_symlink():
            target = link.readlink()
            place = self._at(link)
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.is_symlink() and not place.exists():
                place.symlink_to(target)
            link = link.parent / target
        self._add(link)

    def _copy_tree(self, source: pathlib.Path, left_out: tuple[str, ...]) -> None:
        shutil.copytree(
            source,
            self._at(source),
            ignore=shutil.ignore_patterns(*left_out),
            symlinks=True,
            dirs_exist_ok=True,
        )

    def _libraries(self) -> None:
        """Add what the linker will look for."""
        binaries = [path for path in self._root.rglob("*.so*") if path.is_file()]
        binaries += [path for path in self._root.rglob("bin/*") if path.is_file()]
        wanted: set[str] = set()
        for path in binaries:
            found = subprocess.run(["ldd", path], capture_output=True, text=True, check=False)
            for line in found.stdout.splitlines():
                words = line.replace("=>", " ").split()
                wanted.update(word for word in words if word.startswith("/"))
        for name in sorted(wanted):
            if not name.startswith(str(self._root)):
                self._add(pathlib.Path(name))

    def _add(self, path: pathlib.Path) -> None:
        """Copy a file to the path it has here."""
        place = self._at(path)
        if place.exists():
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path.resolve(), place)

    def _at(self, path: pathlib.Path) -> pathlib.Path:
        # Through the links bin -> usr/bin and so on, which is why the tree has them first.
        return self._root / str(path).lstrip("/")

    def _text(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self._root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)


def _multiarch() -> list[pathlib.Path]:
    return sorted(pathlib.Path("/usr/lib").glob("*-linux-gnu"))


def _library(name: str) -> pathlib.Path:
    for directory in _multiarch():
        if (directory / name).exists():
            return directory / name
    raise FileNotFoundError(f"{name} is not installed")
