"""What a document tells of itself."""

from typing import Any

from haystack import Document, component

from ingest.components.passage_documents import to_passage
from ingest.converted import ConvertedDocument
from ingest.guesses import Guesses, guess


@component
class FactGuesser:
    """Guesses title, kind, date, countries and HS codes (:mod:`ingest.guesses`)."""

    @component.output_types(guesses=Guesses, title=str)
    def run(
        self, converted: ConvertedDocument, documents: list[Document], file_name: str, title: str | None = None
    ) -> dict[str, Any]:
        """``title``: what somebody calls the document, where somebody does; it goes on in place of the guess."""
        guesses = guess(converted, [to_passage(document) for document in documents], file_name)
        return {"guesses": guesses, "title": title or guesses.title.value}
