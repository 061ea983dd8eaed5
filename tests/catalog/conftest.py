from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from corpus.catalog import Catalog
from corpus.documents import Organisation
from tests.database import POSTGRESQL, new_database


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """The same tests over both databases; PostgreSQL where LONJA_TEST_DATABASE_URL names one."""
    if request.param == "postgresql" and POSTGRESQL is None:
        pytest.skip("LONJA_TEST_DATABASE_URL names no PostgreSQL database")
    with ExitStack() as stack:
        url = stack.enter_context(new_database()) if request.param == "postgresql" else None
        opened = stack.enter_context(Catalog(tmp_path / "catalog.db", url))
        for slug in ("alpha", "beta", "gamma"):
            opened.organisations.put(Organisation(slug, slug.title(), "COL", ("coffee",)))
        yield opened
