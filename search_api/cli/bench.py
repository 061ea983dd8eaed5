"""``lonja bench``"""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any

import typer

from search_api.cli.choices import choose
from search_api.cli.options import JsonOption
from search_api.cli.output import Output

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
    peers: Annotated[
        list[Path] | None,
        typer.Option(help="Instead: the folder of a collection on which Lonja is held beside what others use."),
    ] = None,
    peers_environment: Annotated[
        Path | None, typer.Option(help="Where the peers are installed and kept; else a temporary folder.")
    ] = None,
    serve: Annotated[
        bool, typer.Option("--serve", help="Instead: the service under clients, alone and while it ingests.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Measure speed and size, as ratios within one run: embedding, ingest, search, memory, the installation.

    The first part needs lonja[sentence-transformers]; without it, it says so and is left out. With --peers, which needs
    it too, seven others take in the same passages and are asked the same questions, each in a process of its own.
    """
    from search_api.benchmarks.report import measure
    from search_api.cli.demo import samples_folder

    output = Output(as_json=as_json)
    if peers:
        _compare(output, peers, peers_environment)
        return
    parts = [choose(part, PARTS, "part") for part in only or ([] if serve else PARTS)]
    if serve:
        parts.append("serving")
    source = texts or samples_folder()
    with output.bar("Measuring") as step:
        figures = measure(parts, source, passages, documents, step)
    if as_json:
        output.json(figures)
        return
    _print(output, figures)


def _compare(output: Output, collections: list[Path], environment: Path | None) -> None:
    from rich.table import Table

    from search_api.benchmarks.peers.comparing import compare_with_peers
    from search_api.benchmarks.peers.environment import peers_python

    with output.bar("Peers") as step, TemporaryDirectory(prefix="lonja-peers-") as scratch:
        step(0, None, "installing the peers")
        python = peers_python(environment or Path(scratch))
        figures = compare_with_peers(collections, python, step)
    if output.as_json:
        output.json(figures)
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("")
    names = list(next(iter(figures.values())).ndcg)
    for column in (*(f"nDCG@10 {name}" for name in names), "passages/s taken in", "ms a question", "MB"):
        table.add_column(column, justify="right")
    for peer, found in figures.items():
        row = [f"{found.ndcg[name]:.3f}" for name in names]
        row += [f"{found.passages_per_second:.0f}", f"{found.query_ms:.1f}", f"{found.megabytes:.0f}"]
        table.add_row(peer.replace("_", " "), *row, style="bold" if peer == "lonja" else "")
    output.console.print(table)


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
