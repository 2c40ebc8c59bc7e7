"""-v, --mount and --volumes-from as users write them."""

import pytest

from sampan.engine.spec.binds import of_bind, of_mount, of_volumes_from
from sampan.errors import InvalidRequest
from sampan.schema.mount import BindOptions, Mount, VolumeOptions


def test_a_host_directory() -> None:
    wish = of_bind("/srv/../opt:/data:ro,rslave")
    assert (wish.kind, wish.source, wish.destination) == ("bind", "/opt", "/data")
    assert wish.read_only
    assert wish.create
    assert wish.propagation == "rslave"


def test_a_named_volume() -> None:
    wish = of_bind("web:/data:nocopy")
    assert (wish.kind, wish.source, wish.no_copy) == ("volume", "web", True)


def test_an_anonymous_volume() -> None:
    assert of_bind("/data/").destination == "/data"
    assert of_bind("/data").kind == "volume"


@pytest.mark.parametrize("text", ["", ":", "a:b:c:d", "/a:b", "a/b:c", "/a:", "web:/d:rshared"])
def test_nonsense_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="invalid volume specification"):
        of_bind(text)


def test_a_relative_destination_is_named() -> None:
    with pytest.raises(InvalidRequest, match="'b' mount path must be absolute"):
        of_bind("/a:b")


@pytest.mark.parametrize("mode", ["rx", "ro,rw", "ro,what"])
def test_unknown_modes_are_refused(mode: str) -> None:
    with pytest.raises(InvalidRequest, match=f"invalid mode: {mode}"):
        of_bind(f"/a:/b:{mode}")


def test_the_root_is_no_destination() -> None:
    with pytest.raises(InvalidRequest, match="destination can't be '/'"):
        of_bind("/a:/..")


def test_a_mount_makes_no_source() -> None:
    wish = of_mount(Mount(type="bind", source="/s", target="/t"))
    assert not wish.create
    made = BindOptions(create_mountpoint=True)
    assert of_mount(Mount(type="bind", source="/s", target="/t", bind_options=made)).create


def test_volume_options_are_taken() -> None:
    options = VolumeOptions(no_copy=True, labels={"a": "b"})
    wish = of_mount(Mount(type="volume", source="v", target="/t", volume_options=options))
    assert (wish.no_copy, wish.labels) == (True, {"a": "b"})


@pytest.mark.parametrize(
    ("mount", "words"),
    [
        (Mount(type="npipe", target="/t"), 'mount type unknown: "npipe"'),
        (Mount(type="bind", source="/s"), "field Target must not be empty"),
        (Mount(type="bind", target="/t"), "field Source must not be empty"),
        (Mount(type="bind", source="s", target="/t"), "mount path must be absolute"),
        (Mount(type="bind", source="/s", target="t"), "mount path must be absolute"),
        (Mount(type="tmpfs", source="/s", target="/t"), "field Source must not be specified"),
    ],
)
def test_bad_mounts_are_refused_with_their_type(mount: Mount, words: str) -> None:
    with pytest.raises(InvalidRequest, match=f'invalid mount config for type "{mount.type}"'):
        of_mount(mount)
    with pytest.raises(InvalidRequest, match=words):
        of_mount(mount)


def test_volumes_from() -> None:
    assert of_volumes_from("web") == ("web", "")
    assert of_volumes_from("web:ro") == ("web", "ro")
    for text in ("", "web:rx"):
        with pytest.raises(InvalidRequest):
            of_volumes_from(text)
