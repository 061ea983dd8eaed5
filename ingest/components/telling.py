"""Each passage gets its language."""

from dataclasses import replace
from typing import Any

from haystack import Document, component, default_to_dict

from corpus.language import CONFIGURED, OTHERS, LanguageTeller
from ingest.converted import ConvertedDocument


@component
class LanguageMarker:
    """Writes ``language`` into each document's metadata (:mod:`corpus.language`)."""

    def __init__(self, configured: list[str] | None = None, others: list[str] | None = None) -> None:
        self._configured = list(configured or CONFIGURED)
        self._others = list(OTHERS if others is None else others)

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(self, configured=self._configured, others=self._others)

    @component.output_types(documents=list[Document])
    def run(self, documents: list[Document], converted: ConvertedDocument) -> dict[str, list[Document]]:
        teller = LanguageTeller(self._configured, self._others)
        hint = (converted.language or "").casefold()[:2]
        languages = teller.tell_all([each.content or "" for each in documents], hint or None)
        return {
            "documents": [
                replace(document, id="", meta={**document.meta, "language": language})
                for document, language in zip(documents, languages, strict=True)
            ]
        }
