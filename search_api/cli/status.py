"""``lonja status``"""

from __future__ import annotations

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output


def register(app: typer.Typer) -> None:
    app.command("status")(status)


def status(data: DataOption = None, as_json: JsonOption = False) -> None:
    """What the data folder holds, and how the index stands."""
    from search_api.cli.opening import library

    output = Output(as_json=as_json)
    with library(data, output, with_model=False) as opened:
        found = opened.status()
        folder = opened.folder.path
    if as_json:
        output.json({"data": folder, **{name: getattr(found, name) for name in found.__slots__}})
        return
    from rich.table import Table
    from rich.text import Text

    table = Table(show_header=False, box=None, pad_edge=False)
    stages = ", ".join(f"{count} {stage.value}" for stage, count in sorted(found.stages.items())) or "none yet"
    manifest = found.index
    rows = {
        "data folder": f"{folder} ({found.data_bytes / 1e6:.1f} MB)",
        "organisations": str(found.organisations),
        "documents": f"{found.documents} found; versions: {stages}",
        "passages": str(found.passages),
        "index": f"{found.index_passages} points, model {manifest.pack_name} ({manifest.pack_digest[:12]})"
        if manifest
        else "not made yet",
    }
    for name, value in rows.items():
        table.add_row(Text(name, style="dim"), Text(value))
    output.console.print(table)
    if found.documents == 0:
        output.console.print("Nothing here yet. Take documents in with: lonja ingest FOLDER")
