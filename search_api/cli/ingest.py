"""``lonja ingest``"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.exits import Exit
from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output

if TYPE_CHECKING:
    from corpus.library import Library
    from ingest.run import Event, IngestOptions, Report


def register(app: typer.Typer) -> None:
    app.command("ingest")(ingest)


def ingest(
    paths: Annotated[list[Path], typer.Argument(help="Files and folders.", show_default=False)],
    organisation: Annotated[
        str | None, typer.Option(help="Whose documents they are, a slug; else lonja.toml's, else LONJA_ORGANISATION.")
    ] = None,
    audience: Annotated[
        str | None, typer.Option(help="cluster, owner, or slugs of organisations with commas between.")
    ] = None,
    kind: Annotated[str | None, typer.Option(help="market_report, trade_agreement, know_how or other.")] = None,
    retry: Annotated[bool, typer.Option("--retry", help="Try again what could not be read before.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in files and folders: convert, cut into passages, embed and index.

    Facts come from the options, from front matter, from a lonja.toml beside or above the files, and are guessed where
    nobody gave them. Run again, it costs nothing for unchanged files; changed ones become new versions, and documents
    whose files are gone from a folder that is named are removed. With --json, each document is a line when it is done.

    Exit code 1 when some documents could not be taken in.
    """
    from ingest.run import IngestOptions
    from search_api.cli.choices import choose_kind, read_audience
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    options = IngestOptions(
        organisation=organisation,
        audience=None if audience is None else read_audience(audience),
        kind=None if kind is None else choose_kind(kind),
        retry=retry,
    )
    with library(data, output) as opened:
        report = run_with_bar(opened, paths, options, output)
    if as_json:
        output.line({"event": "report", **report.counts(), "warnings": report.warnings})
    else:
        print_report(report, output)
    if report.failed:
        raise typer.Exit(Exit.PARTLY)


def run_with_bar(opened: Library, paths: list[Path], options: IngestOptions, output: Output) -> Report:
    from ingest.run import run

    with output.bar("Ingesting") as step:

        def told(event: Event) -> None:
            if output.as_json:
                output.line(event)

        report = run(opened, paths, options, on_event=told, on_progress=step)
        counts = report.counts()
        if counts["added"] or counts["new_version"]:
            step(1, 1, "the index is optimised")  # it takes time after thousands of passages, and none after a few
            opened.index.optimise()
        return report


def print_report(report: Report, output: Output) -> None:
    from rich.table import Table
    from rich.text import Text

    console = output.console
    counts = report.counts()
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in counts.items() if count]
    console.print(", ".join(parts) + "." if parts else "Nothing to take in: no files were found.")
    for warning in report.warnings:
        console.print(Text(f"Note: {warning}", style="yellow"))
    if not report.failed:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("not taken in", "why", "what to do"):
        table.add_column(title, overflow="fold")
    for event in report.failed:
        assert event.failure is not None
        table.add_row(
            Text(event.file), Text(f"{event.failure.code}: {event.failure.message}"), Text(event.failure.hint or "")
        )
    console.print(table)
    codes = Counter(event.failure.code for event in report.failed if event.failure)
    console.print("By reason: " + ", ".join(f"{count} {code}" for code, count in codes.most_common()), style="dim")
