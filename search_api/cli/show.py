"""``lonja show``"""

from __future__ import annotations

from typing import Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output


def register(app: typer.Typer) -> None:
    app.command("show")(show)


def show(
    document: Annotated[str, typer.Argument(help="The document's number, as `lonja search` prints it.")],
    text: Annotated[bool, typer.Option("--text", help="Its passages as well.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a document: its facts, who may see it, its versions, and its text on request."""
    from corpus.indexing import EVERYTHING
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    with library(data, output, with_model=False) as opened:
        found = opened.catalog.documents.get(document, EVERYTHING)
        owner = opened.catalog.organisations.get(found.organisation)
        versions = opened.catalog.documents.versions(document)
        current = found.current_version
        passages = opened.catalog.passages.of_version(current) if text and current is not None else []
    if as_json:
        output.json(
            {
                "document": found,
                "organisation": owner,
                "versions": versions,
                "passages": [stored.passage for stored in passages],
            }
        )
        return
    from rich.table import Table
    from rich.text import Text

    console = output.console
    console.print(Text(found.facts.title, style="bold"))
    table = Table(show_header=False, box=None, pad_edge=False)
    facts = found.facts
    rows = {
        "document": found.id,
        "shared by": owner.name,
        "audience": found.audience.scope.value + "".join(f" {slug}" for slug in sorted(found.audience.organisations)),
        "kind": facts.kind.value,
        "language": facts.language or "",
        "countries": " ".join(facts.countries),
        "sectors": " ".join(facts.sectors),
        "HS codes": " ".join(facts.hs_codes),
        "published": str(facts.published or ""),
        "valid until": str(facts.valid_until or ""),
        "source": facts.source or "",
    }
    for name, value in rows.items():
        if value:
            table.add_row(Text(name, style="dim"), Text(value))
    for version in versions:
        state = version.stage.value
        if version.failure is not None:
            state += f": {version.failure.message} {version.failure.hint or ''}"
        pages = f", {version.pages} pages" if version.pages else ""
        table.add_row(
            Text(f"version {version.number}", style="dim"),
            Text(f"{version.file_name}, {version.size} bytes{pages}, {version.passages or 0} passages, {state}"),
        )
    console.print(table)
    for stored in passages:
        where = " > ".join(stored.passage.heading_path)
        page = f"p. {stored.passage.first_page} · " if stored.passage.first_page else ""
        console.print(Text(f"\n[{stored.passage.ordinal}] {page}{where} ({stored.passage.language})", style="cyan"))
        console.print(Text(stored.passage.text))
