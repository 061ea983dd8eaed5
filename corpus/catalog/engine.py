"""Opening the database, and telling its errors in our words."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionLeft

from corpus.errors import BadSetting, StorageError

BUSY_SECONDS = 30

_shared: ContextVar[Connection | None] = ContextVar("shared", default=None)


def open_engine(url: str | None, sqlite_file: Path) -> Engine:
    """An engine for ``url``, or for the SQLite file where there is none. Raises BadSetting, StorageError."""
    if url is None:
        return _sqlite(f"sqlite:///{sqlite_file}")
    if url.startswith("sqlite"):
        return _sqlite(url)
    if url.startswith(("postgres://", "postgresql://")):
        url = "postgresql+psycopg://" + url.split("://", 1)[1]
    try:
        return create_engine(
            url, pool_pre_ping=True, pool_size=10, max_overflow=20, hide_parameters=True, json_deserializer=_read_json
        )
    except (ArgumentError, NoSuchModuleError, ModuleNotFoundError) as error:
        raise BadSetting(
            f"LONJA_DATABASE_URL names no database that can be opened: {error}.",
            hint="Use postgresql://user:password@host/name and install lonja[postgresql].",
        ) from error


def _sqlite(url: str) -> Engine:
    engine = create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        json_deserializer=_read_json,
        hide_parameters=True,  # an error's text may reach the log: no title, no query, no e-mail address in it
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None  # SQLAlchemy says BEGIN, below, not the driver
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",  # what was acknowledged survives a power cut
            "foreign_keys=ON",
            "temp_store=MEMORY",
            "mmap_size=268435456",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A transaction that first reads and then writes fails at once when another wrote in between; one that says
        # at its start that it will write waits for its turn.
        writing = connection.get_execution_options().get("writing", False)
        driver: Any = connection.connection.driver_connection  # five times as fast as through SQLAlchemy's cursors
        driver.execute("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def _read_json(text: str | bytes) -> Any:
    """Most lists of a document are empty, and a search reads hundreds of them."""
    return [] if text == "[]" else json.loads(text)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Within :func:`reading_once`, its connection."""
    if (shared := _shared.get()) is not None and shared.engine is engine:
        with told():
            yield shared
        return
    with told(), engine.connect() as connection:
        yield connection


@contextmanager
def reading_once(engine: Engine) -> Iterator[None]:
    """All that this thread reads meanwhile comes over one connection and shows one state.

    Taking a connection and beginning on it takes as long as asking something small.
    """
    with told(), engine.connect() as connection:
        before = _shared.set(connection)
        try:
            yield
        finally:
            _shared.reset(before)


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One transaction: all of it or nothing."""
    with told(), engine.connect().execution_options(writing=True) as connection, connection.begin():
        yield connection


@contextmanager
def told() -> Iterator[None]:
    """The database's errors as StorageError; ours pass."""
    try:
        yield
    except OperationalError as error:
        reason = str(error.orig)
        full = "full" in reason or "No space" in reason
        raise StorageError(
            f"The catalog's database failed: {reason}.",
            code="disk_full" if full else "storage",
            hint="Free some space and try again." if full else "Check that the database runs and may be written.",
        ) from error
    except NoConnectionLeft as error:
        raise StorageError(
            "Every connection to the catalog's database is taken.", hint="Try again in a moment."
        ) from error
    except DBAPIError as error:
        raise StorageError(f"The catalog's database refused a statement: {error.orig}.") from error
