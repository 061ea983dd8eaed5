"""From the rows of a sheet or a CSV file to blocks: titles, the header of each table, its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.converted import BlockKind
from ingest.formats.blocks import Blocks
from ingest.formats.tables import names_columns

_LOOK_AHEAD = 30
_MOST_TITLES = 6


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # 1-based, as the file counts
    cells: list[str]

    @property
    def filled(self) -> int:
        return sum(1 for cell in self.cells if cell.strip())


def write_grid(rows: Sequence[Row], blocks: Blocks, *, sheet: str | None = None) -> None:
    """Write rows to ``blocks``. A blank row ends a table; what has one cell above a table is its title."""
    for part in _parts(rows):
        titles = _titles(part)
        for row in part[:titles]:
            text = next(cell for cell in row.cells if cell.strip())
            blocks.add(text, BlockKind.PARAGRAPH, sheet=sheet, row=row.number)
        body = _without_blank_columns(part[titles:])
        header = bool(body) and names_columns(body[0].cells, [row.cells for row in body[1 : _LOOK_AHEAD + 1]])
        for at, row in enumerate(body):
            blocks.add_row(row.cells, header=header and at == 0, sheet=sheet, row=row.number)


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in stretches without a blank one."""
    parts: list[list[Row]] = []
    last = None
    for row in rows:
        if not row.filled:
            continue
        if last is None or row.number != last + 1:
            parts.append([])
        parts[-1].append(row)
        last = row.number
    return parts


def _titles(part: Sequence[Row]) -> int:
    """How many rows at the top of a table have one cell and say what it is about."""
    count = 0
    while count < len(part) and count < _MOST_TITLES and part[count].filled == 1:
        count += 1
    wider = count < len(part) and max(row.filled for row in part[count : count + _LOOK_AHEAD]) > 1
    return count if wider or count == len(part) == 1 else 0


def _without_blank_columns(part: Sequence[Row]) -> list[Row]:
    used = sorted({at for row in part for at, cell in enumerate(row.cells) if cell.strip()})
    return [Row(row.number, [row.cells[at] if at < len(row.cells) else "" for at in used]) for row in part]
