"""Lists of things: --format, -q and the default table, in one place for all of them.

    COLUMNS = {"ID": ("CONTAINER ID", lambda row: row["Id"][:12]), ...}
    show(context.out, rows, COLUMNS, ("ID", "Image"), options.text("format"))

The default table needs no template; the template engine is loaded when --format asks for it.
"""

from __future__ import annotations

from sampan.cli.format.table import lay_out
from sampan.cli.load import load

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Any

    from sampan.cli.output import Output

    Columns = Mapping[str, tuple[str, Callable[[Any], Any]]]


def show(
    out: Output, rows: Iterable[Any], columns: Columns, default: Sequence[str], format_: str
) -> None:
    """Print rows as the default table, or as --format wants them."""
    if format_ in {"", "table"}:
        out.write(table(rows, columns, default))
    else:
        out.write(load("sampan.cli.format.rows").render(rows, columns, format_))


def table(rows: Iterable[Any], columns: Columns, names: Sequence[str]) -> str:
    """Lay these columns out under their headers."""
    cells = [[columns[name][0] for name in names]]
    cells += [[str(columns[name][1](row)) for name in names] for row in rows]
    return lay_out(cells)


def lines(out: Output, texts: Iterable[str]) -> None:
    """Print what -q asks for: one a line."""
    out.write("".join(f"{text}\n" for text in texts))
