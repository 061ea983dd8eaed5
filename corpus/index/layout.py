"""How a passage lies in the index: its two vectors and its payload. The same embedded and on a server."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Final

from corpus.index.numbers import numbers_of
from corpus.index.protocol import DocumentPayload, Facet, IndexedPassage

DENSE: Final = "dense"
SPARSE: Final = "sparse"

DOCUMENT: Final = "document_id"
VERSION: Final = "version_id"
ORDINAL: Final = "ordinal"
LANGUAGE: Final = "language"
LANGUAGE_NUMBER: Final = "language_number"  # for filters
AUDIENCE: Final = "audience"  # tokens of corpus.index.visibility, as numbers
KIND: Final = "kind"
KIND_NUMBER: Final = "kind_number"  # for filters
COUNTRIES: Final = "countries"
SECTORS: Final = "sectors"
HS_CODES: Final = "hs_codes"
HS_PREFIXES: Final = "hs_prefixes"
ORGANISATION: Final = "organisation"
DAY: Final = "day"  # of publication, as a proleptic Gregorian ordinal
PUBLISHED: Final = "published"  # 1 on every passage of the version that is found
HEAD: Final = "head"  # 1 on the one passage that stands for its version in facets and counts
LANGUAGES: Final = "languages"  # of all passages of the version; on the head alone
SEQUENCE: Final = "sequence"  # on the head alone; the later of two publications has the greater


class FieldKind(StrEnum):
    KEYWORD = "keyword"
    LOOKUP = "lookup"  # an integer that is compared for equality
    RANGE = "range"  # an integer that is compared for order


PAYLOAD_INDEXES: Final[dict[str, FieldKind]] = {
    DOCUMENT: FieldKind.KEYWORD,
    VERSION: FieldKind.LOOKUP,
    LANGUAGE: FieldKind.KEYWORD,
    LANGUAGE_NUMBER: FieldKind.LOOKUP,
    AUDIENCE: FieldKind.LOOKUP,
    KIND: FieldKind.KEYWORD,
    KIND_NUMBER: FieldKind.LOOKUP,
    COUNTRIES: FieldKind.KEYWORD,
    SECTORS: FieldKind.KEYWORD,
    HS_CODES: FieldKind.KEYWORD,
    HS_PREFIXES: FieldKind.KEYWORD,
    ORGANISATION: FieldKind.KEYWORD,
    DAY: FieldKind.RANGE,
    PUBLISHED: FieldKind.LOOKUP,
    HEAD: FieldKind.LOOKUP,
    LANGUAGES: FieldKind.KEYWORD,
}

FACET_KEYS: Final[dict[Facet, str]] = {
    Facet.KIND: KIND,
    Facet.LANGUAGE: LANGUAGES,
    Facet.COUNTRY: COUNTRIES,
    Facet.SECTOR: SECTORS,
    Facet.HS_CODE: HS_CODES,
    Facet.ORGANISATION: ORGANISATION,
}

_SHORTEST_HS_PREFIX = 2  # a chapter of the Harmonized System


def document_fields(payload: DocumentPayload) -> dict[str, Any]:
    """What is repeated on every passage of a document. Every key is there, so that an update also empties."""
    return {
        ORGANISATION: payload.organisation,
        AUDIENCE: list(numbers_of(payload.audience)),
        KIND: payload.kind,
        KIND_NUMBER: numbers_of([payload.kind])[0],
        COUNTRIES: list(payload.countries),
        SECTORS: list(payload.sectors),
        HS_CODES: list(payload.hs_codes),
        HS_PREFIXES: hs_prefixes(payload.hs_codes),
        DAY: None if payload.published is None else day_of(payload.published),
    }


def passage_fields(passage: IndexedPassage) -> dict[str, Any]:
    """The whole payload of a passage that is written and not yet published."""
    return {
        DOCUMENT: passage.document_id,
        VERSION: passage.version_id,
        ORDINAL: passage.ordinal,
        LANGUAGE: passage.language,
        LANGUAGE_NUMBER: numbers_of([passage.language])[0],
        PUBLISHED: 0,
        HEAD: 0,
        **document_fields(passage.payload),
    }


def hs_prefixes(codes: tuple[str, ...]) -> list[str]:
    """Every code and all that it begins with, from the chapter down: a filter for a heading finds its subheadings."""
    return sorted(
        {code[:length] for code in codes for length in range(min(_SHORTEST_HS_PREFIX, len(code)), len(code) + 1)}
    )


def day_of(day: date) -> int:
    return day.toordinal()
