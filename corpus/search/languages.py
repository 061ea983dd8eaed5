"""In which languages somebody may find something."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from corpus.index.protocol import Facet, Filters, PassageIndex
from corpus.index.visibility import Visibility

STALE_AFTER = 60.0  # seconds: words are looked for in a language that is new to a library that much later at most
_MOST = 1_000  # askers that are remembered


class LanguagesSeen:
    """Asks the index once a minute for each kind of asker. Safe for threads."""

    def __init__(self, index: PassageIndex, clock: Callable[[], float] = time.monotonic) -> None:
        self._index = index
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[Visibility, tuple[float, frozenset[str]]] = {}

    def by(self, visibility: Visibility) -> frozenset[str]:
        """Of passages within ``visibility`` alone: what somebody may not see has no say in how they search."""
        now = self._clock()
        with self._lock:
            told, languages = self._known.get(visibility, (float("-inf"), frozenset[str]()))
        if now - told <= STALE_AFTER:
            return languages
        languages = frozenset(self._index.facet(Facet.LANGUAGE, visibility, Filters()))
        if not languages:  # a library that is about to be filled
            return languages
        with self._lock:
            if len(self._known) >= _MOST:
                self._known.clear()
            self._known[visibility] = (now, languages)
        return languages
