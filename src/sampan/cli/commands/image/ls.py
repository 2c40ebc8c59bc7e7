"""sampan image ls, sampan images: images there are, a line for each name."""

from __future__ import annotations

import time

from sampan.cli.flags import BOOL, FILTER, LIST_FORMAT, Flag
from sampan.cli.format.listing import lines, show
from sampan.cli.format.text import short_id
from sampan.cli.format.times import local
from sampan.cli.format.units import age, size
from sampan.client.url import filters

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from sampan.cli.context import Context
    from sampan.cli.flags import Options

USAGE = "[OPTIONS] [REPOSITORY[:TAG]]"
ARGUMENTS = (0, 1)
FLAGS = (
    Flag("all", "a", BOOL, "Show all images (default hides intermediate images)"),
    Flag("digests", "", BOOL, "Show digests"),
    Flag("filter", "f", FILTER, "Filter output based on conditions provided"),
    LIST_FORMAT,
    Flag("no-trunc", "", BOOL, "Don't truncate output"),
    Flag("quiet", "q", BOOL, "Only show image IDs"),
)
NONE = "<none>"


def run(context: Context, options: Options, arguments: list[str]) -> int:
    """List images."""
    words = options.many("filter") + [f"reference={name}" for name in arguments]
    found = context.client.get(
        "/images/json", {"all": options.on("all"), "filters": filters(words)}
    )
    whole = options.on("no-trunc")
    format_ = options.text("format")
    rows = [row for image in found for row in named(image, digests=_digests(options))]
    if options.on("quiet") and not format_:
        lines(context.out, (row["Id"] if whole else short_id(row["Id"]) for row in rows))
        return 0
    names = ["Repository", "Tag", "ID", "CreatedSince", "Size"]
    if options.on("digests"):
        names.insert(2, "Digest")
    show(context.out, rows, columns(whole=whole), names, format_)
    return 0


def columns(*, whole: bool) -> dict[str, tuple[str, Any]]:
    """Every field of an image that a list can show."""
    return {
        "Containers": ("CONTAINERS", lambda row: _known(row.get("Containers"), str)),
        "CreatedAt": ("CREATED AT", lambda row: local(row["Created"])),
        "CreatedSince": ("CREATED", lambda row: since(row["Created"])),
        "Digest": ("DIGEST", lambda row: row["digest"]),
        "ID": ("IMAGE ID", lambda row: row["Id"] if whole else short_id(row["Id"])),
        "Repository": ("REPOSITORY", lambda row: row["repository"]),
        "SharedSize": ("SHARED SIZE", lambda row: _known(row.get("SharedSize"), size)),
        "Size": ("SIZE", lambda row: size(row["Size"], 3)),
        "Tag": ("TAG", lambda row: row["tag"]),
        "UniqueSize": ("UNIQUE SIZE", _unique),
        "VirtualSize": ("SIZE", lambda row: size(row.get("VirtualSize") or row["Size"])),
    }


def named(image: dict[str, Any], *, digests: bool) -> list[dict[str, Any]]:
    """Return a row for each name of an image, with its digest when digests are wanted. Pure."""
    tags: dict[str, list[str]] = {}
    for reference in image.get("RepoTags") or ():
        if reference == f"{NONE}:{NONE}":
            continue
        name, _, tag = reference.rpartition(":")
        tags.setdefault(name, []).append(tag)
    by_name: dict[str, list[str]] = {}
    for reference in image.get("RepoDigests") or ():
        if reference == f"{NONE}@{NONE}":
            continue
        name, _, digest = reference.partition("@")
        by_name.setdefault(name, []).append(digest)
    rows = []
    for name, found in tags.items():
        wanted = (by_name.get(name) if digests else None) or [NONE]
        rows += [_row(image, name, tag, digest) for tag in found for digest in wanted]
    for name in by_name.keys() - tags.keys():
        wanted = by_name[name] if digests else [NONE]
        rows += [_row(image, name, NONE, digest) for digest in wanted]
    return rows or [_row(image, NONE, NONE, NONE)]


def since(seconds: int) -> str:
    """Return how long ago an image was made."""
    return f"{age(time.time() - seconds)} ago" if seconds > 0 else "N/A"


def _digests(options: Options) -> bool:
    return options.on("digests") or ".Digest" in options.text("format")


def _row(image: dict[str, Any], repository: str, tag: str, digest: str) -> dict[str, Any]:
    return {**image, "repository": repository, "tag": tag, "digest": digest}


def _known(value: int | None, shown: Any) -> str:  # noqa: ANN401
    return "N/A" if value is None or value < 0 else str(shown(value))


def _unique(row: dict[str, Any]) -> str:
    shared = row.get("SharedSize")
    return "N/A" if shared is None or shared < 0 else size(row["Size"] - shared)
