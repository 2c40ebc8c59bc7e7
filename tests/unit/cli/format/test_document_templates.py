"""Templates over documents: what the API leaves out is empty where Docker has a field."""

import pytest

from sampan.cli.errors import CommandError
from sampan.cli.format.documents import template

BIND = {"Type": "bind", "Source": "/a", "Destination": "/b", "RW": True}


@pytest.mark.parametrize("field", ["Name", "Driver", "Mode", "Propagation"])
def test_a_mount_has_all_fields_of_mounts(field):
    read = template(f"{{{{range .Mounts}}}}{{{{.Destination}}}}:{{{{.{field}}}}};{{{{end}}}}")
    assert read.run({"Mounts": [BIND, {**BIND, field: "x"}]}) == "/b:;/b:x;"


def test_a_mount_shows_as_json_what_it_has():
    assert template("{{json (index .Mounts 0)}}").run({"Mounts": [{"Destination": "/b"}]}) == (
        '{"Destination":"/b"}'
    )


def test_the_same_names_are_a_mistake_elsewhere():
    with pytest.raises(CommandError, match="no entry for key"):
        template("{{.Driver}}").run({"Id": "x"})
