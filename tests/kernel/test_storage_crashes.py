"""Stores that were killed, or lost power, in the middle of something."""

import json
import os
import signal
import subprocess
import sys

import pytest
from tests.support.stores import BASE, TOP, Stores, content, nobody, put
from tests.support.tars import files

from sampan.errors import NotFound
from sampan.oci import digest

pytestmark = pytest.mark.root


@pytest.fixture
def stores(tmp_path):
    made = Stores(tmp_path / "data")
    yield made
    made.close()


CHILD = """
import io, os, signal, sys
from tests.support.stores import Stores
from tests.support.tars import docker_archive, files
from sampan.storage import rootfs

path, point = sys.argv[1:]
stores = Stores(path)
calls = 0

def trace(frame, event, argument):
    global calls
    calls += 1
    if calls == int(point):
        os.kill(os.getpid(), signal.SIGKILL)

layers = [files(**{f"f{n}": b"x" * 100 for n in range(20)}), files(top=b"1")]
data = docker_archive(*layers, tags=["new:1"])
sys.setprofile(trace)
import threading
threading.setprofile(trace)
list(stores.images.load(io.BytesIO(data)))
image = stores.images.resolve("new:1")
stores.snapshots.prepare("key", image.chain)
rootfs.view(stores.snapshots.mounts("key"), lambda fd: os.mkdir("made", dir_fd=fd))
stores.images.commit("key", parent=image.id, config={}, repository="committed")
stores.images.remove("committed", lambda image: [])
stores.images.remove("new:1", lambda image: [], force=True)
stores.snapshots.remove("key")
stores.images.release()
print("done", calls)
"""


def child(path, point):
    return subprocess.run(
        [sys.executable, "-c", CHILD, path, str(point)],
        capture_output=True,
        text=True,
        cwd=os.path.dirname(os.path.dirname(os.path.dirname(__file__))),
        check=False,
    )


def test_a_kill_at_any_moment_is_repaired_at_the_next_start(tmp_path):
    stores = Stores(tmp_path / "data")
    put(stores, "kept:1", BASE)
    kept = stores.files()
    stores.close()
    done = child(tmp_path / "data", -1)
    assert done.stdout.startswith("done"), done.stderr
    total = int(done.stdout.split()[1])
    # Not up to the last call: threads and what else is on the machine vary their number a little.
    for point in range(1, total * 9 // 10, total // 12):
        killed = child(tmp_path / "data", point)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        stores = Stores(tmp_path / "data")
        for image in stores.images.list(everything=True):
            # Whatever is there is whole.
            assert content(stores, stores.images.resolve("kept:1"))["base"] == b"base"
            assert b"".join(stores.images.save([image["Id"]]))
        for key in stores.snapshots.snapshots():
            stores.snapshots.remove(key)
        for name in ("committed", "new:1"):
            try:
                stores.images.remove(name, nobody, force=True)
            except NotFound:
                continue
        stores.images.prune({}, nobody)
        stores.images.release()
        assert stores.files() == kept
        stores.close()


def test_layers_spoilt_by_a_power_cut_take_their_image_with_them(stores):
    image = put(stores, "thing:1", BASE, TOP)
    kept = put(stores, "kept:1", files(kept=b"1"))
    top = f"{stores.root.layers}/overlay/{digest.hex_of(image.chain)}"
    for chain in stores.snapshots.layers():
        # As if made before a reboot.
        record = f"{stores.root.layers}/overlay/{digest.hex_of(chain)}/layer.json"
        with open(record, "r+b") as opened:
            document = json.load(opened)
            document["boot"] = "before"
            opened.seek(0)
            opened.truncate()
            opened.write(json.dumps(document).encode())
    with open(f"{top}/diff/top", "wb"):
        pass
    stores.reopen()
    assert [found["Id"] for found in stores.images.list()] == [kept.id]
    assert stores.snapshots.layers() == [kept.chain]


def test_rows_whose_layers_are_gone_are_dropped(stores):
    image = put(stores, "thing:1")
    os.unlink(f"{stores.root.layers}/overlay/{digest.hex_of(image.chain)}/layer.json")
    stores.reopen()
    assert stores.images.list() == []
    assert stores.files() == []
    with pytest.raises(NotFound):
        stores.images.resolve("thing:1")
