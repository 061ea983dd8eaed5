"""Questions that many ask, as suggestions: only what a crowd of several firms asked and found.

And only in words that stand in documents for the whole cluster: two firms that share a document with each other alone
may ask for it as often as they like, nobody else is told of its words.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import islice

from corpus.catalog import Catalog
from corpus.use import Crowd, FrequentQuery
from search_api.access.clock import Clock
from search_api.statistics.words import words_of

STALE_AFTER = 30.0  # seconds
MOST = 3
LOOKED_AT = 6  # each is a search
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

    def like(self, typed: str, limit: int, stands: Callable[[str], bool]) -> list[str]:
        """Those in which every typed word begins a word, what most members asked first.

        ``stands`` is asked of each before it is shown: whether everybody may find its words.
        """
        words = words_of(typed)
        if sum(map(len, words)) < LEAST_TYPED:
            return []
        fitting = (
            query.text
            for query, known in self._current()
            if all(any(each.startswith(word) for each in known) for word in words) and known != words
        )
        found: list[str] = []
        for text in islice(fitting, LOOKED_AT):
            if len(found) == min(limit, MOST):
                break
            if stands(text):
                found.append(text)
        return found

    def _current(self) -> list[tuple[FrequentQuery, list[str]]]:
        with self._lock:
            if self._clock() - self._looked > STALE_AFTER:
                since = self._now().date() - timedelta(days=self._days)
                found = self._catalog.asked.frequent(self._crowd, since=since)
                self._known = [(query, words_of(query.text)) for query in found]
                self._looked = self._clock()
            return self._known
