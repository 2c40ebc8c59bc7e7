"""--format of lists: a template for each row, under headers when it begins with `table`.

Loaded only when --format is given.
"""

from __future__ import annotations

from sampan.cli.format.table import lay_out
from sampan.cli.format.template import Template
from sampan.client.jsontext import dumps

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import Any

    Columns = Mapping[str, tuple[Any, Callable[[Any], Any]]]

# How a template spells a tab and a newline on a command line.
ESCAPES = (("\\t", "\t"), ("\\n", "\n"))


class Row:
    """One row as a template sees it: its columns as fields, worked out when asked for."""

    __slots__ = ("_columns", "_row")

    def __init__(self, row: object, columns: Columns) -> None:
        self._row = row
        self._columns = columns

    def field(self, name: str) -> Any:  # noqa: ANN401
        """Return one column; KeyError when there is none of this name."""
        return self._columns[name][1](self._row)

    def document(self) -> dict[str, Any]:
        """Return what {{json .}} shows: every column that is a value."""
        values = {name: self.field(name) for name in sorted(self._columns)}
        return {name: value for name, value in values.items() if not callable(value)}


class Headers:
    """The headers as the same template sees them."""

    __slots__ = ("_columns",)

    def __init__(self, columns: Columns) -> None:
        self._columns = columns

    def field(self, name: str) -> Any:  # noqa: ANN401
        """Return one header."""
        return self._columns[name][0]

    def document(self) -> dict[str, Any]:
        """Return all headers that are texts."""
        return {name: header for name, (header, _) in self._columns.items() if not callable(header)}


def render(rows: Iterable[Any], columns: Columns, format_: str) -> str:
    """Return the lines that this format makes of the rows."""
    if format_ == "json":
        return "".join(f"{dumps(Row(row, columns).document())}\n" for row in rows)
    headed = format_.startswith("table ")
    text = format_.removeprefix("table ").strip() if headed else format_
    for written, meant in ESCAPES:
        text = text.replace(written, meant)
    template = Template(text, failure="failed to execute template")
    lines = [template.run(Headers(columns))] if headed else []
    lines += [template.run(Row(row, columns)) for row in rows]
    if headed:
        return lay_out([line.split("\t") for line in lines])
    return "".join(f"{line}\n" for line in lines)
