"""The contract of the passage index, and the types that cross it.

The catalog is the truth and the index follows it: whatever is here can be made again from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from corpus.documents import DocumentId, OrganisationId
from corpus.embedding.embedder import Vector
from corpus.index.visibility import Visibility


@dataclass(frozen=True, slots=True)
class SparseVector:
    indices: NDArray[np.uint32]  # (n,), distinct
    values: NDArray[np.float32]  # (n,)


@dataclass(frozen=True, slots=True)
class DocumentPayload:
    """What the index knows of a document, repeated on each of its passages, for filters and facets."""

    organisation: OrganisationId
    audience: tuple[str, ...]  # tokens, see corpus.index.visibility
    kind: str
    countries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()  # digits; every prefix of 2, 4, 6 ... digits is matched as well
    published: date | None = None


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    id: int
    document_id: DocumentId
    version_id: int
    ordinal: int
    language: str
    dense: Vector  # language-neutral, L2-normalised
    sparse: SparseVector
    payload: DocumentPayload


@dataclass(frozen=True, slots=True)
class Filters:
    """Values of one field are alternatives; fields are combined with "and". Empty means any."""

    kinds: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    sectors: tuple[str, ...] = ()
    hs_codes: tuple[str, ...] = ()
    organisations: tuple[OrganisationId, ...] = ()
    published_from: date | None = None
    published_to: date | None = None  # inclusive
    documents: tuple[DocumentId, ...] = ()


class Facet(StrEnum):
    KIND = "kind"
    LANGUAGE = "language"
    COUNTRY = "countries"
    SECTOR = "sectors"
    HS_CODE = "hs_codes"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class IndexQuery:
    """One question to the index. A leg that is None is not searched."""

    visibility: Visibility
    dense: Vector | None
    sparse: SparseVector | None
    filters: Filters = Filters()
    limit: int = 100  # candidates of each leg


@dataclass(frozen=True, slots=True)
class WordsLeg:
    """What a question's words brought, before its meaning was known."""

    scores: Mapping[int, float]  # BM25 by passage, the best first
    changes: int  # how often what is found had changed until then
    number: int  # by which the index knows the question


class Candidate(NamedTuple):
    """A passage that either leg brought. The score of a leg is given for every candidate when that leg was asked.

    A tuple, since each search makes hundreds: a frozen dataclass takes four times as long.
    """

    passage_id: int
    document_id: DocumentId
    version_id: int
    language: str
    dense: float | None  # cosine
    sparse: float | None  # BM25; 0.0 where no word matches


@dataclass(frozen=True, slots=True)
class IndexManifest:
    """What an index was built with. An index built with another pack is refused with WrongModelPack."""

    format: int
    pack_name: str
    pack_digest: str
    dimensions: int
    projection_digest: str | None
    lexical_version: str  # of the BM25 encoding


class PassageIndex(Protocol):
    """One writer; any number of threads may search meanwhile.

    What returned survives the death of the process. It survives a power cut as well, :meth:`write` excepted: what was
    written does once it was published.
    """

    @property
    def manifest(self) -> IndexManifest: ...

    @property
    def projection(self) -> bytes | None:
        """The projection that the passages went through, as it was given at creation."""
        ...

    def write(self, passages: Sequence[IndexedPassage]) -> None:
        """Adds passages of versions that are not found yet: only :meth:`publish` lets a version be found."""
        ...

    def publish(self, document_id: DocumentId, version_id: int) -> None:
        """In one step for those who search: this version is found, the document's other versions are gone."""
        ...

    def withdraw(self, document_id: DocumentId) -> None:
        """The document is gone from the index. Doing it twice is no error."""
        ...

    def withdraw_versions(self, document_id: DocumentId, version_ids: Iterable[int]) -> None: ...

    def update(self, document_id: DocumentId, payload: DocumentPayload) -> None:
        """Audience or facts changed: effective for every search that starts after the return."""
        ...

    def search(self, query: IndexQuery, by_words: WordsLeg | None = None) -> list[Candidate]:
        """``by_words`` is what :meth:`by_words` answered to the same question: it saves work and changes no answer."""
        ...

    def by_words(self, query: IndexQuery) -> WordsLeg | None:
        """The words of a question, while its meaning is still being told. None where a question is asked whole."""
        ...

    def vectors(self, passage_ids: Sequence[int]) -> Mapping[int, Vector]:
        """The dense vectors of passages that a search brought. What is gone meanwhile is left out."""
        ...

    def facet(self, facet: Facet, visibility: Visibility, filters: Filters, limit: int = 50) -> Mapping[str, int]:
        """Counts of documents (not of passages) by value."""
        ...

    def count(self, visibility: Visibility, filters: Filters) -> int:
        """Counts documents."""
        ...

    def count_passages(self) -> int:
        """Counts the passages that may be found."""
        ...

    def versions(self) -> Mapping[DocumentId, Mapping[int, bool]]:
        """Every document and version that has points here, and whether it is published: to hold against the catalog."""
        ...

    def optimise(self) -> bool:
        """Builds what makes a grown index fast, while searching and writing go on. True where something was done."""
        ...

    def close(self) -> None: ...
