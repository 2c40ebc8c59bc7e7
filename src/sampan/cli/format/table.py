"""Columns under headers, as Go's tabwriter lays them out for Docker. Pure."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

# tabwriter.NewWriter(out, 10, 1, 3, ' ', 0) in every listing of Docker's.
LEAST = 10
GAP = 3


def lay_out(rows: Sequence[Sequence[str]], least: int = LEAST) -> str:
    """Return the rows as lines; every cell but a row's last is padded to its column."""
    widths: list[int] = []
    for row in rows:
        for column, cell in enumerate(row[:-1]):
            if column == len(widths):
                widths.append(least)
            widths[column] = max(widths[column], len(cell) + GAP)
    lines = []
    for row in rows:
        padded = [cell.ljust(width) for cell, width in zip(row[:-1], widths, strict=False)]
        lines.append("".join(padded) + (row[-1] if row else "") + "\n")
    return "".join(lines)
