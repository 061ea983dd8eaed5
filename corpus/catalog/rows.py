"""From rows to the types of the house."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

from corpus.catalog.tables import documents, passages
from corpus.documents import (
    Audience,
    AudienceScope,
    Document,
    DocumentFacts,
    Failure,
    Kind,
    Organisation,
    Passage,
    Stage,
    StoredPassage,
    Version,
)

_OF_DOCUMENT = len(documents.c) - 1  # without the last, "deleted"
_OF_PASSAGE = len(passages.c)


def organisation(row: Row[Any]) -> Organisation:
    return Organisation(id=row.id, name=row.name, country=row.country, sectors=tuple(row.sectors))


def document(row: Row[Any]) -> Document:
    """Of a row that begins with the columns of ``documents``.

    Those that a search reads by the hundred are taken apart by place, which is twice as fast as by name.
    """
    (
        id_,
        organisation,
        contributor,
        parent,
        scope,
        organisations,
        draft,
        title,
        kind,
        language,
        countries,
        sectors,
        hs_codes,
        published,
        valid_until,
        source,
        _declared,
        current_version,
        _index_lags,
        created,
        updated,
    ) = row[:_OF_DOCUMENT]
    return Document(
        id=id_,
        organisation=organisation,
        audience=Audience(AudienceScope(scope), frozenset(organisations)),
        facts=DocumentFacts(
            title=title,
            kind=Kind(kind),
            language=language,
            countries=tuple(countries),
            sectors=tuple(sectors),
            hs_codes=tuple(hs_codes),
            published=published,
            valid_until=valid_until,
            source=source,
        ),
        created=created,
        updated=updated,
        current_version=current_version,
        contributor=contributor,
        parent=parent,
        draft=draft,
    )


def version(row: Row[Any]) -> Version:
    failure = None
    if row.failure_code is not None:
        failure = Failure(row.failure_code, row.failure_message or "", row.failure_hint)
    return Version(
        id=row.id,
        document_id=row.document,
        number=row.number,
        sha256=row.sha256,
        size=row.size,
        media_type=row.media_type,
        file_name=row.file_name,
        stage=Stage(row.stage),
        created=row.created,
        pages=row.pages,
        passages=row.passages,
        failure=failure,
        warnings=tuple(row.warnings),
    )


def passage(row: Row[Any]) -> StoredPassage:
    """Of a row that begins with the columns of ``passages``."""
    id_, document, version, ordinal, text, language, headings, first, last, place, is_table, words = row[:_OF_PASSAGE]
    return StoredPassage(
        id=id_,
        document_id=document,
        version_id=version,
        passage=Passage(
            ordinal=ordinal,
            text=text,
            language=language,
            heading_path=tuple(headings),
            first_page=first,
            last_page=last,
            place=place,
            is_table=is_table,
        ),
        words=words,
    )
