"""The rows of one sheet, read as a stream: empty cells cost nothing, whatever size the sheet claims to have."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from lxml import etree

from corpus.errors import DocumentError
from ingest.formats.grid import Row
from ingest.formats.package import iterate_xml
from ingest.formats.xlsx_numbers import number_text

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REFERENCE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_MOST_COLUMNS = 16_384
_MOST_MERGED = 10_000
_MOST_MERGED_ROWS = 1_000


@dataclass(frozen=True, slots=True)
class Workbook:
    """What the cells of all sheets point to."""

    strings: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)  # of number formats, by the cell's style
    since_1904: bool = False


def read_rows(data: bytes, book: Workbook, most_rows: int, on_row: Callable[[int], None]) -> list[Row]:
    """The rows of a sheet's part that have something in them. Raises ``DocumentError`` (too_large, bomb)."""
    rows: list[Row] = []
    merged: list[str] = []
    position = 0
    for element in iterate_xml(data, (S + "row", S + "mergeCell")):
        if element.tag == S + "mergeCell":
            if len(merged) < _MOST_MERGED:
                merged.append(element.get("ref") or "")
            continue
        number = element.get("r") or ""
        position = int(number) if number.isascii() and number.isdigit() and len(number) < 8 else position + 1
        cells = _cells(element, book)
        if any(cells):
            if len(rows) >= most_rows:
                raise DocumentError(
                    f"It has more than {most_rows:,} rows.",
                    code="too_large",
                    hint="A table this long is a database: add a summary of it, or split it.",
                )
            rows.append(Row(position, cells))
            on_row(len(rows))
    _fill_merged(rows, merged)
    return rows


def _cells(row: etree._Element, book: Workbook) -> list[str]:
    cells: list[str] = []
    for cell in row.iterfind(S + "c"):
        text = _text(cell, book)
        column = _column(cell.get("r") or "")
        at = len(cells) if column is None else column
        if text and at < _MOST_COLUMNS:
            cells += [""] * (at - len(cells))
            if at < len(cells):
                cells[at] = text
            else:
                cells.append(text)
        elif column is None:
            cells.append("")
    return cells


def _column(reference: str) -> int | None:
    """0-based column of a reference such as ``AB12``."""
    match = _REFERENCE.fullmatch(reference)
    if not match:
        return None
    column = 0
    for letter in match.group(1):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _text(cell: etree._Element, book: Workbook) -> str:
    kind = cell.get("t") or "n"
    if kind == "inlineStr":
        inline = cell.find(S + "is")
        return rich_text(inline) if inline is not None else ""
    value = cell.find(S + "v")
    raw = (value.text or "").strip() if value is not None else ""
    if not raw or kind == "e":
        return ""
    if kind == "s":
        at = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 10 else -1
        return book.strings[at] if 0 <= at < len(book.strings) else ""
    if kind == "b":
        return "yes" if raw in ("1", "true") else "no"
    if kind == "n":
        style = cell.get("s") or "0"
        at = int(style) if style.isascii() and style.isdigit() and len(style) < 9 else 0
        return number_text(raw, book.codes[at] if at < len(book.codes) else "General", since_1904=book.since_1904)
    return raw


def rich_text(element: etree._Element) -> str:
    """The text of a string item: its runs, without the reading aids of Japanese."""
    parts = [
        text.text or ""
        for text in element.iter(S + "t")
        if (parent := text.getparent()) is not None and parent.tag != S + "rPh"
    ]
    return "".join(parts).strip()


def _fill_merged(rows: list[Row], merged: list[str]) -> None:
    """A cell merged over several rows says what it says in each of them."""
    by_number = {row.number: row for row in rows} if merged else {}
    for reference in merged:
        first, _, last = reference.partition(":")
        start, end = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
        column = _column(first)
        if not start or not end or column is None:
            continue
        top, bottom = int(start.group(2)), min(int(end.group(2)), int(start.group(2)) + _MOST_MERGED_ROWS)
        origin = by_number.get(top)
        if origin is None or column >= len(origin.cells):
            continue
        for number in range(top + 1, bottom + 1):
            row = by_number.get(number)
            if row is not None and column < len(row.cells) and not row.cells[column]:
                row.cells[column] = origin.cells[column]
