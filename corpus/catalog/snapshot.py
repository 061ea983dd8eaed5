"""The catalog as one SQLite file, whatever database it lives in, and back: what a backup is made of.

Rows are copied table by table, so that what was saved from PostgreSQL may come back into SQLite and the other way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, Table, delete, func, insert, select, text

from corpus.catalog.all_tables import metadata
from corpus.catalog.engine import open_engine, reading, told, writing
from corpus.catalog.migrate import is_known, upgrade
from corpus.catalog.tables import versions
from corpus.errors import Conflict, StorageError

ROWS_AT_ONCE = 500
TABLES = tuple(metadata.sorted_tables)  # those that are referred to come first


def save_snapshot(url: str | None, sqlite_file: Path, target: Path) -> None:
    """One moment of the catalog, while others read and write it. ``target`` is made anew. Raises StorageError."""
    if url is None or url.startswith("sqlite"):
        source = sqlite_file if url is None else Path(url.split("///", 1)[1])
        _save_sqlite(source, target)
        return
    engine = open_engine(url, sqlite_file)
    fresh = open_engine(None, target)
    try:
        upgrade(fresh)
        with told(), engine.connect() as connection:
            moment = connection.execution_options(isolation_level="REPEATABLE READ")
            with moment.begin(), writing(fresh) as copy:
                _copy(moment, copy)
        with told(), fresh.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()
        fresh.dispose()


def check_snapshot(snapshot: Path) -> None:
    """Raises StorageError for a damaged one, Conflict for one of a newer Lonja."""
    try:
        with closing(sqlite3.connect(f"file:{snapshot}?mode=ro", uri=True)) as connection:
            [(found,)] = connection.execute("PRAGMA integrity_check(1)").fetchall()
            broken = connection.execute("PRAGMA foreign_key_check").fetchone()
    except (sqlite3.Error, ValueError) as error:
        raise StorageError(f"The catalog in the backup is damaged: {error}.", code="damaged_backup") from error
    if found != "ok" or broken is not None:
        raise StorageError(f"The catalog in the backup is damaged: {found}.", code="damaged_backup")
    engine = open_engine(None, snapshot)
    try:
        with told(), engine.connect() as connection:
            revision = MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()
    if revision is None or not is_known(revision):
        raise Conflict(
            f"The backup was made by a newer Lonja (its tables are at {revision!r}).",
            code="newer_backup",
            hint="Upgrade Lonja.",
        )


def originals_of(snapshot: Path) -> Iterator[str]:
    """Hashes of the originals that the snapshot speaks of, in order."""
    engine = open_engine(None, snapshot)
    try:
        with reading(engine) as connection:
            yield from list(connection.scalars(select(versions.c.sha256).distinct().order_by(versions.c.sha256)))
    finally:
        engine.dispose()


def load_snapshot(url: str, snapshot: Path, *, replace: bool) -> None:
    """Into the database at ``url``, in one transaction. Raises Conflict where it holds something already."""
    source = open_engine(None, snapshot)
    target = open_engine(url, snapshot)
    try:
        upgrade(source)
        upgrade(target)
        with reading(source) as rows, writing(target) as connection:
            filled = [table.name for table in TABLES if connection.scalar(select(func.count()).select_from(table))]
            if filled and not replace:
                raise Conflict(
                    f"The database holds a catalog already ({', '.join(filled[:3])} ...).",
                    code="not_empty",
                    hint="Name an empty database, or add --replace to lose what it holds.",
                )
            for table in reversed(TABLES):
                connection.execute(delete(table))
            _copy(rows, connection)
            _set_sequences(connection)
    finally:
        source.dispose()
        target.dispose()


def upgrade_snapshot(snapshot: Path) -> None:
    """To the tables of this version."""
    engine: Engine = open_engine(None, snapshot)
    try:
        upgrade(engine)
        with told(), engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        engine.dispose()


def _save_sqlite(source: Path, target: Path) -> None:
    """SQLite's online backup: a writer that comes in between makes it begin again, page by page."""
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as present,
            closing(sqlite3.connect(target)) as copy,
        ):
            present.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.Error as error:
        raise StorageError(
            f"The catalog could not be saved: {error}.", hint="Is this a data folder of Lonja?"
        ) from error


def _copy(source: Connection, target: Connection) -> None:
    for table in TABLES:
        found = source.execution_options(yield_per=ROWS_AT_ONCE).execute(_in_order(table))
        for part in found.partitions(ROWS_AT_ONCE):
            target.execute(insert(table), [dict(row._mapping) for row in part])


def _in_order(table: Table) -> Any:
    """Attachments after their messages: ids grow with time."""
    return select(table).order_by(*table.primary_key.columns)


def _set_sequences(connection: Connection) -> None:
    """PostgreSQL numbers the next rows after those that came with numbers of their own."""
    if connection.dialect.name != "postgresql":
        return
    for table in TABLES:
        column = table.autoincrement_column
        if column is None:
            continue
        names = {"table": table.name, "column": column.name}
        sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:table, :column)"), names)
        if sequence is not None:
            largest = connection.scalar(select(func.max(column))) or 0
            statement = text("SELECT setval(CAST(:sequence AS regclass), :next, false)")
            connection.execute(statement, {"sequence": sequence, "next": largest + 1})
