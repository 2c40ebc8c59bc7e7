"""Unpacks one layer tar into a layer's directory, and keeps what is needed to get the tar back."""

import os
from collections.abc import Iterable
from typing import NamedTuple

from sampan.storage import tree
from sampan.storage.drivers.layer_files import DIFF
from sampan.storage.pipeline import Block, Hashed
from sampan.storage.tar.apply import apply
from sampan.storage.tar.split import Recorder
from sampan.storage.tar.whiteouts import Whiteouts


class Unpacked(NamedTuple):
    """What was in the tar."""

    diff_id: str
    size: int  # bytes of file content
    tar_size: int
    names_root: bool  # whether the archive said what the root directory looks like


def unpack(path: str, blocks: Iterable[Block], whiteouts: Whiteouts) -> Unpacked:
    """Unpack a plain layer tar, to its end, into the directory of a layer being made."""
    directory = tree.open_directory(path)
    try:
        diff = tree.open_directory(DIFF, directory)
        try:
            recorder = Recorder(directory)
            try:
                with Hashed(blocks) as hashed:
                    applied = apply(hashed, diff, whiteouts, recorder)
                    recorder.finish()
                    digest = hashed.digest()
            finally:
                recorder.close()
        finally:
            os.close(diff)
    finally:
        os.close(directory)
    return Unpacked(digest, applied.size, hashed.size, applied.names_root)
