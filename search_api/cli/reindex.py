"""``lonja reindex``"""

from __future__ import annotations

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output


def register(app: typer.Typer) -> None:
    app.command("reindex")(reindex)


def reindex(data: DataOption = None, as_json: JsonOption = False) -> None:
    """Make the index anew from the catalog: after another model was chosen, or when the index was lost.

    Passages that the present model has not embedded yet are embedded first.
    """
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    with library(data, output, reconcile=False) as opened, output.bar("Reindexing") as step:
        documents = opened.reindex(lambda done, total: step(done, total, "documents"))
    if as_json:
        output.json({"documents": documents})
    else:
        output.console.print(f"{documents} documents indexed anew.")
