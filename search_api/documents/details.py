"""A document with all that is told of it on its own page, and what is sent to change it."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from corpus.catalog.arrivals import Outcome
from corpus.documents import Audience, AudienceScope, Kind, Stage
from search_api.documents.schemas import DocumentAnswer, OrganisationName
from search_api.jobs.schemas import FailureAnswer, JobAnswer
from search_api.schemas import Answer, Body, OrganisationSlug

LONGEST_NOTE = 200_000  # characters


def _hs(code: str) -> str:
    digits = re.sub(r"[\s.\-]", "", code)
    if not re.fullmatch(r"[0-9]{2}|[0-9]{4}|[0-9]{6,12}", digits):
        raise ValueError("it is no HS code: give its first 2, 4 or 6 and more digits")
    return digits


Title = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Source = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Sector = Annotated[
    str,
    StringConstraints(
        strip_whitespace=True, to_lower=True, min_length=1, max_length=50, pattern=r"^[^\x00-\x1f\x7f]+$"
    ),
]
HsCode = Annotated[str, StringConstraints(min_length=2, max_length=20), AfterValidator(_hs)]
Markdown = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_NOTE, pattern=r"^[^\x00]*$")]


class AudienceBody(Body):
    scope: AudienceScope = Field(description="The whole cluster, named organisations, or the owner alone.")
    organisations: list[OrganisationSlug] = Field(
        default_factory=list, max_length=200, description="With the scope `organisations`, and only with it."
    )

    @model_validator(mode="after")
    def _names_organisations_where_it_should(self) -> AudienceBody:
        if (self.scope is AudienceScope.ORGANISATIONS) != bool(self.organisations):
            raise ValueError("name organisations with the scope 'organisations', and only with it")
        return self

    def read(self) -> Audience:
        return Audience(self.scope, frozenset(self.organisations))


class AudienceChange(AudienceBody):
    draft: bool = Field(default=False, description="As long as it is true, the owner alone sees the document.")


class FactsBody(Body):
    """What a person says of a document. What is left out is guessed, or stays; null says that there is none."""

    title: Title | None = None
    kind: Kind | None = None
    language: Language | None = None
    countries: list[Country] | None = Field(default=None, max_length=50)
    sectors: list[Sector] | None = Field(default=None, max_length=50)
    hs_codes: list[HsCode] | None = Field(default=None, max_length=100)
    published: date | None = None
    valid_until: date | None = None
    source: Source | None = None

    @model_validator(mode="after")
    def _has_what_every_document_has(self) -> FactsBody:
        for name in ("title", "kind"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"a document has a {name}")
        return self

    def said(self) -> dict[str, object]:
        """The facts that were given, as a document's facts hold them."""
        values: dict[str, object] = {}
        for name in FACTS:
            if name in self.model_fields_set:
                value = getattr(self, name)
                values[name] = tuple(dict.fromkeys(value or ())) if name in LISTS else value
        return values


LISTS = frozenset({"countries", "sectors", "hs_codes"})
FACTS = ("title", "kind", "language", "countries", "sectors", "hs_codes", "published", "valid_until", "source")


class SharedFacts(FactsBody):
    """What is said of all files of an upload; the title only where it is one file."""

    audience: AudienceBody = Field(default_factory=lambda: AudienceBody(scope=AudienceScope.OWNER))
    draft: bool = False


class NoteBody(SharedFacts):
    title: Title
    kind: Kind = Kind.KNOW_HOW
    text: Markdown = Field(description="Markdown.")


class NoteChange(Body):
    title: Title | None = None
    text: Markdown = Field(description="Markdown.")


class NoteAnswer(Answer):
    document: str
    title: str
    text: str = Field(description="Markdown as it was written.")


class KnownCopy(Answer):
    """A document with the same content that the caller may see."""

    document: str
    url: str
    title: str
    organisation: OrganisationName
    share: float = Field(description="Of the text that is found there as well, 0 to 1.", ge=0, le=1)
    exact: bool = Field(description="The very same bytes.")


class UploadedFile(Answer):
    """What became of one file."""

    file_name: str
    outcome: Outcome | Literal["refused"] = Field(
        description="`added` and `new_version` are queued; `duplicate` and `unchanged` are there already."
    )
    document: str | None = Field(description="Null where it was refused.")
    job: int | None
    size: int | None
    media_type: str | None
    failure: FailureAnswer | None
    copies: list[KnownCopy] = Field(description="The same file, shared by others, that you may see.")


class UploadAnswer(Answer):
    files: list[UploadedFile]


class FileAnswer(Answer):
    """The original of a version."""

    version: int
    file_name: str
    media_type: str
    size: int
    pages: int | None
    passages: int | None
    has_page_images: bool


class Attached(Answer):
    id: str
    title: str


class DocumentDetail(DocumentAnswer):
    """A document on its own page."""

    state: Literal["ready", "processing", "failed"] = Field(
        description="Failed and processing documents are told to their own firm alone."
    )
    guessed: list[str] = Field(description="Facts that nobody said or confirmed: read from the text.")
    file: FileAnswer | None = Field(description="Of the version that is found.")
    attachments: list[Attached]
    may_change: bool
    is_note: bool
    job: JobAnswer | None = Field(description="Of the newest version; told to the own firm alone.")


class VersionAnswer(Answer):
    number: int
    file_name: str
    media_type: str
    size: int
    pages: int | None
    passages: int | None
    stage: Stage
    current: bool
    failure: FailureAnswer | None
    created: datetime
    job: int | None = Field(description="Told to the own firm alone.")


class DeletedAnswer(Answer):
    id: str
    title: str
    deleted: datetime
    restorable_until: datetime


class SimilarDocument(Answer):
    document: DocumentAnswer
    score: float = Field(description="Cosine of the two documents' mean vectors.")
