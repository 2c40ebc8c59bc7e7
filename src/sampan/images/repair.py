"""What a kill or a power cut left, put right at the next start.

Drivers have by now removed what was half made (a layer has its name only when it is whole). Left
are layers that no row came to need, rows whose layers are gone, names of nothing, and, after a
power cut, layers whose files may not have reached the disk: those are read once and compared with
their digest.
"""

import hashlib
import logging

from sampan.images.shelf import Shelf
from sampan.storage.driver import SnapshotDriver

log = logging.getLogger(__name__)


def repair(shelf: Shelf) -> None:
    """Make rows, names and layers agree."""
    broken = {chain for chain in shelf.snapshots.unsettled() if not _whole(shelf.snapshots, chain)}
    for row in shelf.rows:
        missing = row.chain is not None and not shelf.snapshots.has_layer(row.chain)
        if missing or broken & set(_below(shelf.snapshots, row.chain)):
            log.warning("image %s is removed: its layers did not survive", row.id)
            shelf.drop(row.id)
    for name, identity in shelf.references.all().items():
        if shelf.rows.get(identity) is None:
            shelf.references.delete(name)
    for chain in broken:
        log.warning("layer %s is not what it was", chain)
    shelf.sweep()


def _whole(snapshots: SnapshotDriver, chain: str) -> bool:
    """Whether a layer still gives the tar it was made of."""
    seen = hashlib.sha256()
    try:
        for block in snapshots.tar(chain):
            seen.update(block)
    except Exception as error:  # noqa: BLE001 - a spoilt file system may answer with anything
        log.warning("layer %s is unreadable: %s", chain, error)
        return False
    return f"sha256:{seen.hexdigest()}" == snapshots.diff_id(chain)


def _below(snapshots: SnapshotDriver, chain: str | None) -> list[str]:
    found = []
    while chain is not None and snapshots.has_layer(chain):
        found.append(chain)
        chain = snapshots.parent(chain)
    return found
