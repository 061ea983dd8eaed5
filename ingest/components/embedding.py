"""Each passage gets its vector."""

from dataclasses import replace
from typing import Any

from haystack import Document, component, default_to_dict

from corpus.passage_text import PREFIX_CHARACTERS, embedding_text
from ingest.components.models import embedder_named
from ingest.components.passage_documents import to_passage


@component
class PassageEmbedder:
    """Writes ``embedding`` into each document: the raw vector of the passage under its title and headings."""

    def __init__(self, model: str, batch_size: int = 64, prefix_characters: int = PREFIX_CHARACTERS) -> None:
        """``prefix_characters``: room for title and headings, as ``PassageLimits`` has it for the model."""
        self._model = model
        self._batch_size = batch_size
        self._prefix_characters = prefix_characters

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(
            self, model=self._model, batch_size=self._batch_size, prefix_characters=self._prefix_characters
        )

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document], title: str) -> dict[str, list[Document]]:
        embedder = embedder_named(self._model)
        prefix = self._prefix_characters
        embedded: list[Document] = []
        for start in range(0, len(documents), self._batch_size):
            batch = documents[start : start + self._batch_size]
            texts = [embedding_text(title, to_passage(each), prefix_characters=prefix) for each in batch]
            vectors = embedder.embed_passages(texts)
            embedded += [replace(each, embedding=row.tolist()) for each, row in zip(batch, vectors, strict=True)]
        return {"documents": embedded}
