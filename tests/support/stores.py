"""The stores of one daemon without a daemon: state, content, layers, images."""

import io
import os

from tests.support.tars import docker_archive, files

from sampan.base.data_root import DataRoot
from sampan.images.store import Images
from sampan.state.database import Database
from sampan.storage import rootfs
from sampan.storage.content import ContentStore
from sampan.storage.drivers.overlay import Overlay

BASE = files(base=b"base", other=b"x" * 5000)
TOP = files(top=b"top")


class Stores:
    """Open, and open again as after a restart."""

    def __init__(self, path, driver=Overlay):
        self.root = DataRoot(str(path))
        self._driver = driver
        os.makedirs(self.root.path, exist_ok=True)
        self.open()

    def open(self):
        self.database = Database(self.root.database)
        self.snapshots = self._driver(self.root)
        self.images = Images(self.database, ContentStore(self.root), self.snapshots)

    def reopen(self):
        self.close()
        self.open()

    def close(self):
        self.database.close()

    def files(self):
        """Everything below layers and snapshots that a user would call left over."""
        self.snapshots.wait_idle()
        found = []
        for top in (self.root.layers, self.root.snapshots):
            for driver in os.listdir(top):
                found += [f"{driver}/{name}" for name in os.listdir(f"{top}/{driver}")]
        always = ("l/0", "overlay/.scratch")
        return sorted(name for name in found if not name.startswith(always))


def load(stores, data, *, quiet=True):
    return [line["stream"] for line in stores.images.load(io.BytesIO(data), quiet=quiet)]


def nobody(_image):
    return []


def put(stores, name="thing:latest", *layers, **words):
    load(stores, docker_archive(*(layers or (BASE,)), tags=[name] if name else [], **words))
    return stores.images.resolve(name) if name else None


def container(stores, key, image, work=lambda fd: None):
    stores.snapshots.prepare(key, image.chain)
    rootfs.view(stores.snapshots.mounts(key), work)


def write(root_fd, name, data):
    fd = os.open(name, os.O_WRONLY | os.O_CREAT, 0o644, dir_fd=root_fd)
    with os.fdopen(fd, "wb") as out:
        out.write(data)


def content(stores, image):
    def read(root_fd):
        found = {}
        for name in sorted(os.listdir(root_fd)):
            fd = os.open(name, os.O_RDONLY, dir_fd=root_fd)
            with os.fdopen(fd, "rb") as opened:
                found[name] = opened.read()
        return found

    return rootfs.view(stores.snapshots.view(image.chain), read)
