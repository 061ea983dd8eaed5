"""Who may do what to a document. What one may see is decided elsewhere; a role never widens it."""

from __future__ import annotations

from corpus.documents import Document, DocumentId
from corpus.errors import NotFound
from corpus.index.visibility import visible_to
from search_api.access.caller import Caller
from search_api.access.errors import NotAllowed
from search_api.service import Service


def may_contribute_files(caller: Caller) -> bool:
    """Coordinators, administrators of the organisation, and keys that contribute."""
    if caller.organisation is None:
        return False
    return caller.is_administrator or caller.is_coordinator or (caller.key is not None and caller.may_contribute)


def may_change(caller: Caller, document: Document) -> bool:
    """The firm's curators, and whoever contributed it."""
    if caller.organisation != document.organisation:
        return False
    return may_contribute_files(caller) or (caller.member is not None and document.contributor == caller.name)


def require_files(caller: Caller) -> str:
    """The organisation that the caller shares for. Raises NotAllowed."""
    if caller.organisation is None:
        raise NotAllowed("Documents belong to an organisation, and you have none.", code="no_organisation")
    if not may_contribute_files(caller):
        raise NotAllowed(
            "Files are shared by coordinators, and with keys that may contribute.",
            hint="Write a note, or ask a coordinator of your firm.",
        )
    return caller.organisation


def require_notes(caller: Caller) -> str:
    """The organisation that the caller writes for. Raises NotAllowed."""
    if caller.organisation is None or not caller.may_contribute:
        raise NotAllowed("Notes are written by members of an organisation, and with keys that may contribute.")
    return caller.organisation


def visible(service: Service, caller: Caller, document_id: DocumentId) -> Document:
    """Raises NotFound for what is not there, what the caller may not see, and what others have not finished."""
    document = service.library.catalog.documents.get(document_id, visible_to(caller.principal))
    if document.current_version is None and caller.organisation != document.organisation:
        raise NotFound(f"There is no document {document_id!r}.", code="unknown_document")
    return document


def changeable(service: Service, caller: Caller, document_id: DocumentId) -> Document:
    """Raises NotFound, and NotAllowed for what the caller may see and not change."""
    document = visible(service, caller, document_id)
    if not may_change(caller, document):
        raise NotAllowed("Only the firm that shared it may do this: its coordinators, and who contributed it.")
    return document
