"""Unpacking one layer aside, and turning it into a layer by renaming it into place.

Nothing is known of a layer's parent while it is unpacked from the middle of an archive, so that
an image can be loaded in one pass: what it is comes with commit().
"""

import os
from collections.abc import Iterator
from typing import NamedTuple

from sampan.storage import tree
from sampan.storage.drivers import layer_files
from sampan.storage.drivers.layer_files import DIFF
from sampan.storage.pipeline import Block, Hashed
from sampan.storage.tar.apply import apply
from sampan.storage.tar.split import Recorder
from sampan.storage.tar.whiteouts import Whiteouts


class Unpacked(NamedTuple):
    """A layer unpacked aside."""

    name: str  # its directory, below the driver's
    diff_id: str
    size: int  # bytes of file content
    tar_size: int
    names_root: bool  # whether the archive said what the root directory looks like


def make_directory(root: str) -> str:
    """Make an empty directory for one layer; return its name."""
    name = f"{layer_files.STAGE}{os.urandom(6).hex()}"
    os.mkdir(f"{root}/{name}", 0o700)
    os.mkdir(f"{root}/{name}/{DIFF}", 0o755)
    return name


def unpack(root: str, name: str, blocks: Iterator[Block], whiteouts: Whiteouts) -> Unpacked:
    """Unpack a plain layer tar into the directory `name`; removes it again on failure."""
    directory = tree.open_directory(f"{root}/{name}")
    try:
        diff = tree.open_directory(DIFF, directory)
        try:
            os.fchmod(diff, 0o755)  # whatever the umask
            recorder = Recorder(directory)
            try:
                with Hashed(blocks) as hashed:
                    applied = apply(hashed, diff, whiteouts, recorder)
                    hashed.drain()
                    recorder.finish()
                    digest = hashed.digest()
            finally:
                recorder.close()
        finally:
            os.close(diff)
    except BaseException:
        layer_files.discard(root, name)
        raise
    finally:
        os.close(directory)
    return Unpacked(name, digest, applied.size, hashed.size, applied.names_root)
