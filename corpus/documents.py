"""The words of the house as types: documents, versions, passages, organisations, audiences, and who asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType

from corpus.errors import BadInput

OrganisationId = str
"""The organisation's slug: lower-case ASCII letters, digits and hyphens."""

DocumentId = str


NOT_TOLD: Mapping[str, bool] = MappingProxyType({"told": False})
"""Of a field that is the machine's own, and shown to nobody."""


class Kind(StrEnum):
    MARKET_REPORT = "market_report"
    TRADE_AGREEMENT = "trade_agreement"
    KNOW_HOW = "know_how"
    OTHER = "other"


class AudienceScope(StrEnum):
    CLUSTER = "cluster"
    ORGANISATIONS = "organisations"
    OWNER = "owner"


@dataclass(frozen=True, slots=True)
class Audience:
    """Who may see a document, its owner always included."""

    scope: AudienceScope
    organisations: frozenset[OrganisationId] = frozenset()

    def __post_init__(self) -> None:
        if (self.scope is AudienceScope.ORGANISATIONS) != bool(self.organisations):
            raise BadInput(
                f"An audience of scope {self.scope.value!r} cannot name {len(self.organisations)} organisations.",
                code="bad_audience",
                hint="Name organisations with the scope 'organisations', and only with it.",
            )

    @classmethod
    def cluster(cls) -> Audience:
        return cls(AudienceScope.CLUSTER)

    @classmethod
    def owner(cls) -> Audience:
        return cls(AudienceScope.OWNER)

    @classmethod
    def of(cls, *organisations: OrganisationId) -> Audience:
        return cls(AudienceScope.ORGANISATIONS, frozenset(organisations))


@dataclass(frozen=True, slots=True)
class Organisation:
    """A member firm of the cluster."""

    id: OrganisationId
    name: str
    country: str | None = None  # ISO 3166-1 alpha-3
    sectors: tuple[str, ...] = ()


class Role(StrEnum):
    ADMINISTRATOR = "administrator"
    COORDINATOR = "coordinator"
    MEMBER = "member"
    CHATBOT = "chatbot"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks. What one may see follows from the organisation alone: no role widens it.

    The operator, who holds the data folder in their hands, is the one principal that sees everything; only the
    command line makes one.
    """

    organisation: OrganisationId | None
    role: Role = Role.MEMBER
    is_operator: bool = False

    @classmethod
    def operator(cls) -> Principal:
        return cls(organisation=None, role=Role.ADMINISTRATOR, is_operator=True)


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What is known of a document beside its text."""

    title: str
    kind: Kind = Kind.OTHER
    language: str | None = None  # ISO 639-1, the language of most of its passages
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-3, what it is about
    sectors: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()  # digits only: "090121"
    published: date | None = None
    valid_until: date | None = None
    source: str | None = None


class Stage(StrEnum):
    """Where a version of a document is on its way."""

    QUEUED = "queued"
    CONVERTING = "converting"
    EMBEDDING = "embedding"
    INDEXING = "indexing"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Failure:
    code: str  # encrypted, corrupt, empty, too_large, unsupported_type, timed_out, no_text ...
    message: str
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """One state of a document's bytes."""

    id: int
    document_id: DocumentId
    number: int  # 1, 2, 3 ...
    sha256: str  # of the original
    size: int  # bytes
    media_type: str
    file_name: str  # data, never a path
    stage: Stage
    created: datetime
    pages: int | None = None
    passages: int | None = None
    failure: Failure | None = None
    warnings: tuple[str, ...] = ()  # what conversion left out, a sentence each


@dataclass(frozen=True, slots=True)
class Document:
    id: DocumentId
    organisation: OrganisationId
    audience: Audience
    facts: DocumentFacts
    created: datetime
    updated: datetime
    current_version: int | None  # the version that is found; None until the first is ready
    contributor: str | None = None
    parent: DocumentId | None = None  # the message that an attachment came with
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a version's text that is embedded and found as one."""

    ordinal: int  # 0, 1, 2 ... in reading order
    text: str
    language: str  # ISO 639-1
    heading_path: tuple[str, ...] = ()
    first_page: int | None = None  # 1-based; the slide of a presentation
    last_page: int | None = None
    place: str | None = None  # where there are no pages: a sheet and its rows
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class StoredPassage:
    """A passage as the catalog keeps it. ``id`` is its point in the index as well."""

    id: int
    document_id: DocumentId
    version_id: int
    passage: Passage = field(repr=False)
    words: bytes | None = field(default=None, repr=False, metadata=NOT_TOLD)  # as corpus.index.passage_words keeps them
