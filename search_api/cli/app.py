"""The commands, and the one place where an error becomes a message and an exit code."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from corpus.errors import LonjaError
from search_api.cli import (
    backup,
    bench,
    demo,
    evaluate,
    ingest,
    key,
    member,
    model,
    organisation,
    reindex,
    remove,
    search,
    serve,
    show,
    status,
    worker,
)
from search_api.cli.exits import Exit, exit_code
from search_api.cli.output import Output

app = typer.Typer(
    name="lonja",
    help="Share and search what a cluster of firms knows: market reports, trade agreements, know-how.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    rich_markup_mode=None,
)
for command in (
    ingest,
    search,
    show,
    status,
    remove,
    reindex,
    model,
    evaluate,
    bench,
    demo,
    serve,
    worker,
    backup,
    organisation,
    member,
    key,
):
    command.register(app)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"lonja {version('lonja')}")
        raise typer.Exit


@app.callback()
def lonja(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Share and search what a cluster of firms knows: market reports, trade agreements, know-how.

    Everything lives in one data folder: LONJA_DATA, or ./data.
    Exit codes: 0 done, 1 done in part, 2 bad input, 3 not found, 4 conflict, 5 failed.
    """


def main() -> None:
    """Runs the command line. No stack trace reaches a user, unless LONJA_DEBUG is set."""
    try:
        app()
    except LonjaError as error:
        if os.environ.get("LONJA_DEBUG"):
            raise
        Output(as_json="--json" in sys.argv).error(error)
        sys.exit(exit_code(error))
    except BrokenPipeError:
        # Whoever read our output has left: no error of ours, and nothing more may be written at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(Exit.DONE)
    except KeyboardInterrupt:
        Output().error(LonjaError("Interrupted.", hint="What was reported as added is kept; run it again to go on."))
        sys.exit(Exit.INTERRUPTED)
