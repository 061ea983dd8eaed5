"""Which words of a passage the question's words match: the same match that BM25 scores by."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from corpus.index.bm25 import term_ids
from corpus.search.results import Highlight

_WORDS = re.compile(r"[^\W_]+(?:[.,\-/][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")


def highlights(text: str, language: str, wanted: frozenset[int]) -> tuple[Highlight, ...]:
    """Stretches of ``text`` that carry one of the question's BM25 terms; neighbours that touch are joined."""
    carriers = {
        word
        for word in set(_WORDS.findall(text))
        if not wanted.isdisjoint(_terms(word, language)) or (not word.isascii() and _is_unparted(word))
    }
    if not carriers:
        return ()
    found: list[Highlight] = []
    for match in _WORDS.finditer(text):
        if match.group() not in carriers:
            continue
        for start, end in _stretches(match):
            if wanted.isdisjoint(_terms(text[start:end], language)):
                continue
            if found and start <= found[-1].end:
                found[-1] = Highlight(found[-1].start, max(end, found[-1].end))
            else:
                found.append(Highlight(start, end))
    return tuple(found)


def matched_words(text: str, marked: Iterable[Highlight]) -> tuple[str, ...]:
    """The words under the highlights, each once, as they are written first."""
    words: dict[str, str] = {}
    for highlight in marked:
        word = text[highlight.start : highlight.end]
        words.setdefault(word.casefold(), word)
    return tuple(words.values())


def _is_unparted(word: str) -> bool:
    return _HAN.search(word) is not None


def _stretches(word: re.Match[str]) -> Iterator[tuple[int, int]]:
    """The word; of Chinese, which does not part them, every pair of characters."""
    start, end = word.span()
    if _is_unparted(word.group()):
        yield from ((at, min(at + 2, end)) for at in range(start, max(start + 1, end - 1)))
    else:
        yield start, end


@lru_cache(maxsize=100_000)
def _terms(word: str, language: str) -> frozenset[int]:
    return frozenset(term_ids(word, language))
