from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from corpus.catalog import Catalog
from corpus.documents import Organisation

POSTGRESQL = os.environ.get("LONJA_TEST_DATABASE_URL")


@pytest.fixture(params=["sqlite", "postgresql"])
def catalog(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalog]:
    """The same tests over both databases; PostgreSQL where LONJA_TEST_DATABASE_URL names an empty one."""
    url = None
    if request.param == "postgresql":
        if POSTGRESQL is None:
            pytest.skip("LONJA_TEST_DATABASE_URL names no PostgreSQL database")
        url = POSTGRESQL
        _empty(url)
    with Catalog(tmp_path / "catalog.db", url) as opened:
        for slug in ("alpha", "beta", "gamma"):
            opened.organisations.put(Organisation(slug, slug.title(), "COL", ("coffee",)))
        yield opened


def _empty(url: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
