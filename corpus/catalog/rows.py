"""From rows to the types of the house."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Row

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


def organisation(row: Row[Any]) -> Organisation:
    return Organisation(id=row.id, name=row.name, country=row.country, sectors=tuple(row.sectors))


def document(row: Row[Any]) -> Document:
    return Document(
        id=row.id,
        organisation=row.organisation,
        audience=Audience(AudienceScope(row.audience_scope), frozenset(row.audience_organisations)),
        facts=DocumentFacts(
            title=row.title,
            kind=Kind(row.kind),
            language=row.language,
            countries=tuple(row.countries),
            sectors=tuple(row.sectors),
            hs_codes=tuple(row.hs_codes),
            published=row.published,
            valid_until=row.valid_until,
            source=row.source,
        ),
        created=row.created,
        updated=row.updated,
        current_version=row.current_version,
        contributor=row.contributor,
        parent=row.parent,
        draft=row.draft,
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
    return StoredPassage(
        id=row.id,
        document_id=row.document,
        version_id=row.version,
        passage=Passage(
            ordinal=row.ordinal,
            text=row.text,
            language=row.language,
            heading_path=tuple(row.heading_path),
            first_page=row.first_page,
            last_page=row.last_page,
            place=row.place,
            is_table=row.is_table,
        ),
    )
