"""What one question has read of the catalog, each thing once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId, Organisation, OrganisationId, StoredPassage
from corpus.index.bm25 import ids_of, term_ids
from corpus.index.passage_words import PassageWords, Terms
from corpus.index.terms import is_code, terms
from corpus.index.visibility import Visibility
from corpus.passage_text import embedding_text


class Read:
    """Passages, their terms, and their documents where these may be seen.

    Passages that are expected to be shown are read with those that are asked for first: asking costs more than a few
    passages. For one thread at a time.
    """

    def __init__(self, catalog: Catalog, visibility: Visibility, ahead: int) -> None:
        self._catalog = catalog
        self._visibility = visibility
        self._ahead = ahead
        self._expected: list[int] = []
        self._passages: dict[int, StoredPassage] = {}
        self._documents: dict[DocumentId, Document | None] = {}
        self._organisations: dict[OrganisationId, Organisation] = {}
        self._words: dict[int, PassageWords] = {}

    def expect(self, ids: Iterable[int]) -> None:
        """The first of these passages are read with the next."""
        self._expected = list(islice(ids, self._ahead))

    def whole(self, ids: Iterable[int]) -> None:
        """Reads passages with all that is needed to rank and to show them."""
        self.passages(ids)
        documents = self.documents({stored.document_id for stored in self._passages.values()})
        self.organisations(document.organisation for document in documents.values())

    def passages(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of them that are there, by id."""
        wanted = list(ids)
        if missing := [id_ for id_ in wanted if id_ not in self._passages]:
            self._passages |= self._catalog.passages.some({*missing, *self._expected} - self._passages.keys())
            self._expected = []
        return {id_: self._passages[id_] for id_ in wanted if id_ in self._passages}

    def documents(self, ids: Iterable[DocumentId]) -> dict[DocumentId, Document]:
        """Those of them that are there and may be seen, by id."""
        wanted = list(ids)
        if missing := [id_ for id_ in wanted if id_ not in self._documents]:
            self._documents |= dict.fromkeys(missing) | self._catalog.documents.some(missing, self._visibility)
        return {id_: document for id_ in wanted if (document := self._documents[id_])}

    def organisations(self, ids: Iterable[OrganisationId]) -> Mapping[OrganisationId, Organisation]:
        """These, and perhaps others."""
        if not self._organisations.keys() >= set(ids):
            self._organisations = {each.id: each for each in self._catalog.organisations.all()}
        return self._organisations

    def terms(self, ids: Iterable[int]) -> dict[int, Terms]:
        """The terms of those that are there, in reading order, by id."""
        return {id_: self.words(stored).terms for id_, stored in self.passages(ids).items()}

    def words(self, stored: StoredPassage) -> PassageWords:
        """As they were told when the passage was taken in; of one that an earlier release took in they are told now."""
        if (words := self._words.get(stored.id)) is None:
            passage = stored.passage
            words = PassageWords.from_bytes(stored.words) or PassageWords.of(passage.text, passage.language)
            self._words[stored.id] = words
        return words

    def has_every_word(self, id_: int, text: str) -> bool:
        """Whether every word of a question stands in a passage or its headings.

        Of a question with codes in it, every code: "HS 0901.21" is asked of a text that says "partida 0901.21".
        """
        if id_ not in self.passages([id_]):
            return False
        stored = self._passages[id_]
        passage = stored.passage
        wanted = set(terms(text, passage.language))
        missing = set(ids_of({term for term in wanted if is_code(term)} or wanted))
        if not missing:
            return False
        missing.difference_update(self.words(stored).terms.tolist())
        if missing and passage.heading_path:
            missing.difference_update(term_ids(embedding_text(None, passage), passage.language))
        return not missing
