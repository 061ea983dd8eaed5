"""A worker that stays: it waits for work, tells that it is alive, and ends when it is told to."""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path

from corpus.errors import LonjaError
from corpus.library import Library, new_worker_name
from ingest.reader import Reader
from ingest.worker import Done, Shelf, Worker

POLL = 0.5  # seconds between two looks at the queue
HEARTBEAT = 60.0  # seconds; a lease lasts five minutes
NICENESS = 15

log = logging.getLogger("lonja.worker")


class StandingWorker:
    """Works on the queue of ``library`` until :meth:`stop`.

    Where several processes share an index on a server it publishes what it embedded, and what a dead worker left
    embedded; otherwise the one process that owns the index does. ``sign`` is a file that is touched with every
    heartbeat that reaches the queue, for those who look after it from outside.
    """

    def __init__(self, library: Library, *, name: str | None = None, sign: Path | None = None) -> None:
        self.name = name or new_worker_name()
        self._library = library
        self._sign = sign
        self._shares_the_index = library.settings.qdrant_url is not None
        self._stopping = threading.Event()
        self._woken = threading.Event()
        self._worker: Worker | None = None

    def wake(self) -> None:
        self._woken.set()

    def stop(self) -> None:
        self._stopping.set()
        self._woken.set()
        if self._worker is not None:
            self._worker.stop()

    def run(self) -> None:
        """Raises what no document is to blame for: a full disk, a lost database, a broken model."""
        heart = threading.Thread(target=self._beat, name="heartbeat", daemon=True)
        heart.start()
        reader = Reader(self._library.embedder)
        shelf: Shelf | None = self._library if self._shares_the_index else None
        try:
            while not self._stopping.is_set():
                self._woken.clear()
                if self._library.catalog.queue.has_work():
                    self._worker = Worker(
                        self._library.catalog,
                        self._library.originals,
                        reader,
                        self._library.embedder,
                        name=self.name,
                        shelf=shelf,
                        patient=True,
                    )
                    if not self._stopping.is_set():
                        self._worker.drain(_log)
                if self._shares_the_index:
                    self._library.publish_orphans(self.name)
                self._woken.wait(POLL)
        finally:
            self._stopping.set()
            heart.join()

    def _beat(self) -> None:
        while True:
            try:
                self._library.catalog.queue.extend(self.name)
                if self._sign is not None:
                    self._sign.touch()
            except (LonjaError, OSError) as error:  # a lease outlasts four beats that were missed
                log.warning("a heartbeat was missed: %s", error)
            if self._stopping.wait(HEARTBEAT):
                return


def be_modest() -> None:
    """Whoever searches goes first."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)


def _log(done: Done) -> None:
    if done.failure is None:
        log.info("embedded", extra={"document": done.document.id, "job": done.version.id})
    else:
        log.info("failed", extra={"document": done.document.id, "job": done.version.id, "code": done.failure.code})
