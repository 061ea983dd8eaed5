"""Chroma in memory, with the model's vectors."""

from __future__ import annotations

from collections.abc import Sequence

import chromadb
from measuring import FIRST, Passage, full_text, measure
from sentence_transformers import SentenceTransformer

AT_ONCE = 256


class Chroma:
    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model, device="cpu")
        client = chromadb.EphemeralClient(chromadb.Settings(anonymized_telemetry=False))
        self._passages = client.create_collection(
            "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )

    def take_in(self, passages: Sequence[Passage]) -> None:
        for start in range(0, len(passages), AT_ONCE):
            batch = passages[start : start + AT_ONCE]
            texts = [full_text(each) for each in batch]
            vectors = self._model.encode(texts, prompt="passage: ")
            self._passages.add(ids=[each["id"] for each in batch], documents=texts, embeddings=vectors)

    def ask(self, question: str) -> list[str]:
        vector = self._model.encode(question, prompt="query: ")
        found = self._passages.query(query_embeddings=[vector], n_results=FIRST, include=[])
        return list(found["ids"][0])


measure(Chroma)
