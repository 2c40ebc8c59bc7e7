"""Finding, listing, naming and removing images, by the rules of Docker."""


import pytest
from tests.support.stores import BASE, TOP, Stores, container, nobody, put, write
from tests.support.tars import files

from sampan.errors import Conflict, InvalidRequest, NotFound

pytestmark = pytest.mark.root


@pytest.fixture
def stores(tmp_path):
    made = Stores(tmp_path / "data")
    yield made
    made.close()


def test_images_are_found_by_name_and_id(stores):
    image = put(stores, "thing:1")
    digits = image.id.removeprefix("sha256:")
    for text in ("thing:1", "docker.io/library/thing:1", image.id, digits, digits[:12], digits[:3],
                 image.id[:20]):  # fmt: skip
        assert stores.images.resolve(text).id == image.id


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("nothing", "nothing:latest"),
        ("thing:2", "thing:2"),
        ("a" * 64, "a" * 64),
        ("zz", "zz:latest"),
    ],
)
def test_unknown_images_are_named_as_docker_names_them(stores, text, shown):
    put(stores, "thing:1")
    with pytest.raises(NotFound, match=f"^No such image: {shown}$"):
        stores.images.resolve(text)


def test_nonsense_is_no_reference(stores):
    with pytest.raises(InvalidRequest, match="invalid reference format"):
        stores.images.resolve("a b")


def listed(stores, **filters):
    return [
        (summary["RepoTags"] or ["<none>"])[0]
        for summary in stores.images.list({key: [value] for key, value in filters.items()})
    ]


def test_lists_are_filtered(stores):
    one, two = ({"Labels": {"a": value}} for value in "12")
    put(stores, "old:1", BASE, created="2020-01-01T00:00:00Z", config=one)
    put(stores, "mid/dle:1", TOP, created="2021-01-01T00:00:00Z")
    put(stores, "new:1", files(n=b"1"), created="2022-01-01T00:00:00Z", config=two)
    put(stores, "", files(n=b"2"), created="2019-01-01T00:00:00Z")
    assert listed(stores) == ["new:1", "mid/dle:1", "old:1", "<none>"]
    assert listed(stores, dangling="true") == ["<none>"]
    assert listed(stores, dangling="false") == ["new:1", "mid/dle:1", "old:1"]
    assert listed(stores, label="a") == ["new:1", "old:1"]
    assert listed(stores, label="a=1") == ["old:1"]
    assert listed(stores, before="mid/dle:1") == ["old:1", "<none>"]
    assert listed(stores, since="mid/dle:1") == ["new:1"]
    assert listed(stores, reference="*:1") == ["new:1", "old:1"]
    assert listed(stores, until="2020-06-01") == ["old:1", "<none>"]
    with pytest.raises(InvalidRequest, match="invalid filter"):
        listed(stores, colour="red")
    with pytest.raises(NotFound):
        listed(stores, before="nothing")


def test_shared_layers_are_counted_once(stores):
    put(stores, "one:1", BASE, TOP)
    put(stores, "two:1", BASE)
    usage = stores.images.usage()
    assert usage["LayersSize"] == 5007
    shared = {image["RepoTags"][0]: image["SharedSize"] for image in usage["Images"]}
    assert shared == {"one:1": 5004, "two:1": 5004}


def test_the_last_name_takes_the_image_with_it(stores):
    image = put(stores, "thing:1")
    assert stores.images.tag("thing:1", "again", "2") == "again:2"
    assert stores.images.remove("thing:1", nobody) == [{"Untagged": "thing:1"}]
    assert stores.images.remove("again:2", nobody) == [
        {"Untagged": "again:2"},
        {"Deleted": image.id},
        {"Deleted": image.chain},
    ]
    assert stores.files() == []


def test_an_image_with_several_names_needs_force_by_id(stores):
    image = put(stores, "thing:1")
    stores.images.tag("thing:1", "again")
    with pytest.raises(
        Conflict, match=r"\(must be forced\) - image is referenced in multiple repositories"
    ):
        stores.images.remove(image.id, nobody)
    lines = stores.images.remove(image.id[7:19], nobody, force=True)
    assert lines[:2] == [{"Untagged": "again:latest"}, {"Untagged": "thing:1"}]


@pytest.mark.parametrize(
    ("running", "by_id", "force", "message"),
    [
        (False, False, False, r'unable to remove repository reference "thing:1" \(must force\)'),
        (False, False, False, r" - container cccccccccccc is using its referenced image"),
        (False, True, False, r"\(must be forced\) - image is being used by stopped container cc"),
        (True, True, False, r"\(cannot be forced\) - image is being used by running container c"),
        (True, True, True, r"\(cannot be forced\) - image is being used by running container c"),
    ],
)
def test_an_image_in_use_is_refused(stores, running, by_id, force, message):
    image = put(stores, "thing:1")
    with pytest.raises(Conflict, match=message):
        stores.images.remove(
            image.id if by_id else "thing:1", lambda _: [("c" * 64, running)], force=force
        )
    assert stores.images.resolve("thing:1").id == image.id


def test_by_force_the_name_of_a_running_container_s_image_goes_and_the_image_stays(stores):
    image = put(stores, "thing:1")
    lines = stores.images.remove("thing:1", lambda _: [("c" * 64, True)], force=True)
    assert lines == [{"Untagged": "thing:1"}]
    assert stores.images.resolve(image.id).references == []


def test_layers_of_a_container_outlive_its_image(stores):
    image = put(stores)
    container(stores, "key", image)
    lines = stores.images.remove("thing", nobody, force=True)
    assert {"Deleted": image.chain} not in lines
    assert stores.snapshots.has_layer(image.chain)
    stores.snapshots.remove("key")
    stores.images.release()
    assert stores.files() == []


def test_a_parent_goes_with_its_last_child_unless_it_is_named(stores):
    base = put(stores, "base:1")
    for key, name in (("one", "child:1"), ("two", "child:2")):
        container(stores, key, base, lambda fd, key=key: write(fd, key, b"1"))
        stores.images.commit(key, parent=base.id, config={}, repository="child", tag_=name[-1])
        stores.snapshots.remove(key)
    with pytest.raises(Conflict, match=r"\(cannot be forced\) - image has dependent child images"):
        stores.images.remove(base.id, nobody, force=True)
    assert stores.images.remove("base:1", nobody) == [{"Untagged": "base:1"}]
    assert base.id not in [image["Id"] for image in stores.images.list()]
    assert base.id in [image["Id"] for image in stores.images.list(everything=True)]
    stores.images.remove("child:1", nobody)
    assert {"Deleted": base.id} in stores.images.remove("child:2", nobody)
    assert stores.files() == []


def test_prune_takes_what_nothing_names(stores):
    put(stores, "kept:1", BASE)
    put(stores, "", TOP, files(more=b"x" * 100))
    answer = stores.images.prune({}, nobody)
    assert answer["SpaceReclaimed"] == 103
    assert [line.keys() for line in answer["ImagesDeleted"]] == [{"Deleted"}] * 3
    assert stores.images.prune({}, nobody)["ImagesDeleted"] is None


def test_prune_of_all_spares_what_is_used(stores):
    used = put(stores, "used:1", BASE)
    stores.images.tag("used:1", "used", "2")
    put(stores, "free:1", TOP)
    stores.images.tag("free:1", "free", "2")
    stores.images.prune(
        {"dangling": ["false"]}, lambda image: [("c" * 64, False)] if image == used.id else []
    )
    assert [image["RepoTags"] for image in stores.images.list()] == [["used:1", "used:2"]]


def test_prune_keeps_to_its_filters(stores):
    put(stores, "", BASE, config={"Labels": {"keep": "yes"}})
    assert stores.images.prune({"label!": ["keep"]}, nobody)["ImagesDeleted"] is None
    assert stores.images.prune({"until": ["2000-01-01"]}, nobody)["ImagesDeleted"] is None
    assert stores.images.prune({"label": ["keep=yes"]}, nobody)["ImagesDeleted"]
