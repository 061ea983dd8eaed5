"""How a passage lies in the index: its two vectors and its payload. The same embedded and on a server."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any, Final

from corpus.index.protocol import DocumentPayload, Facet, IndexedPassage
from corpus.index.visibility import token_numbers

DENSE: Final = "dense"
SPARSE: Final = "sparse"

DOCUMENT: Final = "document_id"
VERSION: Final = "version_id"
ORDINAL: Final = "ordinal"
LANGUAGE: Final = "language"
AUDIENCE: Final = "audience"  # tokens as numbers, see corpus.index.visibility
KIND: Final = "kind"
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
    AUDIENCE: FieldKind.LOOKUP,
    KIND: FieldKind.KEYWORD,
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
        AUDIENCE: list(token_numbers(payload.audience)),
        KIND: payload.kind,
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
