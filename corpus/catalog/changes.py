"""Whether anything at all was written to the catalog, told without waiting."""

from __future__ import annotations

import sqlite3
import threading

from sqlalchemy import Engine


class Changes:
    """For a SQLite file, over a connection of its own; of another database nothing is told."""

    def __init__(self, engine: Engine) -> None:
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        if engine.dialect.name == "sqlite" and engine.url.database:
            self._connection = sqlite3.connect(engine.url.database, timeout=0, check_same_thread=False)

    def stamp(self) -> int | None:
        """The same as long as no connection, of whichever process, committed anything; None where it cannot be told.

        It is SQLite's ``data_version``, some microseconds' work: it reads a counter and waits for nobody.
        """
        with self._lock:
            if self._connection is None:
                return None
            try:
                return int(self._connection.execute("PRAGMA data_version").fetchone()[0])
            except sqlite3.Error:
                return None  # the file is being recovered, or is damaged: whoever reads it in earnest says so

    def close(self) -> None:
        with self._lock:
            if self._connection is not None:
                self._connection.close()
                self._connection = None
