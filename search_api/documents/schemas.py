"""How a document is told."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import Field

from corpus.documents import AudienceScope, Document, DocumentId, Kind, Organisation
from search_api.access.caller import Caller
from search_api.schemas import Answer


class OrganisationName(Answer):
    id: str = Field(examples=["cafe-alto"])
    name: str = Field(examples=["Café Alto S.A.S."])


class AudienceAnswer(Answer):
    scope: AudienceScope
    organisations: list[str] | None = Field(
        description="Told to the firm that owns the document alone; null for others, and for other scopes."
    )


class DocumentAnswer(Answer):
    """What is known of a document beside its text."""

    id: str = Field(examples=["06h0js21a6s6gepm"])
    url: str = Field(description="Opens it for whoever may see it.")
    title: str
    kind: Kind
    language: str | None = Field(description="Of most of it, ISO 639-1.")
    countries: list[str] = Field(description="ISO 3166-1 alpha-3.")
    sectors: list[str]
    hs_codes: list[str] = Field(description="Digits only.")
    published: date | None
    valid_until: date | None
    source: str | None
    organisation: OrganisationName = Field(description="The firm that shared it.")
    contributor: str | None = Field(description="The person who did; told to their own firm alone.")
    audience: AudienceAnswer
    draft: bool
    parent: str | None = Field(description="The message that it was attached to.")
    created: datetime
    updated: datetime


def document_url(address: str, document: DocumentId, passage: int | None = None) -> str:
    """Stable: it is what citations hold. ``passage`` is an ordinal."""
    return f"{address}/documents/{document}" + (f"?passage={passage}" if passage is not None else "")


def tell_document(document: Document, organisation: Organisation, caller: Caller, address: str) -> DocumentAnswer:
    """As the caller may know it: who else may see a document is its owner's business."""
    is_own = caller.principal.is_operator or caller.organisation == document.organisation
    names = sorted(document.audience.organisations) if is_own else []
    facts = document.facts
    return DocumentAnswer(
        id=document.id,
        url=document_url(address, document.id),
        title=facts.title,
        kind=facts.kind,
        language=facts.language,
        countries=list(facts.countries),
        sectors=list(facts.sectors),
        hs_codes=list(facts.hs_codes),
        published=facts.published,
        valid_until=facts.valid_until,
        source=facts.source,
        organisation=OrganisationName(id=organisation.id, name=organisation.name),
        contributor=document.contributor if is_own else None,
        audience=AudienceAnswer(scope=document.audience.scope, organisations=names or None),
        draft=document.draft,
        parent=document.parent,
        created=document.created,
        updated=document.updated,
    )
