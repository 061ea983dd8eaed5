"""``lonja demo``"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import NamedTuple

import typer

from search_api.cli.options import DataOption
from search_api.cli.output import Output


class DemoQuestion(NamedTuple):
    text: str
    language: str
    asked_by: str  # an organisation of the demonstration cluster: each sees what it may


QUESTIONS = (
    DemoQuestion("¿Qué debo hacer para registrar mi planta ante la aduana china?", "es", "cafe-alto-juanambu"),
    DemoQuestion("Quais são os limites de cádmio para exportar cacau à União Europeia?", "pt", "ponte-andina-software"),
    DemoQuestion("Which mistakes make a bank refuse documents under a letter of credit?", "en", "cueros-belen"),
)


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(data: DataOption = None) -> None:
    """Take in the documents of the demonstration cluster, ask them three questions in three languages, and serve it.

    The firms' accounts are printed. With DEMO_SERVE=0 it ends after the questions.
    """
    from corpus.documents import Principal
    from corpus.search.results import SearchRequest
    from ingest.run import IngestOptions
    from search_api.cli.ingest import print_report, run_with_bar
    from search_api.cli.opening import library
    from search_api.cli.search import extract, headline, place

    output = Output()
    console = output.console
    with library(data, output) as opened:
        console.print("The demonstration cluster: eight fictional firms of the Andes.", style="bold")
        report = run_with_bar(opened, firms(), IngestOptions(), output)
        print_report(report, output)
        for question in QUESTIONS:
            firm = opened.catalog.organisations.get(question.asked_by)
            console.print(f"\n{firm.name} asks: {question.text}", style="bold green", markup=False)
            results = opened.search(
                SearchRequest(question.text, Principal(firm.id), limit=2, passages_per_document=1, with_facets=False)
            )
            for number, hit in enumerate(results.hits, start=1):
                console.print(headline(number, hit))
                for passage in hit.passages:
                    console.print(place(passage, hit.document.facts.title))
                    console.print(extract(passage))
            if results.nothing_found:
                console.print("Nothing relevant was found.")
        folder = opened.folder.path
    console.print(f"\nAsk more:  LONJA_DATA={folder} lonja search YOUR QUESTION", markup=False)
    if serves():
        serve_demonstration(data, output)


def firms() -> list[Path]:
    """The folder of each firm of the demonstration cluster."""
    return sorted(entry.parent for entry in samples_folder().glob("*/lonja.toml"))


def serves() -> bool:
    return os.environ.get("DEMO_SERVE", "") not in ("0", "no", "false")


def serve_demonstration(data: Path | None, output: Output) -> None:
    """Until it is interrupted. Raises Conflict where the folder has accounts of its own."""
    from corpus.library import Library
    from corpus.settings import read_settings
    from search_api.access.access import Access
    from search_api.access.demonstration import PASSWORD, demonstration_accounts
    from search_api.settings import read_service_settings

    settings = read_service_settings()
    with Library(read_settings(data=data)) as opened:
        access = Access(opened.catalog, settings)
        try:
            accounts = demonstration_accounts(access)
        finally:
            access.close()
    console = output.console
    console.print(f"\nServing at {settings.address}  (Ctrl-C ends it)", style="bold green", markup=False)
    console.print(f"Everybody's password: {PASSWORD}", markup=False)
    for account in accounts:
        console.print(f"  {account.role.value:<14} {account.email}", markup=False)
    sys.stdout.flush()
    # A fresh process: serving needs none of what ingestion has loaded.
    quiet = {"LONJA_LOG_LEVEL": "warning", "LONJA_LOG_FORMAT": "text"} | os.environ
    command = [sys.executable, "-m", "search_api", "serve", "--data", str(read_settings(data=data).data)]
    os.execve(sys.executable, command, quiet)  # noqa: S606


def samples_folder() -> Path:
    """Where the demonstration documents were installed."""
    import corpus

    return Path(corpus.__file__).parent / "samples"
