"""Images whose trees are traps: refused in words, or run all the same; never a traceback."""

import io
import tarfile

import pytest
from tests.support.containers import run
from tests.support.daemon import busybox_tar


def image(daemon, name, kind, link=""):
    """Import busybox with one entry replaced; the image's name."""
    trap = tarfile.TarInfo(name)
    trap.type, trap.linkname, trap.mode = kind, link, 0o755
    out = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(busybox_tar())) as source,
        tarfile.open(fileobj=out, mode="w") as made,
    ):
        for entry in source.getmembers():
            if entry.name != name and not entry.name.startswith(f"{name}/"):
                made.addfile(entry, source.extractfile(entry) if entry.isreg() else None)
        made.addfile(trap)
    answer = daemon.api.post("/images/create", body=out.getvalue(), fromSrc="-", repo="trap")
    assert answer.status == 200, answer
    return "trap"


@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [
        ("etc", tarfile.SYMTYPE, "etc"),
        ("etc", tarfile.SYMTYPE, "../../../../etc"),
        ("proc", tarfile.REGTYPE, ""),
        ("dev", tarfile.FIFOTYPE, ""),
    ],
)
def test_a_tree_without_place_for_what_every_container_has_is_refused(daemon, name, kind, link):
    answer = daemon.api.post(
        "/containers/create", {"Image": image(daemon, name, kind, link), "Cmd": ["true"]}
    )
    assert answer.status == 400, answer
    assert "the image has no place for" in answer.message
    assert "Traceback" not in daemon.log.read_text()


@pytest.mark.parametrize(
    ("name", "kind", "link"),
    [
        ("etc/passwd", tarfile.FIFOTYPE, ""),
        ("etc/passwd", tarfile.SYMTYPE, "/dev/zero"),
        ("etc/group", tarfile.FIFOTYPE, ""),
        ("etc/hosts", tarfile.FIFOTYPE, ""),
        ("dev", tarfile.SYMTYPE, "/tmp"),  # noqa: S108 - the image's
    ],
)
def test_a_tree_with_odd_files_runs_nevertheless(daemon, name, kind, link):
    assert run(daemon.api, "echo", "ok", Image=image(daemon, name, kind, link)) == (0, "ok\n")
