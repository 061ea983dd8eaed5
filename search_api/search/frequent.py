"""Questions that many ask, as suggestions: only what a crowd of several firms asked and found."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta

from corpus.catalog import Catalog
from corpus.use import Crowd, FrequentQuery
from search_api.access.clock import Clock
from search_api.statistics.words import words_of

STALE_AFTER = 30.0  # seconds
MOST = 3
LEAST_TYPED = 2  # characters


class FrequentQueries:
    """Keeps them in memory for a while: a suggestion is asked for with every key that is pressed."""

    def __init__(
        self, catalog: Catalog, crowd: Crowd, now: Clock, *, days: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._catalog = catalog
        self._crowd = crowd
        self._now = now
        self._days = days
        self._clock = clock
        self._lock = threading.Lock()
        self._known: list[tuple[FrequentQuery, list[str]]] = []
        self._looked = float("-inf")

    def like(self, typed: str, limit: int = MOST) -> list[str]:
        """Those in which every typed word begins a word, what most members asked first."""
        words = words_of(typed)
        if sum(map(len, words)) < LEAST_TYPED:
            return []
        found = (
            query.text
            for query, known in self._current()
            if all(any(each.startswith(word) for each in known) for word in words) and known != words
        )
        return [text for text, _ in zip(found, range(min(limit, MOST)), strict=False)]

    def _current(self) -> list[tuple[FrequentQuery, list[str]]]:
        with self._lock:
            if self._clock() - self._looked > STALE_AFTER:
                since = self._now().date() - timedelta(days=self._days)
                found = self._catalog.asked.frequent(self._crowd, since=since)
                self._known = [(query, words_of(query.text)) for query in found]
                self._looked = self._clock()
            return self._known
