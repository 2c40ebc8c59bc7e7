"""The directories of both roots, made at start; scratch in them is emptied."""

import os

from sampan.base import files
from sampan.base.data_root import DataRoot
from sampan.base.run_root import RunRoot


def make_directories(data: DataRoot, run: RunRoot) -> None:
    """Make what the stores expect. The roots themselves are claimed, and made, before."""
    for scratch in (data.tmp, data.ingest, run.volatile):
        files.remove_tree(scratch)
    for path, mode in (
        (data.blobs, 0o700),
        (data.ingest, 0o700),
        (data.layers, 0o710),
        (data.snapshots, 0o710),
        (data.containers, 0o710),
        (data.volumes, 0o711),
        (data.tmp, 0o700),
        (run.tasks, 0o711),
        (run.seccomp, 0o700),
        (run.volatile, 0o700),
    ):
        os.makedirs(path, exist_ok=True)
        os.chmod(path, mode)
