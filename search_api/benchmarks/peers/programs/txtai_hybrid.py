"""txtai, by vectors and words."""

from __future__ import annotations

from collections.abc import Sequence

from measuring import FIRST, Passage, full_text, measure
from txtai import Embeddings


class Txtai:
    def __init__(self, model: str) -> None:
        prefixes = {"query": "query: ", "data": "passage: "}
        self._index = Embeddings(
            path=model, method="sentence-transformers", instructions=prefixes, hybrid=True, gpu=False
        )

    def take_in(self, passages: Sequence[Passage]) -> None:
        self._index.index((each["id"], full_text(each), None) for each in passages)

    def ask(self, question: str) -> list[str]:
        return [str(id_) for id_, _ in self._index.search(question, FIRST)]


measure(Txtai)
