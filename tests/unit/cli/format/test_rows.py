"""--format of lists."""

import pytest

from sampan.cli.errors import CommandError
from sampan.cli.format.rows import render

COLUMNS = {
    "ID": ("CONTAINER ID", lambda row: row["Id"]),
    "Label": (lambda name: name.rpartition(".")[2], lambda row: row["Labels"].get),
    "Names": ("NAMES", lambda row: row["Name"]),
}
ROWS = [{"Id": "1", "Name": "web", "Labels": {"a.b": "c"}}, {"Id": "2", "Name": "db", "Labels": {}}]


def test_a_template_makes_a_line_of_each_row():
    assert render(ROWS, COLUMNS, "{{.ID}}: {{.Names}}") == "1: web\n2: db\n"


def test_table_puts_headers_above():
    text = render(ROWS, COLUMNS, "table {{.ID}}\\t{{.Names}}")
    assert text == "CONTAINER ID   NAMES\n1              web\n2              db\n"


def test_a_label_is_asked_for_by_name():
    text = render(ROWS, COLUMNS, 'table {{.Label "a.b"}}\t{{.ID}}')
    assert text == "b         CONTAINER ID\nc         1\n          2\n"


def test_json_shows_every_column_that_is_a_value():
    assert render(ROWS[:1], COLUMNS, "json") == '{"ID":"1","Names":"web"}\n'
    assert render(ROWS[:1], COLUMNS, "{{json .}}") == '{"ID":"1","Names":"web"}\n'
    assert render(ROWS[:1], COLUMNS, "{{json .Names}}") == '"web"\n'


def test_an_unknown_column_is_an_error():
    with pytest.raises(CommandError, match="failed to execute template.*can't evaluate field Foo"):
        render(ROWS, COLUMNS, "{{.Foo}}")


def test_an_unreadable_template_is_an_error():
    with pytest.raises(CommandError, match="failed to parse template: template: :1: unclosed"):
        render(ROWS, COLUMNS, "{{.ID")
