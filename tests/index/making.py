"""Passages for the tests of the index, small enough to see through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np

from corpus.documents import Audience
from corpus.embedding.embedder import Vector
from corpus.index.protocol import DocumentPayload, IndexedPassage, IndexManifest, IndexQuery, SparseVector
from corpus.index.visibility import CLUSTER, Visibility, audience_tokens

DIMENSIONS = 8
OPERATOR = Visibility(None)
NOBODY = Visibility(frozenset())

MANIFEST = IndexManifest(
    format=1,
    pack_name="e5-small",
    pack_digest="a" * 64,
    dimensions=DIMENSIONS,
    projection_digest=None,
    lexical_version="bm25-1",
)


def member_of(organisation: str) -> Visibility:
    return Visibility(frozenset({CLUSTER, f"organisation:{organisation}"}))


def direction(axis: int, towards: float = 0.0) -> Vector:
    """A unit vector along an axis, turned a little to the next one."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[axis % DIMENSIONS] = 1.0
    vector[(axis + 1) % DIMENSIONS] = towards
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def words(*indices: int, weight: float = 1.0) -> SparseVector:
    return SparseVector(np.array(indices, dtype=np.uint32), np.full(len(indices), weight, dtype=np.float32))


def payload(
    owner: str = "cafe-norte",
    audience: Audience | None = None,
    kind: str = "know_how",
    countries: tuple[str, ...] = (),
    sectors: tuple[str, ...] = (),
    hs_codes: tuple[str, ...] = (),
    published: date | None = None,
) -> DocumentPayload:
    tokens = audience_tokens(owner, Audience.cluster() if audience is None else audience)
    return DocumentPayload(owner, tokens, kind, countries, sectors, hs_codes, published)


def passages(
    document: str,
    version: int,
    first_id: int,
    languages: Sequence[str] = ("es",),
    facts: DocumentPayload | None = None,
    axis: int = 0,
    terms: Sequence[int] = (1, 2),
) -> list[IndexedPassage]:
    """One passage a language given. Ids run on from ``first_id``."""
    return [
        IndexedPassage(
            id=first_id + ordinal,
            document_id=document,
            version_id=version,
            ordinal=ordinal,
            language=language,
            dense=direction(axis, towards=0.01 * ordinal),
            sparse=words(*terms),
            payload=payload() if facts is None else facts,
        )
        for ordinal, language in enumerate(languages)
    ]


def question(
    visibility: Visibility = OPERATOR, axis: int = 0, terms: Sequence[int] = (1,), limit: int = 100
) -> IndexQuery:
    return IndexQuery(visibility=visibility, dense=direction(axis), sparse=words(*terms), limit=limit)


def with_dense(passage: IndexedPassage, vector: Vector) -> IndexedPassage:
    return replace(passage, dense=vector)
