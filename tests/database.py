"""Where a test's catalog is: SQLite in its folder, or a PostgreSQL that LONJA_TEST_DATABASE_URL names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import quote

from sqlalchemy import create_engine, text

POSTGRESQL = os.environ.get("LONJA_TEST_DATABASE_URL")


@contextmanager
def new_database() -> Iterator[str | None]:
    """The URL of an empty schema of its own; None for SQLite."""
    if POSTGRESQL is None:
        yield None
        return
    schema = f"lonja_{secrets.token_hex(6)}"
    engine = create_engine(POSTGRESQL.replace("postgresql://", "postgresql+psycopg://"), isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE SCHEMA {schema}"))
        yield f"{POSTGRESQL}?options={quote(f'-csearch_path={schema}')}"
        with engine.connect() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    finally:
        engine.dispose()
