from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.documents import Audience, Organisation
from corpus.library import Library
from corpus.settings import read_settings
from ingest.run import IngestOptions, Report, run

FIRMS = ("alpha", "beta", "gamma")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library of its own for each test: a real catalog, a real index, the real model."""
    with Library(read_settings(data=tmp_path / "data")) as opened:
        for firm in FIRMS:
            opened.catalog.organisations.put(Organisation(firm, firm.title()))
        yield opened


@pytest.fixture
def files(tmp_path: Path) -> Path:
    folder = tmp_path / "files"
    folder.mkdir()
    return folder


@pytest.fixture
def take_in(library: Library, files: Path) -> Callable[..., Report]:
    """Writes texts into the folder and ingests the whole folder for one firm."""

    def taken(texts: dict[str, str], organisation: str = "alpha", audience: Audience | None = None) -> Report:
        for name, text in texts.items():
            (files / name).write_text(text, encoding="utf-8")
        return run(library, [files], IngestOptions(organisation=organisation, audience=audience or Audience.cluster()))

    return taken
