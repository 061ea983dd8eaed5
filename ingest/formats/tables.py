"""What tables of all formats have in common: which of the first rows names the columns."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = re.compile(
    r"[-+(]?\s*(?:[$€£¥₽]|[A-Z]{3}\s|US\$|R\$|S/)?\s*\d[\d.,'\s]*\s*(?:%|[$€£¥₽]|[A-Z]{3})?\)?"  # amounts
    r"|\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?"  # dates
)
_LONGEST_NUMBER = 40
_LONGEST_LABEL = 80


def is_number(cell: str) -> bool:
    """Whether a cell holds an amount, a percentage or a date rather than words."""
    text = cell.strip()
    return len(text) <= _LONGEST_NUMBER and _NUMBER.fullmatch(text) is not None


def names_columns(first: Sequence[str], following: Sequence[Sequence[str]]) -> bool:
    """Whether ``first`` is the header of the rows ``following``.

    It is one if its cells are short words, all different and at least two, and the rows below either hold numbers under
    it or are of another make: longer cells, or values that come back.
    """
    labels = [cell.strip() for cell in first if cell.strip()]
    body = [row for row in following if any(cell.strip() for cell in row)]
    width = max((len(row) for row in body), default=0)
    if len(labels) < 2 or not body or len(labels) * 2 < width:
        return False
    if len(set(labels)) < len(labels) or any(is_number(label) and not _is_year(label) for label in labels):
        return False
    if any(len(label) > _LONGEST_LABEL for label in labels):
        return False
    if all(_is_year(label) for label in labels):
        return False
    return _has_numbers_below(first, body) or _is_of_another_make(first, body)


def without_blank_columns(rows: Sequence[Sequence[str]]) -> list[list[str]]:
    """The rows without the columns in which no row has anything: spacers of a layout."""
    filled = {at for row in rows for at, cell in enumerate(row) if cell.strip()}
    return [[cell for at, cell in enumerate(row) if at in filled] for row in rows]


def joined_header(rows: Sequence[Sequence[str]]) -> list[str]:
    """Several heading rows as one: what stands above is put before what stands below."""
    width = max(map(len, rows))
    columns = [[row[at].strip() for row in rows if at < len(row) and row[at].strip()] for at in range(width)]
    return [" ".join(dict.fromkeys(column)) for column in columns]


def _is_year(cell: str) -> bool:
    return re.fullmatch(r"(?:1[89]|20|21)\d\d", cell) is not None


def _has_numbers_below(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    for column, label in enumerate(first):
        if label.strip() and not is_number(label):
            below = [row[column].strip() for row in body if column < len(row) and row[column].strip()]
            if below and sum(map(is_number, below)) * 2 > len(below):
                return True
    return False


def _is_of_another_make(first: Sequence[str], body: Sequence[Sequence[str]]) -> bool:
    labels = [cell.strip() for cell in first]
    if any(not label for label in labels[1:]):
        return False
    repeated = any(
        row[column].strip() == label for row in body for column, label in enumerate(labels) if column < len(row)
    )
    mean_label = sum(map(len, labels)) / len(labels)
    cells = [cell.strip() for row in body for cell in row if cell.strip()]
    mean_cell = sum(map(len, cells)) / len(cells)
    return not repeated and (mean_cell > mean_label or len(body) >= 2)


def looks_like_csv(text: str) -> bool:
    """Whether text of unknown kind is a table in lines: the same delimiter equally often in nearly all of them."""
    lines = [line for line in text.splitlines()[:200] if line.strip()]
    if len(lines) > 2 and len(text) >= 60_000:
        lines.pop()  # the last one may be cut
    if len(lines) < 3:
        return False
    for delimiter, least in (("\t", 1), (";", 1), (",", 2), ("|", 2)):
        counts = [_outside_quotes(line, delimiter) for line in lines]
        usual = max(set(counts), key=counts.count)
        if usual >= least and counts.count(usual) >= len(counts) * 0.9:
            cells = [cell for line in lines for cell in line.split(delimiter)]
            if sum(map(len, cells)) / len(cells) < 40:  # prose has long ones
                return True
    return False


def _outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])
