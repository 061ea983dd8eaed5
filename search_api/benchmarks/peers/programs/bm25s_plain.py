"""bm25s with its own tokenizer."""

from __future__ import annotations

from collections.abc import Sequence

import bm25s
from measuring import FIRST, Passage, full_text, measure


class Bm25s:
    def __init__(self, _model: str) -> None:
        self._index = bm25s.BM25()
        self._ids: list[str] = []

    def take_in(self, passages: Sequence[Passage]) -> None:
        self._ids = [each["id"] for each in passages]
        self._index.index(
            bm25s.tokenize([full_text(each) for each in passages], show_progress=False), show_progress=False
        )

    def ask(self, question: str) -> list[str]:
        words = bm25s.tokenize(question, show_progress=False)
        found, _ = self._index.retrieve(words, k=FIRST, show_progress=False)
        return [self._ids[number] for number in found[0]]


measure(Bm25s)
