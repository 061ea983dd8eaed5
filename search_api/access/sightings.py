"""When keys and sessions were last used, written once in a while and never while a request waits."""

from __future__ import annotations

import logging
import threading
from datetime import datetime

from corpus.catalog import Catalog
from corpus.errors import LonjaError

EVERY = 60.0  # seconds
log = logging.getLogger("lonja.access")


class Sightings:
    """A thread of its own writes; :meth:`close` writes what is left."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._keys: dict[str, datetime] = {}
        self._sessions: dict[str, datetime] = {}
        self._lock = threading.Lock()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sightings", daemon=True)
        self._thread.start()

    def key(self, key: str, at: datetime) -> None:
        with self._lock:
            self._keys[key] = at

    def session(self, session: str, at: datetime) -> None:
        with self._lock:
            self._sessions[session] = at

    def write(self) -> None:
        with self._lock:
            keys, self._keys = self._keys, {}
            sessions, self._sessions = self._sessions, {}
        if keys:
            self._catalog.keys.used(keys)
        if sessions:
            self._catalog.sessions.seen(sessions)

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        self.write()

    def _run(self) -> None:
        while not self._ending.wait(EVERY):
            try:
                self.write()
            except LonjaError as error:  # the next minute brings another try
                log.warning("last uses could not be written: %s", error.message)
