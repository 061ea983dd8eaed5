"""``lonja serve``"""

from __future__ import annotations

from typing import Annotated

import typer

from search_api.cli.options import DataOption


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen; else LONJA_HOST, else 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Else LONJA_PORT, else 8000.", min=0, max=65535)] = None,
    data: DataOption = None,
) -> None:
    """Serve the cluster: the web UI, the API and the chatbots' doors, with ingestion in the background.

    The first start creates an administrator and prints the one-time password, once. Settings are read from LONJA_*
    and checked before anything is opened; docs/settings.md tells of each.
    """
    from corpus.library import Library
    from corpus.settings import read_settings
    from search_api.serve import serve as run
    from search_api.settings import read_service_settings

    settings = read_service_settings(host=host, port=port)
    library = read_settings(data=data)
    run(settings, lambda: Library(library))
