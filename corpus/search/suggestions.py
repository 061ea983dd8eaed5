"""What somebody may be about to type, or meant to: titles and headings, forgiving accents and small mistakes."""

from __future__ import annotations

import threading
import time
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice, takewhile

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId
from corpus.folding import WORD, fold, folded_words
from corpus.index.visibility import Visibility, audience_tokens

STALE_AFTER = 5.0  # seconds: a new document's title is suggested that much later at most
TRIED = 400  # phrases that are held against the catalog, at most
LEAST_SPELLED = 4  # letters: shorter words are near too many others
MOST_SPELLED = 3  # words of a question that are looked at
FEW = 8  # words like one that was typed, and phrases with a word, whose visibility is asked for


class PhraseKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"


@dataclass(frozen=True, slots=True)
class Phrase:
    text: str
    kind: PhraseKind
    places: tuple[tuple[DocumentId, int], ...]  # documents and the versions in which it stands


@dataclass(frozen=True, slots=True)
class Suggested:
    text: str
    kind: PhraseKind
    document: DocumentId


class Suggestions:
    """Keeps the phrases of the whole catalog in memory, with who could see their documents then: what others hide takes
    no place. What somebody gets is held against the catalog each time.
    """

    def __init__(self, catalog: Catalog, clock: Callable[[], float] = time.monotonic) -> None:
        self._catalog = catalog
        self._clock = clock
        self._lock = threading.Lock()
        self._phrases: _Phrases | None = None
        self._stamp: object = None
        self._looked = float("-inf")

    def suggest(self, typed: str, visibility: Visibility, limit: int = 8) -> list[Suggested]:
        """The likeliest first. ``typed`` may end in the middle of a word."""
        words = folded_words(typed)
        if not words:
            return []
        phrases = self._current()
        ranked = islice(phrases.seen_by(visibility, phrases.matching(words)), TRIED)
        found: list[Suggested] = []
        seen: set[str] = set()
        while len(found) < limit and (batch := list(islice(ranked, 4 * limit))):
            ids = {document for phrase in batch for document, _ in phrase.places[:50]}
            visible = self._catalog.documents.some(ids, visibility)
            for phrase in batch:
                place = _still_there(phrase, visible)
                folded = fold(phrase.text)
                if place is not None and folded not in seen and len(found) < limit:
                    seen.add(folded)
                    found.append(Suggested(phrase.text, phrase.kind, place))
        return found

    def respelled(self, typed: str, visibility: Visibility, stands: Callable[[str], bool]) -> str | None:
        """The question with words that nobody wrote replaced by the nearest ones of titles and headings that are to
        be seen; None where there is nothing to replace.

        ``stands`` is asked of a word before it is called a mistake: whether it stands in some text all the same.
        """
        phrases = self._current()
        corrected, at, tried = "", 0, 0
        for match in WORD.finditer(typed):
            word = fold(match[0])
            if len(word) < LEAST_SPELLED or not word.isalpha() or tried == MOST_SPELLED:
                continue
            if any(self._as_written(phrases, known, visibility) for known in islice(phrases.begun(word), FEW)):
                continue
            tried += 1
            written = (self._as_written(phrases, near, visibility) for near in phrases.nearest(word)[:FEW])
            right = next(filter(None, written), None)
            if right is not None and not stands(match[0]):
                corrected, at = corrected + typed[at : match.start()] + right, match.end()
        return corrected + typed[at:] if corrected else None

    def _as_written(self, phrases: _Phrases, word: str, visibility: Visibility) -> str | None:
        """The word as it stands in a phrase that is to be seen, in lower case."""
        holding = list(islice(phrases.seen_by(visibility, phrases.holding(word)), FEW))
        ids = {document for phrase in holding for document, _ in phrase.places[:50]}
        visible = self._catalog.documents.some(ids, visibility)
        for phrase in holding:
            if _still_there(phrase, visible) is not None:
                return next((one.lower() for one in WORD.findall(phrase.text) if fold(one) == word), word)
        return None

    def _current(self) -> _Phrases:
        with self._lock:
            if self._phrases is None or self._clock() - self._looked > STALE_AFTER:
                stamp = self._catalog.documents.stamp()
                if self._phrases is None or stamp != self._stamp:
                    self._phrases = _collect(self._catalog)
                self._stamp, self._looked = stamp, self._clock()
            return self._phrases


def _still_there(phrase: Phrase, visible: dict[DocumentId, Document]) -> DocumentId | None:
    """A document that the asker may see and in which the phrase stands now."""
    for document, version in phrase.places:
        found = visible.get(document)
        if found is None or found.current_version != version:
            continue
        if phrase.kind is PhraseKind.HEADING or found.facts.title == phrase.text:
            return document
    return None


def _collect(catalog: Catalog) -> _Phrases:
    titles: dict[str, list[tuple[DocumentId, int]]] = defaultdict(list)
    headings: dict[str, list[tuple[DocumentId, int]]] = defaultdict(list)
    versions: dict[DocumentId, int] = {}
    audiences: dict[DocumentId, tuple[str, ...]] = {}
    for document in catalog.documents.every():
        if document.current_version is not None:
            audiences[document.id] = audience_tokens(document.organisation, document.audience, draft=document.draft)
            versions[document.id] = document.current_version
            titles[document.facts.title].append((document.id, document.current_version))
    for found, path in catalog.passages.headings():
        for heading in path:
            if found in versions and 3 <= len(heading) <= 120:
                headings[heading].append((found, versions[found]))
    phrases = [
        Phrase(text, kind, tuple(dict.fromkeys(places)))
        for kind, known in ((PhraseKind.TITLE, titles), (PhraseKind.HEADING, headings))
        for text, places in known.items()
    ]
    return _Phrases(phrases, audiences)


class _Phrases:
    """Words to phrases, with the words sorted for prefixes and by pairs of letters for mistakes."""

    def __init__(self, phrases: Iterable[Phrase], audiences: Mapping[DocumentId, tuple[str, ...]]) -> None:
        self._phrases = list(phrases)
        self._audiences = audiences
        self._with_word: dict[str, list[int]] = defaultdict(list)
        for number, phrase in enumerate(self._phrases):
            for word in set(folded_words(phrase.text)):
                self._with_word[word].append(number)
        self._sorted = sorted(self._with_word)
        self._with_pair: dict[str, set[str]] = defaultdict(set)
        for word in self._sorted:
            for pair in _pairs(word):
                self._with_pair[pair].add(word)

    def seen_by(self, visibility: Visibility, phrases: Iterable[Phrase]) -> Iterator[Phrase]:
        """Those that stood in a document that was to be seen when the phrases were collected."""
        return (
            phrase
            for phrase in phrases
            if any(visibility.admits(self._audiences[document]) for document, _ in phrase.places)
        )

    def matching(self, typed: Sequence[str]) -> Iterable[Phrase]:
        """Phrases in which every typed word begins a word, or nearly."""
        scores: dict[int, float] | None = None
        for word in typed:
            of_word: dict[int, float] = {}
            for known, score in self._like(word).items():
                for number in self._with_word[known]:
                    of_word[number] = max(of_word.get(number, 0.0), score)
            if scores is None:
                scores = of_word
            else:
                scores = {number: score + of_word[number] for number, score in scores.items() if number in of_word}
        ranked = sorted((scores or {}).items(), key=lambda item: self._rank(item[0], item[1], typed))
        return (self._phrases[number] for number, _ in ranked)

    def _rank(self, number: int, score: float, typed: Sequence[str]) -> tuple[float, int, int, int]:
        phrase = self._phrases[number]
        begins = folded_words(phrase.text)[: len(typed)] == list(typed)
        return (-round(score, 2), not begins, phrase.kind is not PhraseKind.TITLE, len(phrase.text))

    def _like(self, typed: str) -> dict[str, float]:
        """Known words that ``typed`` begins, and, where there are none, those that differ by a small mistake."""
        found = {word: 1.0 if word == typed else 0.9 for word in self.begun(typed)}
        if found or len(typed) < 4:
            return found
        return dict.fromkeys(self._close(typed), 0.5)

    def begun(self, typed: str) -> Iterator[str]:
        """Known words that ``typed`` begins; itself first where it is one."""
        return takewhile(lambda word: word.startswith(typed), self._from(typed))

    def nearest(self, typed: str) -> list[str]:
        """Known words that differ from ``typed`` by a small mistake, as whole words; the nearest first."""
        most = _allowed(typed)
        near = {
            word: _mistakes(typed, word, most, whole=True) for word in self._close(typed) if not _is_form(typed, word)
        }
        return sorted((word for word in near if near[word] <= most), key=lambda word: (near[word], word))

    def holding(self, word: str) -> Iterator[Phrase]:
        return (self._phrases[number] for number in self._with_word.get(word, ()))

    def _from(self, typed: str) -> Iterator[str]:
        return islice(self._sorted, bisect_left(self._sorted, typed), None)

    def _close(self, typed: str) -> list[str]:
        shared: dict[str, int] = defaultdict(int)
        for pair in _pairs(typed):
            for word in self._with_pair.get(pair, ()):
                shared[word] += 1
        closest = sorted(shared, key=lambda word: (-shared[word], len(word)))[:200]
        return [word for word in closest if _mistakes(typed, word, _allowed(typed)) <= _allowed(typed)]


def _pairs(word: str) -> set[str]:
    return {word[at : at + 2] for at in range(len(word) - 1)}


def _allowed(typed: str) -> int:
    return 1 if len(typed) < 8 else 2


def _is_form(typed: str, word: str) -> bool:
    """Whether they differ in the last letter alone: another form of a word is no mistake."""
    return typed[: max(len(typed), len(word)) - 1] == word[: max(len(typed), len(word)) - 1]


def _mistakes(typed: str, word: str, allowed: int, *, whole: bool = False) -> int:
    """Letters left out, added, replaced or swapped between ``typed`` and the best beginning, or all, of ``word``."""
    before: list[int] | None = None
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, start=1):
        following = [i]
        for j, other in enumerate(word, start=1):
            cost = min(row[j] + 1, following[j - 1] + 1, row[j - 1] + (letter != other))
            if before is not None and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            following.append(cost)
        if min(following) > allowed:
            return allowed + 1
        before, row = row, following
    return row[-1] if whole else min(row)
