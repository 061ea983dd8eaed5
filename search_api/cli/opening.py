"""Opening the library for a command."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from search_api.cli.output import Output

if TYPE_CHECKING:
    from corpus.library import Library


@contextmanager
def library(data: Path | None, output: Output, *, with_model: bool = True, reconcile: bool = True) -> Iterator[Library]:
    """The library of the data folder, mended first where a process before this one was killed.

    A command that only reads the catalog needs no model, and does not wait for one to be built.
    """
    from corpus.library import Library
    from corpus.settings import read_settings

    with Library(read_settings(data=data)) as opened:
        if with_model and not opened.model_is_ready():
            with output.bar("Preparing the model") as step:
                opened.prepare_model(lambda what, done: step(round(done * 100), 100, what))
        if reconcile and with_model:
            opened.reconcile()
        yield opened
