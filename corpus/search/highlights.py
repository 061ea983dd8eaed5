"""Which words of a passage the question's words match: the same match that BM25 scores by."""

from __future__ import annotations

from collections.abc import Iterable, Set

from corpus.index.passage_words import PassageWords
from corpus.search.results import Highlight


def highlights(words: PassageWords, wanted: Set[int]) -> tuple[Highlight, ...]:
    """Stretches of the text that carry one of the question's BM25 terms."""
    return tuple(Highlight(start, end) for start, end in words.stretches(wanted))


def matched_words(text: str, marked: Iterable[Highlight]) -> tuple[str, ...]:
    """The words under the highlights, each once, as they are written first."""
    words: dict[str, str] = {}
    for highlight in marked:
        word = text[highlight.start : highlight.end]
        words.setdefault(word.casefold(), word)
    return tuple(words.values())
