"""Reading one file up to its passages, for the worker, which embeds the passages of several files together."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.documents import DocumentFacts, Kind, Passage
from corpus.embedding.embedder import Embedder
from corpus.passage_text import embedding_text
from ingest.converted import Attachment
from ingest.guesses import Found, Guesses
from ingest.pipeline import Ingestion

OnProgress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class ReadDocument:
    passages: tuple[Passage, ...]
    texts: tuple[str, ...]  # what of each passage is embedded
    guesses: DocumentFacts
    pages: int | None
    media_type: str
    attachments: tuple[Attachment, ...]
    warnings: tuple[str, ...]


class Reader:
    """The Haystack pipeline without its last step. Safe for threads: conversions run in processes of their own."""

    def __init__(self, embedder: Embedder) -> None:
        self._ingestion = Ingestion(embedder, embed=False)

    def read(
        self, path: Path, file_name: str, title: str | None = None, on_progress: OnProgress | None = None
    ) -> ReadDocument:
        """``title``: what somebody calls the document, where somebody does. Raises DocumentError."""
        prepared = self._ingestion.prepare(path, file_name=file_name, title=title, on_progress=on_progress)
        guesses = _facts(prepared.guesses)
        converted = prepared.converted
        return ReadDocument(
            passages=prepared.passages,
            texts=tuple(embedding_texts(title or guesses.title, prepared.passages)),
            guesses=guesses,
            pages=converted.pages,
            media_type=converted.media_type,
            attachments=converted.attachments,
            warnings=converted.warnings,
        )


def embedding_texts(title: str, passages: Iterable[Passage]) -> Iterable[str]:
    return (embedding_text(title, passage) for passage in passages)


def _facts(guesses: Guesses) -> DocumentFacts:
    def value(found: Found[Any] | None, otherwise: Any) -> Any:
        return otherwise if found is None else found.value

    return DocumentFacts(
        title=guesses.title.value,
        kind=value(guesses.kind, Kind.OTHER),
        language=value(guesses.language, None),
        countries=value(guesses.countries, ()),
        hs_codes=value(guesses.hs_codes, ()),
        published=value(guesses.published, None),
    )
