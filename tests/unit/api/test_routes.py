"""Finding the route of a path."""

import pytest

from sampan.api.resources import absent, containers, images, streams
from sampan.api.route import Router
from sampan.api.routes import TABLES
from sampan.api.versions import NEWEST

ROUTER = Router(TABLES)


@pytest.mark.parametrize(
    ("method", "path", "handler", "name"),
    [
        ("GET", "/containers/json", containers.get_list, None),
        ("GET", "/containers/web/json", containers.get_one, "web"),
        ("DELETE", "/containers/web", containers.delete_one, "web"),
        ("GET", "/containers/web/attach/ws", streams.get_attach_ws, "web"),
        ("GET", "/images/json", images.get_list, None),
        ("GET", "/images/json/json", images.get_one, "json"),
        ("GET", "/images/host:5000/a/b:1/json", images.get_one, "host:5000/a/b:1"),
        ("DELETE", "/images/a/b", images.delete_one, "a/b"),
        ("POST", "/images/a/b/tag", images.post_tag, "a/b"),
        ("GET", "/services", absent.no_swarm, None),
    ],
)
def test_a_path_finds_its_handler(method, path, handler, name):
    route, names = ROUTER.find(method, path, NEWEST)
    assert route.handler is handler
    assert names.get("name") == name


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "nonsense"),
        ("PUT", "/containers/json"),
        ("GET", "/containers/a/b/json"),
        ("POST", "/containers//start"),
    ],
)
def test_other_paths_find_nothing(method, path):
    assert ROUTER.find(method, path, NEWEST) is None


def test_a_route_younger_than_the_version_is_not_there():
    assert ROUTER.find("POST", "/containers/prune", (1, 24)) is None
    assert ROUTER.find("POST", "/containers/prune", (1, 25)) is not None


def test_no_route_is_written_twice():
    lines = [(route.method, route.pattern) for table in TABLES for route in table]
    assert len(lines) == len(set(lines))
