"""What sampan.storage.driver promises, on every driver."""

import os
import stat

import msgspec
import pytest
from tests.support.tars import blocks, directory, files, hardlink, link, member, tar

from sampan.base.data_root import DataRoot
from sampan.errors import Conflict, NotFound
from sampan.oci import digest
from sampan.storage import rootfs
from sampan.storage.drivers import layer_files
from sampan.storage.drivers.overlay import Overlay
from sampan.storage.drivers.vfs import Vfs
from sampan.storage.tar.errors import TarError
from sampan.storage.tar.reader import Reader
from sampan.storage.tar.source import Source

pytestmark = pytest.mark.root

BASE = tar(
    directory("etc"),
    member("etc/passwd", data=b"root", mode=0o640, uid=1, gid=2, mtime=1_600_000_000),
    member("etc/group", data=b"users"),
    directory("var", mtime=1_500_000_000),
    directory("var/lib", mode=0o2775, gid=50),
    member("var/lib/db", data=b"x" * 10_000),
    link("bin", "usr/bin"),
    directory("usr/bin"),
    member("usr/bin/su", data=b"#!", mode=0o4755),
    hardlink("usr/bin/sudo", "usr/bin/su"),
)


@pytest.fixture(params=[Overlay, Vfs], ids=lambda kind: kind.name)
def kind(request):
    return request.param


@pytest.fixture
def driver(kind, tmp_path):
    made = kind(DataRoot(str(tmp_path)))
    yield made
    for key in made.snapshots():
        made.remove(key)


def add(driver, *layers):
    """Put layers on one another; return the chain ids."""
    chains = digest.chain_ids(digest.of(layer) for layer in layers)
    parent = None
    for chain, layer in zip(chains, layers, strict=True):
        driver.stage(blocks(layer)).commit(chain, parent)
        parent = chain
    return chains


def look(driver, chain):
    """Everything in a chain: path to type, mode, owner and content."""
    return rootfs.view(driver.view(chain), seen)


def seen(root_fd, prefix=""):
    found = {}
    for name in os.listdir(root_fd):
        status = os.lstat(name, dir_fd=root_fd)
        path = f"{prefix}{name}"
        if stat.S_ISDIR(status.st_mode):
            below = os.open(name, os.O_RDONLY, dir_fd=root_fd)
            found[path + "/"] = None
            found |= seen(below, f"{path}/")
            os.close(below)
        elif stat.S_ISLNK(status.st_mode):
            found[path] = os.readlink(name, dir_fd=root_fd)
        else:
            found[path] = read(root_fd, name)
    return found


def read(root_fd, path):
    fd = os.open(path, os.O_RDONLY, dir_fd=root_fd)
    with os.fdopen(fd, "rb") as opened:
        return opened.read()


def write(root_fd, path, data):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644, dir_fd=root_fd)
    with os.fdopen(fd, "wb") as opened:
        opened.write(data)


def changed(driver, key):
    return {change.path: "CAD"[change.kind] for change in driver.changes(key)}


def committed(driver, key, chain):
    """Make a layer of a snapshot's difference; return its chain and the names in its tar."""
    data = b"".join(driver.diff(key))
    below = []
    parent = chain
    while parent is not None:
        below.insert(0, driver.diff_id(parent))
        parent = driver.parent(parent)
    made = digest.chain_ids([*below, digest.of(data)])[-1]
    driver.stage(blocks(data)).commit(made, chain)
    return made, [entry.name for entry in Reader(Source(blocks(data)))]


def test_a_layer_shows_what_its_tar_held(driver):
    (chain,) = add(driver, BASE)

    def check(root_fd):
        passwd = os.lstat("etc/passwd", dir_fd=root_fd)
        assert (passwd.st_mode & 0o7777, passwd.st_uid, passwd.st_gid) == (0o640, 1, 2)
        assert passwd.st_mtime == 1_600_000_000
        lib = os.lstat("var/lib", dir_fd=root_fd)
        assert (lib.st_mode & 0o7777, lib.st_gid) == (0o2775, 50)
        assert os.lstat("var/lib/db", dir_fd=root_fd).st_gid == 0
        assert os.lstat("var", dir_fd=root_fd).st_mtime == 1_500_000_000
        su, sudo = (os.lstat(f"usr/bin/{name}", dir_fd=root_fd) for name in ("su", "sudo"))
        assert su.st_mode & 0o7777 == 0o4755
        assert (su.st_ino, su.st_nlink) == (sudo.st_ino, 2)
        assert os.readlink("bin", dir_fd=root_fd) == "usr/bin"
        assert read(root_fd, "var/lib/db") == b"x" * 10_000

    rootfs.view(driver.view(chain), check)


def test_a_staged_layer_knows_its_digest_and_size(driver):
    staged = driver.stage(blocks(BASE))
    assert staged.diff_id == digest.of(BASE)
    assert staged.size == 4 + 5 + 10_000 + 2
    staged.abort()
    assert driver.layers() == []


ODD = {
    "plain": BASE,
    "with trailing bytes": BASE + b"junk" * 5000,
    "without its end": BASE[: BASE.rindex(b"usr/bin/sudo") + 512],
    "empty": tar(),
    "a file twice": tar(member("f", data=b"first" * 99), member("f", data=b"second")),
    "a directory replaced": tar(
        directory("d"), member("d/f", data=b"first"), member("d", data=b"file"),
        directory("d"), member("d/f", data=b"again"),
    ),
    "through a symlink": tar(
        directory("real"), link("alias", "real"), member("alias/f", data=b"1"),
        member("real/f", data=b"22"), directory("alias"), member("alias/f", data=b"333"),
    ),
    "no directories": tar(member("a/b/c/d", data=b"deep")),
}  # fmt: skip


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_the_tar_comes_back_bit_for_bit(driver, data):
    (chain,) = add(driver, data)
    assert b"".join(driver.tar(chain)) == data
    assert driver.tar_size(chain) == len(data)


def test_the_last_entry_of_a_name_wins(driver):
    (chain,) = add(driver, ODD["a file twice"])
    assert look(driver, chain) == {"f": b"second"}
    (chain,) = add(driver, ODD["a directory replaced"])
    assert look(driver, chain) == {"d/": None, "d/f": b"again"}


def test_upper_layers_cover_lower_ones(driver):
    top = tar(
        member("etc/.wh.group"),
        member("etc/passwd", data=b"new"),
        member("var/lib/.wh..wh..opq"),
        member("var/lib/fresh", data=b"1"),
        member("usr/.wh.bin"),
    )
    _, chain = add(driver, BASE, top)
    assert look(driver, chain) == {
        "etc/": None,
        "etc/passwd": b"new",
        "var/": None,
        "var/lib/": None,
        "var/lib/fresh": b"1",
        "bin": "usr/bin",
        "usr/": None,
    }


def test_a_layer_below_stays_as_it_was(driver):
    lower, _ = add(driver, BASE, tar(member("etc/.wh.group"), member("etc/passwd", data=b"new")))
    assert look(driver, lower)["etc/passwd"] == b"root"
    assert look(driver, lower)["etc/group"] == b"users"


def test_a_directory_deleted_and_made_anew_shows_nothing_of_the_old(driver):
    top = tar(member(".wh.etc"), directory("etc"), member("etc/only", data=b"1"))
    _, chain = add(driver, BASE, top)
    assert [path for path in look(driver, chain) if path.startswith("etc/")] == ["etc/", "etc/only"]


def test_a_whiteout_spares_what_its_own_layer_made(driver):
    top = tar(directory("etc"), member("etc/only", data=b"1"), member(".wh.etc"))
    _, chain = add(driver, BASE, top)
    assert [path for path in look(driver, chain) if path.startswith("etc/")] == ["etc/", "etc/only"]


def test_a_file_becomes_a_directory_and_a_directory_a_file(driver):
    top = tar(directory("etc/passwd"), member("etc/passwd/x", data=b"1"), member("var", data=b"f"))
    _, chain = add(driver, BASE, top)
    found = look(driver, chain)
    assert found["etc/passwd/x"] == b"1"
    assert found["var"] == b"f"


def test_the_root_keeps_its_mode_when_an_upper_layer_does_not_name_it(driver):
    chains = add(driver, tar(directory("./", mode=0o711), member("a")), tar(member("b")))
    driver.prepare("key", chains[1])
    for mounts in (driver.view(chains[1]), driver.mounts("key")):
        assert rootfs.view(mounts, lambda fd: os.fstat(fd).st_mode & 0o7777) == 0o711


def test_the_same_layer_twice_is_kept_once(driver):
    (chain,) = add(driver, BASE)
    driver.stage(blocks(BASE)).commit(chain, None)
    assert driver.layers() == [chain]
    assert look(driver, chain)["etc/group"] == b"users"


def test_a_broken_tar_leaves_nothing(driver, tmp_path):
    with pytest.raises(TarError):
        driver.stage(blocks(BASE[:8000]))
    assert driver.layers() == []
    assert os.listdir(tmp_path / "layers" / driver.name) == []


def test_a_tar_whose_stream_fails_leaves_nothing(driver, tmp_path):
    def stream():
        yield BASE[:5000]
        raise ConnectionResetError("the client went away")

    with pytest.raises(ConnectionResetError):
        driver.stage(stream())
    assert os.listdir(tmp_path / "layers" / driver.name) == []


def test_a_layer_with_something_on_it_is_not_removed(driver):
    lower, upper = add(driver, BASE, files(top=b"1"))
    with pytest.raises(Conflict):
        driver.remove_layer(lower)
    driver.prepare("key", upper)
    with pytest.raises(Conflict):
        driver.remove_layer(upper)
    driver.remove("key")
    driver.remove_layer(upper)
    driver.remove_layer(lower)
    driver.remove_layer(lower)
    assert driver.layers() == []


def test_unknown_layers_and_snapshots_are_named(driver):
    with pytest.raises(NotFound, match="No such layer"):
        driver.view(digest.of(b"x"))
    with pytest.raises(NotFound, match="No such snapshot"):
        driver.mounts("x")
    with pytest.raises(NotFound):
        driver.prepare("key", digest.of(b"x"))
    driver.remove("x")
    assert driver.snapshots() == []


def test_everything_is_there_after_a_restart(driver, kind, tmp_path):
    _, chain = add(driver, BASE, files(top=b"1"))
    driver.prepare("key", chain)
    again = kind(DataRoot(str(tmp_path)))
    assert sorted(again.layers()) == sorted(driver.layers())
    assert again.chain_of("key") == chain
    assert look(again, chain) == look(driver, chain)


def test_what_a_kill_left_is_gone_after_a_restart(driver, kind, tmp_path):
    driver.stage(blocks(BASE))
    root = tmp_path / "layers" / driver.name
    (root / ".gone-1").mkdir()
    (root / ("0" * 64)).mkdir()
    (tmp_path / "snapshots" / driver.name / ".stage-1").mkdir()
    again = kind(DataRoot(str(tmp_path)))
    assert again.layers() == again.snapshots() == []
    assert os.listdir(root) == []
    assert os.listdir(tmp_path / "snapshots" / driver.name) == []


def test_a_fresh_snapshot_has_no_changes(driver):
    (chain,) = add(driver, BASE)
    driver.prepare("key", chain)
    assert driver.changes("key") == []
    assert driver.usage("key") == 0
    assert b"".join(driver.diff("key")) == bytes(1024)


def test_a_snapshot_of_nothing_can_be_written(driver):
    driver.prepare("key", None)
    rootfs.view(driver.mounts("key"), lambda fd: write(fd, "f", b"hello"))
    assert changed(driver, "key") == {"/f": "A"}
    chain, names = committed(driver, "key", None)
    assert names == ["f"]
    assert look(driver, chain) == {"f": b"hello"}


def test_places_to_mount_on_are_there_and_are_never_committed(kind, driver):
    if kind is not Overlay:
        pytest.skip("only overlay has somewhere to put them")
    layer = tar(directory("etc", mtime=1_000_000_000), member("etc/hosts", data=b"kept"))
    (chain,) = add(driver, layer)
    for below in (chain, None):
        driver.prepare(str(below), below)

        def check(root_fd):
            etc = os.lstat("etc", dir_fd=root_fd)
            found = seen(root_fd)
            assert {"proc/", "sys/", "dev/pts/", "dev/shm/", "dev/console"} <= found.keys()
            assert found["etc/mtab"] == "/proc/mounts"
            return int(etc.st_mtime), found["etc/hosts"]

        shown = rootfs.view(driver.mounts(str(below)), check)
        assert below is None or shown == (1_000_000_000, b"kept")
        assert driver.changes(str(below)) == []
        assert b"".join(driver.diff(str(below))) == bytes(1024)
    assert sorted(look(driver, chain)) == ["etc/", "etc/hosts"]


def test_two_snapshots_of_a_chain_do_not_meet(driver):
    (chain,) = add(driver, BASE)
    driver.prepare("one", chain)
    driver.prepare("two", chain)
    rootfs.view(driver.mounts("one"), lambda fd: write(fd, "etc/passwd", b"mine"))
    theirs = rootfs.view(driver.mounts("two"), lambda fd: read(fd, "etc/passwd"))
    assert theirs == look(driver, chain)["etc/passwd"] == b"root"


def test_changes_and_their_layer_say_what_was_done(driver):
    (chain,) = add(driver, BASE)
    driver.prepare("key", chain)

    def work(root_fd):
        write(root_fd, "etc/passwd", b"longer than before")
        os.unlink("etc/group", dir_fd=root_fd)
        os.mkdir("srv", 0o700, dir_fd=root_fd)
        write(root_fd, "srv/data", b"d" * 2000)
        os.link("srv/data", "srv/again", src_dir_fd=root_fd, dst_dir_fd=root_fd)
        os.symlink("/etc", "srv/etc", dir_fd=root_fd)
        os.mkfifo("srv/fifo", 0o600, dir_fd=root_fd)
        os.mknod("srv/null", 0o666 | stat.S_IFCHR, os.makedev(1, 3), dir_fd=root_fd)
        os.rename("usr/bin/su", "usr/bin/sux", src_dir_fd=root_fd, dst_dir_fd=root_fd)

    rootfs.view(driver.mounts("key"), work)
    assert changed(driver, "key") == {
        "/etc": "C",
        "/etc/group": "D",
        "/etc/passwd": "C",
        "/srv": "A",
        "/srv/again": "A",
        "/srv/data": "A",
        "/srv/etc": "A",
        "/srv/fifo": "A",
        "/srv/null": "A",
        "/usr": "C",
        "/usr/bin": "C",
        "/usr/bin/su": "D",
        "/usr/bin/sux": "A",
    }
    assert driver.usage("key") >= 2018
    made, names = committed(driver, "key", chain)
    assert names == [
        "etc/", "etc/.wh.group", "etc/passwd", "srv/", "srv/again", "srv/data", "srv/etc",
        "srv/fifo", "srv/null", "usr/", "usr/bin/", "usr/bin/.wh.su", "usr/bin/sux",
    ]  # fmt: skip
    before = rootfs.view(driver.mounts("key"), names_and_modes)
    assert rootfs.view(driver.view(made), names_and_modes) == before


# What is shown in containers for the runtime's sake, and is no part of any image.
PLACES = {".dockerenv", "dev", "proc", "sys", "hostname", "hosts", "mtab", "resolv.conf"}


def names_and_modes(root_fd, prefix=""):
    found = []
    for name in sorted(set(os.listdir(root_fd)) - PLACES):
        status = os.lstat(name, dir_fd=root_fd)
        found.append((prefix + name, oct(status.st_mode), status.st_rdev, int(status.st_mtime)))
        if stat.S_ISDIR(status.st_mode):
            below = os.open(name, os.O_RDONLY, dir_fd=root_fd)
            found += names_and_modes(below, f"{prefix}{name}/")
            os.close(below)
    return found


def test_a_directory_removed_and_made_anew_hides_the_old_one(driver):
    (chain,) = add(driver, BASE)
    driver.prepare("key", chain)

    def work(root_fd):
        os.unlink("usr/bin/su", dir_fd=root_fd)
        os.unlink("usr/bin/sudo", dir_fd=root_fd)
        os.rmdir("usr/bin", dir_fd=root_fd)
        os.mkdir("usr/bin", dir_fd=root_fd)
        write(root_fd, "usr/bin/new", b"1")

    rootfs.view(driver.mounts("key"), work)
    assert changed(driver, "key") == {
        "/usr": "C",
        "/usr/bin": "C",
        "/usr/bin/new": "A",
        "/usr/bin/su": "D",
        "/usr/bin/sudo": "D",
    }
    made, _ = committed(driver, "key", chain)
    left = [path for path in look(driver, made) if "usr/bin/" in path]
    assert left == ["usr/bin/", "usr/bin/new"]


def test_the_same_changes_give_the_same_tar(driver):
    (chain,) = add(driver, BASE)
    tars = []
    for key in ("one", "two"):
        driver.prepare(key, chain)

        def work(root_fd):
            for name in "zyx":
                write(root_fd, name, name.encode())
                os.utime(name, (0, 0), dir_fd=root_fd)

        rootfs.view(driver.mounts(key), work)
        tars.append(b"".join(driver.diff(key)))
    assert tars[0] == tars[1]


def test_file_capabilities_travel_with_a_commit(driver):
    (chain,) = add(driver, BASE)
    driver.prepare("key", chain)
    net_raw = bytes.fromhex("0100000200200000000000000000000000000000")

    def work(root_fd):
        write(root_fd, "ping", b"#!")
        os.setxattr(f"/proc/self/fd/{root_fd}/ping", "security.capability", net_raw)

    rootfs.view(driver.mounts("key"), work)
    made, _ = committed(driver, "key", chain)

    def check(root_fd):
        return os.getxattr(f"/proc/self/fd/{root_fd}/ping", "security.capability")

    assert rootfs.view(driver.view(made), check) == net_raw


def test_a_hundred_and_twenty_eight_layers_mount(driver):
    chains = add(driver, *(files(**{f"f{n}": b"%d" % n, "last": b"%d" % n}) for n in range(128)))
    driver.prepare("key", chains[-1])
    names = rootfs.view(driver.mounts("key"), seen)
    assert {f"f{n}" for n in range(128)} <= set(names)
    assert names["last"] == b"127"


def test_a_layer_of_an_earlier_boot_is_unsettled_until_it_is_known_to_be_on_disk(
    driver, kind, tmp_path
):
    (chain,) = add(driver, BASE)
    assert driver.unsettled() == []
    directory_ = tmp_path / "layers" / driver.name / digest.hex_of(chain)
    record = layer_files.read(str(directory_))
    layer_files.rewrite(str(directory_), msgspec.structs.replace(record, boot="an earlier one"))
    again = kind(DataRoot(str(tmp_path)))
    assert again.unsettled() == [chain]
    again.settle()
    assert again.unsettled() == []
    assert kind(DataRoot(str(tmp_path))).unsettled() == []
