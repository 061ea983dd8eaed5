"""``lonja worker``"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from search_api.cli.options import DataOption

if TYPE_CHECKING:
    from ingest.standing import StandingWorker


def register(app: typer.Typer) -> None:
    app.command("worker")(worker)


def worker(
    data: DataOption = None,
    name: Annotated[str | None, typer.Option(help="What the queue knows it by; else host and process.")] = None,
    sign: Annotated[
        Path | None, typer.Option(help="Touch this file once a minute while the queue is reached, for a health check.")
    ] = None,
    kept: Annotated[bool, typer.Option("--kept", hidden=True, help="End when standard input does.")] = False,
) -> None:
    """Convert and embed what is uploaded, beside the service or on other machines.

    With LONJA_QDRANT_URL and LONJA_DATABASE_URL any number of workers and services share the work; they need the same
    data folder (the originals) as well. With the embedded index the service that owns it lets be found what a worker
    has embedded. `lonja serve` keeps LONJA_WORKERS of them by itself.
    """
    import signal

    from corpus.library import Library
    from corpus.settings import read_settings
    from ingest.standing import StandingWorker, be_modest
    from search_api.frame.logs import configure_logs
    from search_api.settings import read_service_settings

    service = read_service_settings()
    configure_logs(service.log_level, service.log_format)
    be_modest()
    with Library(read_settings(data=data), owner=False) as library:
        standing = StandingWorker(library, name=name, sign=sign)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: standing.stop())
        if kept:
            _hold_the_cord(standing)
        standing.run()


def _hold_the_cord(standing: StandingWorker) -> None:
    """A line on standard input is work; its end is the end of the service that keeps this worker."""
    import os
    import sys
    import threading

    def hold() -> None:
        while os.read(sys.stdin.fileno(), 4096):
            standing.wake()
        standing.stop()
        # A model at work cannot be interrupted, and what it does is queued again: nothing is lost by not waiting.
        threading.Timer(LAST_WORDS, os._exit, (0,)).start()

    threading.Thread(target=hold, name="cord", daemon=True).start()


LAST_WORDS = 8.0  # seconds
