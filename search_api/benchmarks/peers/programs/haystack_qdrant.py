"""Haystack's pipelines over qdrant-haystack's store, in memory."""

from __future__ import annotations

from collections.abc import Sequence

from haystack import Document, Pipeline
from haystack.components.writers import DocumentWriter
from haystack.utils import ComponentDevice
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from haystack_integrations.components.retrievers.qdrant import QdrantEmbeddingRetriever
from haystack_integrations.document_stores.qdrant import QdrantDocumentStore
from measuring import FIRST, Passage, full_text, measure


class Haystack:
    def __init__(self, model: str) -> None:
        store = QdrantDocumentStore(":memory:", embedding_dim=384, return_embedding=False)
        cpu = ComponentDevice.from_str("cpu")
        embedder = SentenceTransformersDocumentEmbedder(model=model, device=cpu, prefix="passage: ", progress_bar=False)
        self._indexing = Pipeline()
        self._indexing.add_component("embedder", embedder)
        self._indexing.add_component("writer", DocumentWriter(store))
        self._indexing.connect("embedder", "writer")
        self._asking = Pipeline()
        self._asking.add_component(
            "embedder", SentenceTransformersTextEmbedder(model=model, device=cpu, prefix="query: ", progress_bar=False)
        )
        self._asking.add_component("retriever", QdrantEmbeddingRetriever(store, top_k=FIRST))
        self._asking.connect("embedder.embedding", "retriever.query_embedding")
        for pipeline in (self._indexing, self._asking):
            pipeline.warm_up()

    def take_in(self, passages: Sequence[Passage]) -> None:
        documents = [Document(content=full_text(each), meta={"name": each["id"]}) for each in passages]
        self._indexing.run({"embedder": {"documents": documents}})

    def ask(self, question: str) -> list[str]:
        found = self._asking.run({"embedder": {"text": question}})
        return [each.meta["name"] for each in found["retriever"]["documents"]]


measure(Haystack)
