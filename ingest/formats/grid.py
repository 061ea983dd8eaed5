"""From the rows of a sheet or a CSV file to blocks: titles, the header of each table, its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.converted import BlockKind
from ingest.formats.blocks import Blocks
from ingest.formats.tables import is_number, joined_header, names_columns

_LOOK_AHEAD = 30
_MOST_TITLES = 6
_MOST_HEADING_ROWS = 3
_PROSE = 60  # characters a row


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
        heading = _heading_rows(body)
        if heading:
            blocks.add_row(
                joined_header([row.cells for row in body[:heading]]), header=True, sheet=sheet, row=body[0].number
            )
        for row in body[heading:]:
            blocks.add_row(row.cells, sheet=sheet, row=row.number)


def _parts(rows: Sequence[Row]) -> list[list[Row]]:
    """The rows in stretches without a blank one; a header with a blank row below it stays with its table."""
    parts: list[list[Row]] = []
    last = None
    for row in rows:
        if not row.filled:
            continue
        if last is None or (row.number != last + 1 and not (row.number <= last + 3 and _is_header_of(parts[-1], row))):
            parts.append([])
        parts[-1].append(row)
        last = row.number
    return parts


def _is_header_of(part: Sequence[Row], row: Row) -> bool:
    return (
        part[-1].filled > 1 and not any(_has_numbers(above) for above in part) and _has_numbers(row) and row.filled > 1
    )


def _has_numbers(row: Row) -> bool:
    return any(is_number(cell) for cell in row.cells if cell.strip())


def _titles(part: Sequence[Row]) -> int:
    """How many rows at the top of a table have one cell and say what it is about; all, where there is no table."""
    count = 0
    while count < len(part) and part[count].filled == 1:
        count += 1
    if count == len(part):
        prose = sum(len("".join(row.cells)) for row in part) > _PROSE * len(part)
        return count if count <= _MOST_TITLES or prose else 0
    wider = max(row.filled for row in part[count : count + _LOOK_AHEAD]) > 1
    return count if wider and count <= _MOST_TITLES else 0


def _heading_rows(body: Sequence[Row]) -> int:
    """How many rows at the top name the columns: one as a rule, more where labels stand above labels."""
    for at in range(min(_MOST_HEADING_ROWS, len(body) - 1)):
        following = [row.cells for row in body[at + 1 : at + 1 + _LOOK_AHEAD]]
        if names_columns(body[at].cells, following):
            below = at + 1
            while below < min(_MOST_HEADING_ROWS, len(body) - 1) and _continues_header(body[below], body[below + 1]):
                below += 1
            return below
        if _has_numbers(body[at]):
            return 0
    return 0


def _continues_header(row: Row, following: Row) -> bool:
    return not row.cells[0].strip() and row.filled > 0 and not _has_numbers(row) and _has_numbers(following)


def _without_blank_columns(part: Sequence[Row]) -> list[Row]:
    used = sorted({at for row in part for at, cell in enumerate(row.cells) if cell.strip()})
    return [Row(row.number, [row.cells[at] if at < len(row.cells) else "" for at in used]) for row in part]
