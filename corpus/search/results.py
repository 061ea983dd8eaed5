"""What is asked of search, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.documents import Document, Organisation, OrganisationId, Principal, StoredPassage
from corpus.index.protocol import Facet, Filters
from corpus.search.query import Operator


class Mode(StrEnum):
    HYBRID = "hybrid"
    SEMANTIC = "semantic"
    KEYWORD = "keyword"


class Order(StrEnum):
    RELEVANCE = "relevance"
    DATE = "date"  # the newest first, among what is relevant


@dataclass(frozen=True, slots=True)
class SearchRequest:
    text: str
    principal: Principal
    filters: Filters = Filters()
    mode: Mode = Mode.HYBRID
    order: Order = Order.RELEVANCE
    limit: int = 10  # documents
    offset: int = 0
    passages_per_document: int = 3
    with_facets: bool = True
    only_relevant: bool = True  # leaves out what is near and no answer; False ranks that as well, for evaluation


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of the passage's text, in characters: ``text[start:end]``."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Why:
    """Which of words and meaning brought a passage."""

    words: tuple[str, ...]  # of the question, or what they are called in the passage's language, that stand in it
    meaning: float | None  # cosine between the neutral vectors; None where meaning was not asked
    by_words: bool
    by_meaning: bool


@dataclass(frozen=True, slots=True)
class PassageHit:
    stored: StoredPassage
    score: float  # comparable within one answer only
    why: Why
    highlights: tuple[Highlight, ...]


@dataclass(frozen=True, slots=True)
class DocumentHit:
    document: Document
    organisation: Organisation
    score: float  # of its best passage
    passages: tuple[PassageHit, ...]  # the best first
    in_another_language: bool  # than the question


@dataclass(frozen=True, slots=True)
class SearchResults:
    language: str | None  # of the question, where it could be told
    hits: tuple[DocumentHit, ...]
    total: int  # relevant documents, of which ``hits`` is one page
    facets: Mapping[Facet, Mapping[str, int]]  # counts of relevant documents
    organisations: Mapping[OrganisationId, Organisation]  # all that hits and facets name
    nothing_found: bool  # nothing in what the asker may see is relevant: an honest answer, not an error
    milliseconds: Mapping[str, float] = field(default_factory=dict)  # by stage: embed, index, fuse, fetch
    operators: tuple[Operator, ...] = ()  # what of the question was read as more than words
