"""``lonja bench``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from search_api.cli.choices import choose
from search_api.cli.options import JsonOption
from search_api.cli.output import Output

if TYPE_CHECKING:
    pass

PARTS = ("embedding", "pipeline", "search", "footprint")


def register(app: typer.Typer) -> None:
    app.command("bench")(bench)


def bench(
    only: Annotated[list[str] | None, typer.Option(help=f"Parts to measure: {', '.join(PARTS)}; else all.")] = None,
    texts: Annotated[
        Path | None, typer.Option(help="A folder or tar archive of .md and .txt files; else the demonstration corpus.")
    ] = None,
    passages: Annotated[int, typer.Option(min=100, help="How many passages the searched index holds.")] = 70_000,
    documents: Annotated[int, typer.Option(min=3, help="How many documents go through the pipeline.")] = 300,
    as_json: JsonOption = False,
) -> None:
    """Measure speed and size, as ratios within one run: embedding, ingest, search, memory, the installation.

    The first part needs lonja[sentence-transformers]; without it, it says so and is left out.
    """
    from search_api.benchmarks.report import measure
    from search_api.cli.demo import samples_folder

    output = Output(as_json=as_json)
    parts = [choose(part, PARTS, "part") for part in only or PARTS]
    source = texts or samples_folder()
    with output.bar("Measuring") as step:
        figures = measure(parts, source, passages, documents, step)
    if as_json:
        output.json(figures)
        return
    _print(output, figures)


def _print(output: Output, figures: dict[str, Any]) -> None:
    from rich.table import Table
    from rich.text import Text

    from search_api.cli.output import plain

    table = Table(box=None, pad_edge=False, show_header=False)
    for part, found in figures.items():
        table.add_row(Text(part, style="bold"), "")
        for name, value in plain(found).items():
            table.add_row(Text(f"  {name.replace('_', ' ')}"), Text(str(value)))
    output.console.print(table)
