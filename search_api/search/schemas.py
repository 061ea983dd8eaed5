"""What the search endpoints take and give."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from corpus.documents import Kind
from corpus.index.protocol import Facet, Filters
from corpus.search.filters import MAX_VALUES, read_filters
from corpus.search.results import Mode, Order
from search_api.documents.schemas import DocumentAnswer
from search_api.schemas import Answer, Body, Verdict

LONGEST_QUERY = 4000  # characters
DEEPEST = 1000  # documents

Value = Annotated[str, StringConstraints(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]


class FiltersBody(Body):
    """Values of one field are alternatives; fields are combined with "and". Left out is any."""

    kinds: list[Kind] = Field(default_factory=list, max_length=10)
    languages: list[Value] = Field(default_factory=list, max_length=MAX_VALUES, examples=[["es", "pt"]])
    countries: list[Value] = Field(default_factory=list, max_length=MAX_VALUES, examples=[["CHN"]])
    sectors: list[Value] = Field(default_factory=list, max_length=MAX_VALUES, examples=[["coffee"]])
    hs_codes: list[Value] = Field(default_factory=list, max_length=MAX_VALUES, examples=[["0901"]])
    organisations: list[Value] = Field(default_factory=list, max_length=MAX_VALUES, examples=[["cafe-alto"]])
    published_from: date | None = None
    published_to: date | None = Field(default=None, description="Inclusive.")
    documents: list[Value] = Field(default_factory=list, max_length=MAX_VALUES)

    def read(self) -> Filters:
        """Raises BadInput that names the field."""
        return read_filters(
            kinds=[kind.value for kind in self.kinds],
            languages=self.languages,
            countries=self.countries,
            sectors=self.sectors,
            hs_codes=self.hs_codes,
            organisations=self.organisations,
            published_from=self.published_from,
            published_to=self.published_to,
            documents=self.documents,
        )


class SearchOptions(Body):
    mode: Mode = Field(default=Mode.HYBRID, description="By meaning and by word, or by one of them.")
    order: Order = Order.RELEVANCE
    limit: int = Field(default=10, ge=1, le=50, description="Documents.")
    offset: int = Field(default=0, ge=0, le=DEEPEST)
    passages_per_document: int = Field(default=3, ge=1, le=10)
    facets: bool = True
    explain: bool = Field(default=False, description="Tell how long each stage took.")


class SearchBody(SearchOptions):
    query: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUERY)] = Field(
        examples=["¿Qué papeles pide la aduana china para el café?"]
    )
    filters: FiltersBody = Field(default_factory=FiltersBody)


class HighlightAnswer(Answer):
    """A stretch of the passage's text, in characters (code points): ``text[start:end]``."""

    start: int
    end: int


class WhyAnswer(Answer):
    by_words: bool
    by_meaning: bool
    words: list[str] = Field(description="In the passage: of the question, or what these are called in its language.")
    meaning: float | None = Field(description="Cosine; null where meaning was not asked.")


class PassageAnswer(Answer):
    """A stretch of a document's text."""

    id: int
    ordinal: int = Field(description="0, 1, 2 ... in reading order.")
    text: str = Field(description="Plain text, never markup.")
    language: str
    heading_path: list[str]
    first_page: int | None
    last_page: int | None
    place: str | None = Field(description="Where there are no pages: a sheet and its rows.")
    is_table: bool


class PassageHitAnswer(PassageAnswer):
    url: str = Field(description="Opens the document at this passage.")
    score: float = Field(description="Comparable within one answer only.")
    highlights: list[HighlightAnswer]
    why: WhyAnswer
    verdict: Verdict | None = Field(description="What you said of it as an answer to this question; nobody else's.")


class DocumentHitAnswer(Answer):
    document: DocumentAnswer
    score: float
    in_another_language: bool = Field(description="Than the question.")
    passages: list[PassageHitAnswer] = Field(description="The best first.")
    verdict: Verdict | None = Field(description="What you said of the document as a whole; nobody else's.")


class FacetValue(Answer):
    value: str
    label: str = Field(description="The firm's name; else the value.")
    count: int = Field(description="Relevant documents.")


class OperatorAnswer(Answer):
    """A stretch of the question that was read as more than words: ``query[start:end]``, in characters."""

    kind: Literal[
        "phrase",
        "left_out",
        "kinds",
        "languages",
        "countries",
        "sectors",
        "hs_codes",
        "organisations",
        "published_from",
        "published_to",
    ] = Field(description="A phrase that has to stand there, what must not, or the filter that it sets.")
    value: str
    start: int
    end: int
    applied: bool = Field(description="False of a phrase that stands nowhere: its words were searched for instead.")


class SearchAnswer(Answer):
    language: str | None = Field(description="Of the question, where it could be told.")
    total: int = Field(description="Relevant documents, of which `hits` is one page.")
    nothing_found: bool
    operators: list[OperatorAnswer] = Field(
        description='How the question was read: `company:acme`, `-word`, `"as is"`.'
    )
    hits: list[DocumentHitAnswer]
    facets: dict[Facet, list[FacetValue]]
    milliseconds: dict[str, float] | None = Field(description="By stage, where `explain` was asked.")


class PassagesAnswer(Answer):
    """Passages of one document in reading order."""

    document: DocumentAnswer
    passages: list[PassageAnswer]
    total: int = Field(description="Passages of the document.")


class Suggestion(Answer):
    text: str
    kind: Literal["query", "title", "heading", "spelling"] = Field(
        description="What many ask, a document's title, a heading; what was typed, with its mistakes mended."
    )
    document: str | None = Field(description="Where it stands: a document's id, of titles and headings.")
