"""CSV and its kin: encoding, delimiter and header are told from the content."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter

from corpus.errors import DocumentError
from ingest.converted import ConvertedDocument
from ingest.formats.blocks import Blocks
from ingest.formats.decoding import decode
from ingest.formats.grid import Row, write_grid
from ingest.formats.source import Source

MEDIA_TYPE = "text/csv"
_DELIMITERS = (",", ";", "\t", "|")
_SAMPLE_LINES = 200
_NAMED_DELIMITER = re.compile(r"sep=(.)\r?\n", re.I)  # Excel's own first line
_PROGRESS_EVERY = 10_000


def convert(source: Source) -> ConvertedDocument:
    text = decode(source.read()).replace("\0", "")
    delimiter = None
    if named := _NAMED_DELIMITER.match(text):
        delimiter, text = named.group(1), text[named.end() :]
    blocks = Blocks(source.limits)
    write_grid(_rows(text, delimiter or _delimiter_of(text), source), blocks)
    if not len(blocks):
        raise DocumentError("It holds no cell with anything in it.", code="empty")
    return ConvertedDocument(MEDIA_TYPE, blocks.blocks, warnings=blocks.warnings)


def _rows(text: str, delimiter: str, source: Source) -> list[Row]:
    csv.field_size_limit(source.limits.characters)
    rows: list[Row] = []
    for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
        if len(rows) >= source.limits.table_rows:
            raise DocumentError(
                f"It has more than {source.limits.table_rows:,} rows.",
                code="too_large",
                hint="A table this long is a database: add a summary of it, or split it.",
            )
        rows.append(Row(number, cells))
        if number % _PROGRESS_EVERY == 0:
            source.progress(number, None)
    return rows


def _delimiter_of(text: str) -> str:
    """The delimiter that parts the most rows into the same number of cells, and into the most."""
    sample = "\n".join(text.splitlines()[:_SAMPLE_LINES])
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        try:
            widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if any(row)]
        except csv.Error:
            continue
        if not widths:
            continue
        (width, times), *_ = Counter(widths).most_common(1)
        score = times / len(widths) * min(width - 1, 3) + (width > 1) * 0.01 * min(width, 20)
        if score > best_score:
            best, best_score = delimiter, score
    return best
