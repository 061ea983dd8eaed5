"""In which language somebody asks, and in which languages they may find something."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass

from corpus.index.protocol import Facet, Filters, PassageIndex
from corpus.index.translations import LANGUAGES, known_words
from corpus.index.visibility import Visibility
from corpus.language import LanguageTeller

STALE_AFTER = 60.0  # seconds: words are looked for in a language that is new to a library that much later at most
_MOST = 1_000  # askers that are remembered


@dataclass(frozen=True, slots=True)
class AskedIn:
    """The language of a question, and all that it may be in: *café* is Spanish, Portuguese and French."""

    language: str
    perhaps: frozenset[str]


def asked_in(text: str, teller: LanguageTeller, seen: Collection[str]) -> AskedIn:
    """Letters tell the language of a sentence. That of a word or two is told by the lexicon: the language in which most
    of them are known, best just as they are written; of several one that is ``seen`` in the library, of several of
    these the one it looks most like.
    """
    told = teller.tell(text)
    if told.sure:
        return AskedIn(told.language, frozenset((told.language,)))
    known = {language: known_words(text, language) for language in LANGUAGES}
    most = max(known.values())
    if most == (0, 0):
        return AskedIn(told.language, frozenset((told.language,)))
    perhaps = frozenset(language for language in LANGUAGES if known[language] == most)
    likely = teller.likelihoods(text)
    language = max(perhaps, key=lambda each: (each in seen, likely.get(each, 0.0), each))
    return AskedIn(language, perhaps)


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
