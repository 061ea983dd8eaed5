"""The words of a passage as search needs them once it is found: told when it is taken in, read at every search.

Telling them takes a quarter of a millisecond a passage, and a search reads dozens. Kept are the terms in reading order,
for words that stand side by side, and where in the text each word stands, for highlights.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from corpus.index.bm25 import LEXICAL_VERSION, term_ids

VERSION = 100 * int(LEXICAL_VERSION) + 1
"""Of what is kept: of the terms, and of how they are written down."""

LONGEST = 0xFFFF
"""Characters of a text whose words are kept: places are written in two bytes. Passages have some thousand at most."""

_HEAD = struct.Struct("<III")  # version, terms, places
_WORDS = re.compile(r"[^\W_]+(?:[.,\-/][^\W_]+)*")
_HAN = re.compile(r"[\u3400-\u9fff]")

Terms = NDArray[np.uint32]
"""As they stand in a sparse vector (``bm25``)."""


class PassageWords(NamedTuple):
    """Of a passage's text; title and headings are left out."""

    terms: Terms  # (n,) in reading order, as often as they occur
    standing: Terms  # (m,) terms of single words, and of Chinese pairs of characters, in reading order
    starts: NDArray[np.uint16]  # (m,) where each of them stands: ``text[start:end]``
    ends: NDArray[np.uint16]  # (m,)

    @classmethod
    def of(cls, text: str, language: str) -> Self:
        """Of what is longer than ``LONGEST`` characters, no places."""
        standing, starts, ends = _places(text, language) if len(text) <= LONGEST else ([], [], [])
        return cls(
            np.array(term_ids(text, language), np.uint32),
            np.array(standing, np.uint32),
            np.array(starts, np.uint16),
            np.array(ends, np.uint16),
        )

    @classmethod
    def from_bytes(cls, kept: bytes | None) -> Self | None:
        """None where they were never kept, or by a release that told them otherwise."""
        if kept is None or _HEAD.unpack_from(kept)[0] != VERSION:
            return None
        _, terms, places = _HEAD.unpack_from(kept)
        at = _HEAD.size
        of_terms = np.frombuffer(kept, "<u4", terms + places, at)
        of_places = np.frombuffer(kept, "<u2", 2 * places, at + of_terms.nbytes)
        return cls(of_terms[:terms], of_terms[terms:], of_places[:places], of_places[places:])

    def to_bytes(self) -> bytes:
        arrays = ((self.terms, "<u4"), (self.standing, "<u4"), (self.starts, "<u2"), (self.ends, "<u2"))
        head = _HEAD.pack(VERSION, self.terms.size, self.standing.size)
        return head + b"".join(array.astype(kind).tobytes() for array, kind in arrays)

    def stretches(self, wanted: Collection[int]) -> list[tuple[int, int]]:
        """Of words with one of the ``wanted`` terms, from where to where; what touches is one."""
        if not wanted:
            return []
        found = np.flatnonzero((self.standing[:, None] == np.fromiter(wanted, np.uint32)).any(axis=1))
        joined: list[tuple[int, int]] = []
        for start, end in zip(self.starts[found].tolist(), self.ends[found].tolist(), strict=True):
            if joined and start <= joined[-1][1]:
                joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
            else:
                joined.append((start, end))
        return joined


def _places(text: str, language: str) -> tuple[list[int], list[int], list[int]]:
    """Each term of each word, where the word begins, and where it ends."""
    standing: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    for match in _WORDS.finditer(text):
        for start, end in _pieces(match):
            for term in _terms(text[start:end], language):
                standing.append(term)
                starts.append(start)
                ends.append(end)
    return standing, starts, ends


def _pieces(word: re.Match[str]) -> Sequence[tuple[int, int]]:
    """The word; of Chinese, which does not part them, every pair of characters."""
    start, end = word.span()
    if word.group().isascii() or not _HAN.search(word.group()):
        return ((start, end),)
    return [(at, min(at + 2, end)) for at in range(start, max(start + 1, end - 1))]


@lru_cache(maxsize=20_000)
def _terms(word: str, language: str) -> tuple[int, ...]:
    return tuple(sorted(set(term_ids(word, language))))
