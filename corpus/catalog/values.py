"""From the types of the house to rows."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, delete, insert

from corpus.catalog.tables import document_tokens
from corpus.documents import Audience, DocumentFacts, DocumentId, OrganisationId
from corpus.index.visibility import audience_tokens

FACTS = ("title", "kind", "language", "countries", "sectors", "hs_codes", "published", "valid_until", "source")


def fact_values(facts: DocumentFacts) -> dict[str, Any]:
    values = {name: getattr(facts, name) for name in FACTS}
    return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


def audience_values(audience: Audience) -> dict[str, Any]:
    return {"audience_scope": audience.scope.value, "audience_organisations": sorted(audience.organisations)}


def put_tokens(
    connection: Connection, document: DocumentId, owner: OrganisationId, audience: Audience, draft: bool
) -> None:
    connection.execute(delete(document_tokens).where(document_tokens.c.document == document))
    connection.execute(
        insert(document_tokens),
        [{"document": document, "token": token} for token in audience_tokens(owner, audience, draft=draft)],
    )
