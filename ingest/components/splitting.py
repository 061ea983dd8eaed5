"""Sections become passages."""

from dataclasses import asdict
from typing import Any

from haystack import Document, component, default_to_dict

from corpus.language import LanguageTeller
from ingest.components.models import embedder_named
from ingest.components.passage_documents import to_document
from ingest.mixed_languages import paragraph_languages
from ingest.passages import PassageLimits, passages_of
from ingest.structure import Section


@component
class PassageSplitter:
    """Cuts sections into passages that respect them and fit the model (:mod:`ingest.passages`)."""

    def __init__(self, model: str, limits: dict[str, int] | None = None) -> None:
        """``model``: whose tokens count. ``limits``: fields of ``PassageLimits``; else the usual ones for the model."""
        self._model = model
        self._limits = None if limits is None else PassageLimits(**limits)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(self, model=self._model, limits=None if self._limits is None else asdict(self._limits))

    @component.output_types(documents=list[Document])
    def run(self, sections: list[Section], language: str = "en") -> dict[str, list[Document]]:
        counter = embedder_named(self._model)
        limits = self._limits or PassageLimits.for_model(counter)
        tell = paragraph_languages(sections, LanguageTeller())
        passages = passages_of(sections, counter, limits, language=language, tell=tell)
        return {"documents": [to_document(passage) for passage in passages]}
