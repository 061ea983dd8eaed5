"""Records use as it happens: counts, and questions under pseudonyms. Written once in a while, never while one waits."""

from __future__ import annotations

import hashlib
import hmac
import logging
import threading
from collections.abc import Iterable
from datetime import date, timedelta

from corpus.catalog import Catalog
from corpus.documents import AudienceScope, Document, OrganisationId
from corpus.errors import LonjaError
from corpus.use import Asked, AskedOn, Pseudonym, Reused, ReusedOn, Searched, SearchedOn
from search_api.access.caller import Caller
from search_api.access.clock import Clock
from search_api.statistics.words import is_harmless, topic_of

EVERY = 10.0  # seconds: what a crash loses of the counts
REMEMBERED = 50_000  # openings of the day, so that each counts once

log = logging.getLogger("lonja.statistics")


class Recording:
    """A thread of its own writes and forgets; :meth:`close` writes what is left."""

    def __init__(self, catalog: Catalog, clock: Clock, *, query_days: int, count_days: int) -> None:
        self._catalog = catalog
        self._clock = clock
        self._query_days = query_days
        self._count_days = count_days
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._asked: dict[AskedOn, Asked] = {}
        self._searched: dict[SearchedOn, Searched] = {}
        self._reused: dict[ReusedOn, Reused] = {}
        self._opened: set[tuple[str, str]] = set()  # of one day: caller and document
        self._opened_on: date | None = None
        self._swept: date | None = None
        self._secret = catalog.asked.secret("use")
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="recording", daemon=True)
        self._thread.start()

    def searched(self, caller: Caller, found: Iterable[Document], *, nothing: bool, typed: str | None = None) -> None:
        """A search and the documents that answered it; ``typed`` where a person typed it and asked for nothing else."""
        today = self._clock().date()
        count = int(nothing)
        firms = {document.organisation for document in found if _is_others(caller, document)}
        by = SearchedOn(today, self._pseudonym("day", caller.id), caller.member is not None)
        on = self._topic(caller, typed, today) if typed is not None else None
        with self._lock:
            total = self._searched.setdefault(by, Searched())
            total.searches += 1
            total.found_nothing += count
            for firm in firms:
                self._reused.setdefault(ReusedOn(today, firm), Reused()).answered += 1
            if on is not None:
                asked = self._asked.setdefault(on, Asked(""))
                asked.text = " ".join((typed or "").split())
                asked.times += 1
                asked.found_nothing += count

    def opened(self, caller: Caller, document: Document) -> None:
        """Counts once a day for each who opens it, as far as this process remembers."""
        if not _is_others(caller, document):
            return
        today = self._clock().date()
        once = (caller.id, document.id)
        with self._lock:
            if self._opened_on != today or len(self._opened) >= REMEMBERED:
                self._opened.clear()
                self._opened_on = today
            if once in self._opened:
                return
            self._opened.add(once)
            self._reused.setdefault(ReusedOn(today, document.organisation), Reused()).opened += 1

    def write(self) -> None:
        with self._writing:  # whoever waited for it finds everything written
            with self._lock:
                asked, self._asked = self._asked, {}
                searched, self._searched = self._searched, {}
                reused, self._reused = self._reused, {}
            if asked:
                self._catalog.asked.add(asked)
            if searched or reused:
                self._catalog.use.add(searched, reused)
            self._sweep()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()
        try:
            self.write()
        except LonjaError as error:
            log.warning("the last counts of use are lost: %s", error.message)

    def _sweep(self) -> None:
        """Once a day: what has expired is gone, and not only out of sight."""
        today = self._clock().date()
        if self._swept == today:
            return
        self._catalog.asked.forget_before(today - timedelta(days=self._query_days))
        self._catalog.feedback.forget_before(self._clock() - timedelta(days=self._count_days))
        self._catalog.use.forget_before(today - timedelta(days=self._count_days))
        self._swept = today

    def _topic(self, caller: Caller, typed: str, today: date) -> AskedOn | None:
        """None for what is not kept: what keys ask, what people without a firm ask, what may tell of somebody."""
        organisation: OrganisationId | None = caller.organisation
        if not self._query_days or caller.member is None or organisation is None or not is_harmless(typed):
            return None
        topic = topic_of(typed)
        return AskedOn(
            topic=topic,
            asker=self._pseudonym("topic", topic, caller.id),
            firm=self._pseudonym("firm", topic, organisation),
            day=today,
        )

    def _pseudonym(self, *parts: str) -> Pseudonym:
        return hmac.new(self._secret, "\x1f".join(parts).encode(), hashlib.sha256).hexdigest()[:32]

    def _run(self) -> None:
        while not self._ending.wait(EVERY):
            try:
                self.write()
            except LonjaError as error:  # counts are not worth more: the next ones bring another try
                log.warning("counts of use could not be written: %s", error.message)


def _is_others(caller: Caller, document: Document) -> bool:
    """Another firm's, for the whole cluster: counts of others would tell of what not everybody may see."""
    return (
        caller.organisation is not None
        and caller.organisation != document.organisation
        and document.audience.scope is AudienceScope.CLUSTER
        and not document.draft
    )
