"""The thread that lets finished documents be found, keeps the index fast, and removes for good what was deleted."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from corpus.errors import LonjaError
from corpus.library import Library

POLL = 0.25  # seconds between two looks at what is to be published
BETWEEN_SWEEPS = 300.0  # seconds
BETWEEN_OPTIMISATIONS = 60.0
SPARE = timedelta(hours=1)
LONGEST_PAUSE = 30.0

log = logging.getLogger("lonja.publisher")


class Publisher:
    """One thread for publishing and sweeping, one for optimising, which takes long and stops neither."""

    def __init__(
        self,
        library: Library,
        *,
        name: str,
        undo: timedelta,
        on_failure: Callable[[str], None] = lambda _code: None,
    ) -> None:
        self._library = library
        self._name = name
        self._undo = undo
        self._on_failure = on_failure
        self._ending = threading.Event()
        self._woken = threading.Event()
        self._grown = threading.Event()
        self._is_ready = threading.Event()
        self._threads = [
            threading.Thread(target=self._publish, name="publisher", daemon=True),
            threading.Thread(target=self._optimise, name="optimiser", daemon=True),
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    @property
    def is_ready(self) -> bool:
        """What an earlier process left under way is seen to."""
        return self._is_ready.is_set()

    def wake(self) -> None:
        self._woken.set()

    def close(self) -> None:
        """Waits for what is being published."""
        self._ending.set()
        self._woken.set()
        self._grown.set()
        for thread in self._threads:
            if thread.ident is not None:
                thread.join()

    def _publish(self) -> None:
        pause = POLL
        swept = 0.0
        while not self._ending.is_set():
            try:
                if not self._is_ready.is_set():
                    self._reconcile()
                self._woken.clear()
                self._publish_all()
                if time.monotonic() - swept > BETWEEN_SWEEPS or not swept:
                    self._sweep()
                    swept = time.monotonic()
                pause = POLL
            except LonjaError as error:
                pause = min(4 * pause, LONGEST_PAUSE)
                self._on_failure(error.code)
                log.warning("%s The next try is in %.0f s.", error, pause, extra={"code": error.code})
            except Exception:
                pause = min(4 * pause, LONGEST_PAUSE)
                self._on_failure("unforeseen")
                log.exception("publishing failed in a way nobody foresaw")
            self._woken.wait(pause)

    def _reconcile(self) -> None:
        done = self._library.reconcile(release=False)
        self._is_ready.set()
        self._grown.set()
        log.info(
            "ready: %d versions queued again, %d finished, %d documents mended, %d withdrawn",
            done.requeued,
            done.finished,
            done.rewritten,
            done.withdrawn,
        )

    def _publish_all(self) -> None:
        if not self._library.is_sole_owner:
            published = self._library.publish_orphans(self._name)
        else:
            published = 0
            for version in self._library.catalog.queue.to_index():
                if self._ending.is_set():
                    return
                published += self._library.publish(version)
        self._library.indexer.refresh(self._library.catalog.documents.not_indexed())
        if published:
            self._grown.set()

    def _sweep(self) -> None:
        """Deleted documents whose time is over, and files that nothing needs."""
        documents = self._library.catalog.documents
        for document in documents.deleted_before(datetime.now(UTC) - self._undo):
            self._library.remove(document, spare=SPARE)
        for sha256 in list(self._library.originals.hashes()):
            if self._ending.is_set():
                return
            if not documents.original_in_use(sha256):
                self._library.originals.remove_old(sha256, age=timedelta(days=1))
        self._library.originals.remove_remains()
        pages = self._library.folder.path / "cache" / "pages"  # pictures of what is gone go as well
        for picture in list(pages.glob("*/*.png")):
            if not self._library.originals.path(picture.parent.name + picture.name.split("-")[0]).exists():
                picture.unlink(missing_ok=True)

    def _optimise(self) -> None:
        while not self._ending.is_set():
            self._grown.wait()
            if self._ending.is_set() or not self._is_ready.is_set():
                self._ending.wait(POLL)
                continue
            self._grown.clear()
            try:
                if self._library.index.optimise():
                    log.info("the index is optimised")
            except Exception:  # searching goes on as it was, and what comes in next brings another try
                self._on_failure("optimise")
                log.exception("the index could not be optimised")
            self._ending.wait(BETWEEN_OPTIMISATIONS)
