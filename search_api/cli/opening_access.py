"""Opening members, organisations and keys for a command, also while the service runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from search_api.cli.output import Output

if TYPE_CHECKING:
    from search_api.access.access import Access

EVERY = 1_000_000
"""No pages at a terminal."""


@contextmanager
def access(data: Path | None) -> Iterator[Access]:
    """It needs the catalog alone: whoever owns the data folder goes on with it."""
    from corpus.library import Library
    from corpus.settings import read_settings
    from search_api.access.access import Access
    from search_api.settings import read_service_settings

    with Library(read_settings(data=data), owner=False) as library:
        opened = Access(library.catalog, read_service_settings())
        try:
            yield opened
        finally:
            opened.close()


def show_table(output: Output, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="dim")
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text("" if value is None else str(value)) for value in row))
    output.console.print(table)
