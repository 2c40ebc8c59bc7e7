"""What a layer's directory holds, whichever driver made it.

    layers/<driver>/<chain id hex>/
    ├── layer.json       parent, link, diff_id, size; written last, before the rename into place
    ├── diff/            the unpacked files
    └── tar-split.zst    the rest of its tar (sampan.storage.tar.split)
    layers/<driver>/.stage-<random>/   a layer being unpacked; removed at start
    layers/<driver>/.gone-<random>/    a layer being removed; removed at start

Who needs a layer is not known here.
"""

import logging
import os

import msgspec

from sampan.base import files
from sampan.errors import Internal
from sampan.storage import tree

log = logging.getLogger(__name__)

STAGE = ".stage-"
GONE = ".gone-"
DIFF = "diff"
RECORD = "layer.json"


class Layer(msgspec.Struct, frozen=True):
    """What is known of one applied layer."""

    parent: str | None
    diff_id: str
    size: int  # bytes of file content
    tar_size: int  # bytes of its tar
    link: str = ""
    # Boot during which it was made, until its files are known to be on disk: see images/repair.
    boot: str = ""


def read(directory: str) -> Layer:
    """Read the record of a layer."""
    return msgspec.json.decode(files.read(f"{directory}/{RECORD}"), type=Layer)


def load(root: str) -> dict[str, Layer]:
    """Read all records. A layer whose record a power cut spoilt is no layer: it is removed."""
    known: dict[str, Layer] = {}
    for name in os.listdir(root):
        if name.startswith("."):
            continue
        try:
            known[f"sha256:{name}"] = read(f"{root}/{name}")
        except (OSError, msgspec.DecodeError) as error:
            log.warning("layer %s is removed, its record is unreadable: %s", name, error)
            tree.remove(rename_away(root, name))
    return known


def boot_id() -> str:
    """What tells this boot of the machine from others."""
    return files.read("/proc/sys/kernel/random/boot_id").decode().strip()


def settled(layer: Layer) -> Layer:
    """The same layer, known to be on disk."""
    return msgspec.structs.replace(layer, boot="")


def rewrite(directory: str, layer: Layer) -> None:
    """Replace the record of a layer."""
    files.replace(f"{directory}/{RECORD}", msgspec.json.encode(layer), 0o600)


def write(directory: str, layer: Layer) -> None:
    """Write the record of a layer that is still being made."""
    files.write(f"{directory}/{RECORD}", msgspec.json.encode(layer), 0o600)


def hex_of(chain: str) -> str:
    """The directory name of a chain id."""
    algorithm, _, digits = chain.partition(":")
    if algorithm != "sha256" or len(digits) != 64 or not digits.isalnum():
        raise Internal(f"not a chain id: {chain}")
    return digits


def rename_away(root: str, name: str) -> str:
    """Take a directory out of the way at once; return where it is now, "" if it was not there."""
    gone = f"{root}/{GONE}{os.urandom(6).hex()}"
    try:
        os.rename(f"{root}/{name}", gone)
    except FileNotFoundError:
        return ""
    return gone


def sweep(root: str) -> None:
    """Remove what a kill left half made or half removed."""
    for name in os.listdir(root):
        if name.startswith((STAGE, GONE)):
            tree.remove(f"{root}/{name}")
