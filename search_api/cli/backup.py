"""``lonja backup`` and ``lonja restore``"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(
    file: Annotated[Path, typer.Argument(help="The archive to write, such as lonja-2026-11-23.tar.gz.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Save catalog and originals into one file, also while the service runs.

    It holds everything but the index, which is made anew from it, and the settings. Keep it as safe as the data: it
    holds every document.
    """
    from corpus.backup import make_backup
    from corpus.settings import read_settings

    output = Output(as_json=as_json)
    with output.bar("Saving") as step:
        made = make_backup(read_settings(data=data), file, lambda done, total: step(done, total, "originals"))
    if as_json:
        output.json({"file": file, "created": made.created, "originals": made.originals, "bytes": made.size})
    else:
        output.console.print(f"{file}: the catalog and {made.originals} originals.", markup=False)


def restore(
    file: Annotated[Path, typer.Argument(help="An archive of lonja backup.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Put it in place of what is there, which is kept beside it.")
    ] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring a backup back and make the index anew. The service must not be running.

    Every byte is verified before anything is touched: a damaged backup, or one of a newer Lonja, is refused.
    """
    from corpus.backup import restore_backup
    from corpus.settings import read_settings
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    with output.bar("Verifying") as step:
        found = restore_backup(
            read_settings(data=data), file, replace=replace, on_progress=lambda done, total: step(done, total, "files")
        )
    with library(data, output, reconcile=False) as opened:
        opened.catalog.queue.release_all()
        with output.bar("Making the index") as step:
            documents = opened.reindex(lambda done, total: step(done, total, "documents"))
        opened.reconcile()
    if as_json:
        output.json({"created": found.created, "originals": found.originals, "documents": documents})
    else:
        output.console.print(f"Restored as of {found.created}: {documents} documents are found.", markup=False)
