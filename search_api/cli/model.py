"""``lonja model``"""

from __future__ import annotations

from typing import Annotated

import typer

from search_api.cli.options import DataOption, JsonOption
from search_api.cli.output import Output


def register(app: typer.Typer) -> None:
    app.command("model")(model)


def model(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build the model pack again.")] = False,
    data: DataOption = None,
    as_json: JsonOption = False,
) -> None:
    """Which embedding model is used and where it is kept; checks its files, and builds it where it is missing."""
    from corpus.embedding.building import build_pack, default_models_folder, ensure_pack
    from corpus.embedding.opening import open_embedder
    from corpus.settings import read_settings

    output = Output(as_json=as_json)
    settings = read_settings(data=data)
    folder = None
    if settings.model is None:
        with output.bar("Model pack") as step:
            models = default_models_folder()

            def told(what: str, done: float) -> None:
                step(round(done * 100), 100, what)

            pack = build_pack(models, told, rebuild=True) if rebuild else ensure_pack(models, told)
        folder = pack.folder
    embedder = open_embedder(settings.model)
    found = {
        "name": embedder.identity.name,
        "digest": embedder.identity.digest,
        "dimensions": embedder.identity.dimensions,
        "max_tokens": embedder.max_tokens,
        "folder": folder,
    }
    embedder.close()
    if as_json:
        output.json(found)
        return
    for name, value in found.items():
        output.console.print(f"{name:>11}  {value}", markup=False)
