"""Debian's cloud kernel: fetched once, unpacked, with its modules in an order that loads.

The cloud kernel, because it boots in a second under emulation and has cgroup v2 with every
controller. It is only unpacked, never installed.
"""

import pathlib
import shutil
import subprocess
import sys

from tests.vm.paths import CACHE, DOWNLOAD

META = "linux-image-cloud-amd64"

# What finds the disk: all else is loaded from it by name. In this order.
BOOT_MODULES = (
    "virtio_ring",
    "virtio",
    "virtio_pci_modern_dev",
    "virtio_pci_legacy_dev",
    "virtio_pci",
    "virtio_blk",
)
# Parts of the module tree that a container platform asks for.
NEEDED = (
    "kernel/net",
    "kernel/lib",
    "kernel/crypto",
    "kernel/arch",
    "kernel/fs/overlayfs",
    "kernel/fs/erofs",
    "kernel/fs/nls",
    "kernel/block",
    "kernel/drivers/net",
    "kernel/drivers/virtio",
    "kernel/drivers/block",
)
DROPPED = ("kernel/drivers/net/ethernet", "kernel/drivers/net/wireless", "kernel/net/openvswitch")

INIT = """#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t devtmpfs dev /dev
for module in {modules}; do
    /bin/busybox insmod /modules/$module.ko || echo "cannot load $module"
done
/bin/busybox mount -t ext4 /dev/vda /root
/bin/busybox mount --move /dev /root/dev
/bin/busybox umount /proc
exec /bin/busybox switch_root /root /sbin/init
"""


class Kernel:
    """One unpacked kernel."""

    def __init__(self, directory: pathlib.Path) -> None:
        self.directory = directory
        self.image = next(directory.glob("vmlinuz-*"))
        self.version = self.image.name.removeprefix("vmlinuz-")
        self.modules = directory / "modules"

    def initrd(self) -> pathlib.Path:
        """Return the initrd, made if need be."""
        made = CACHE / f"initrd-{self.version}.cpio"
        if made.exists():
            return made
        root = CACHE / "initrd.tmp"
        shutil.rmtree(root, ignore_errors=True)
        for name in ("bin", "dev", "proc", "root", "modules"):
            (root / name).mkdir(parents=True)
        shutil.copy2("/bin/busybox", root / "bin" / "busybox")
        for name in BOOT_MODULES:
            shutil.copy2(next(self.modules.rglob(f"{name}.ko")), root / "modules")
        init = root / "init"
        init.write_text(INIT.format(modules=" ".join(BOOT_MODULES)))
        init.chmod(0o755)
        listed = "\n".join(str(path.relative_to(root)) for path in sorted(root.rglob("*")))
        packed = subprocess.run(
            ["cpio", "--quiet", "-o", "-H", "newc"],
            cwd=root, input=listed.encode(), capture_output=True, check=True,
        )  # fmt: skip
        made.write_bytes(packed.stdout)
        shutil.rmtree(root)
        return made


def fetch() -> Kernel:
    """Return the kernel, downloaded and unpacked if need be."""
    unpacked = sorted(CACHE.glob("kernel-*"))
    if unpacked:
        return Kernel(unpacked[-1])
    DOWNLOAD.mkdir(parents=True, exist_ok=True)
    package = _package()
    archives = sorted(DOWNLOAD.glob(f"{package}_*.deb"))
    if not archives:
        sys.stdout.write(f"downloading {package}\n")
        subprocess.run(
            ["apt-get", "-qo", "APT::Sandbox::User=root", "download", package],
            cwd=DOWNLOAD,
            check=True,
        )
        archives = sorted(DOWNLOAD.glob(f"{package}_*.deb"))
    return _unpack(archives[-1])


def _package() -> str:
    """Return the package that the meta package stands for today."""
    for _ in range(2):
        depends = subprocess.run(
            ["apt-cache", "depends", META], capture_output=True, text=True, check=False
        ).stdout
        names = [line.partition("Depends:")[2].strip() for line in depends.splitlines()]
        found = [name for name in names if name.startswith("linux-image-")]
        if found:
            return found[0]
        # A fresh machine has no package lists yet.
        subprocess.run(["apt-get", "-q", "update"], check=False, stdout=subprocess.DEVNULL)
    sys.exit(f"the package {META} is not to be had here: this test needs Debian on amd64")


def _unpack(archive: pathlib.Path) -> Kernel:
    whole = CACHE / "unpack.tmp"
    shutil.rmtree(whole, ignore_errors=True)
    subprocess.run(["dpkg-deb", "-x", archive, whole], check=True)
    image = next((whole / "boot").glob("vmlinuz-*"))
    version = image.name.removeprefix("vmlinuz-")
    made = CACHE / "kernel.tmp"
    shutil.rmtree(made, ignore_errors=True)
    made.mkdir()
    shutil.copy2(image, made)
    _keep_modules(whole / "lib" / "modules" / version, made / "modules")
    final = CACHE / f"kernel-{version}"
    made.rename(final)
    shutil.rmtree(whole)
    return Kernel(final)


def _keep_modules(source: pathlib.Path, target: pathlib.Path) -> None:
    target.mkdir()
    for file in source.glob("modules.*"):
        shutil.copy2(file, target)
    for part in NEEDED:
        if (source / part).is_dir():
            shutil.copytree(source / part, target / part, dirs_exist_ok=True)
    for part in DROPPED:
        shutil.rmtree(target / part, ignore_errors=True)
