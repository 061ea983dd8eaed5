"""``lonja remove``"""

from __future__ import annotations

from typing import Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output


def register(app: typer.Typer) -> None:
    app.command("remove")(remove)


def remove(
    documents: Annotated[list[str], typer.Argument(help="Numbers of documents, as `lonja search` prints them.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Remove documents for good: from the index, the catalog and, where nothing else needs it, the original."""
    from corpus.indexing import EVERYTHING
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    with library(data, output, with_model=False) as opened:
        found = [opened.catalog.documents.get(document, EVERYTHING) for document in documents]
        for document in found:
            opened.remove(document.id)
    if as_json:
        output.json({"removed": [document.id for document in found]})
        return
    for document in found:
        output.console.print(f"Removed: {document.facts.title} ({document.id})", markup=False)
