"""sentence-transformers and a matrix product."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from measuring import FIRST, Passage, full_text, measure
from sentence_transformers import SentenceTransformer


class Cosine:
    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model, device="cpu")
        self._ids: list[str] = []
        self._vectors = np.zeros((0, 0))

    def take_in(self, passages: Sequence[Passage]) -> None:
        self._ids = [each["id"] for each in passages]
        self._vectors = self._model.encode([full_text(each) for each in passages], prompt="passage: ")

    def ask(self, question: str) -> list[str]:
        scores = self._vectors @ self._model.encode(question, prompt="query: ")
        return [self._ids[at] for at in np.argsort(-scores, kind="stable")[:FIRST]]


measure(Cosine)
