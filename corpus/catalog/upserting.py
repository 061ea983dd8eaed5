"""Rows that may be there already: SQLite and PostgreSQL write it alike, and SQLAlchemy apart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite


def inserting(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that can be told what to do ``on_conflict``."""
    return (postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert)(table)


def count_up(
    connection: Connection,
    table: Table,
    key: Mapping[str, Any],
    counts: Mapping[str, int],
    *,
    once: Mapping[str, Any] | None = None,
    always: Mapping[str, Any] | None = None,
) -> None:
    """Adds ``counts`` to those of the row with this ``key``, which is made where there is none.

    What is in ``once`` is written with a new row alone, what is in ``always`` each time.
    """
    written = dict(always or {})
    connection.execute(
        inserting(connection, table)
        .values(**key, **counts, **(once or {}), **written)
        .on_conflict_do_update(
            index_elements=list(key), set_=written | {name: table.c[name] + more for name, more in counts.items()}
        )
    )
