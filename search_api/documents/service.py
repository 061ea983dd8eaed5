"""Documents: reading, correcting, who may see them, deleting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal, cast

from corpus.catalog.documents import Deleted
from corpus.catalog.values import FACTS
from corpus.documents import Document, DocumentId, Stage, Version
from corpus.errors import BadInput, NotFound
from corpus.index.visibility import visible_to
from search_api.access.caller import Caller
from search_api.access.errors import NotAllowed
from search_api.documents.details import (
    Attached,
    AudienceChange,
    DeletedAnswer,
    DocumentDetail,
    FactsBody,
    FileAnswer,
    KnownCopy,
    SimilarDocument,
    VersionAnswer,
)
from search_api.documents.rights import changeable, may_change, visible
from search_api.documents.schemas import tell_document
from search_api.documents.taking_in import NOTE_KEY, exact_copies, read_audience, tell_copy
from search_api.jobs.schemas import FailureAnswer, tell_job
from search_api.service import Service

PDF = "application/pdf"


def page_of_documents(
    service: Service,
    caller: Caller,
    *,
    own: bool,
    mine: bool,
    organisation: str | None,
    title: str | None,
    before: DocumentId | None,
    limit: int,
) -> list[Document]:
    """The newest first. One's own firm's also while they are on their way; others' when they are found."""
    if own or mine:
        if caller.organisation is None:
            return []
        organisation = caller.organisation
    return service.library.catalog.documents.page(
        visible_to(caller.principal),
        organisation=organisation,
        before=before,
        only_found=organisation is None or organisation != caller.organisation,
        contributor=caller.name if mine else None,
        title=title,
        limit=limit,
    )


def tell_details(service: Service, caller: Caller, some: Sequence[Document]) -> list[DocumentDetail]:
    catalog = service.library.catalog
    names = {one.id: one for one in catalog.organisations.all()}
    jobs = catalog.jobs.latest_of([each.id for each in some if each.organisation == caller.organisation])
    details = []
    for document in some:
        plain = tell_document(document, names[document.organisation], caller, service.settings.address)
        declared = catalog.documents.declared(document.id)
        job = jobs.get(document.id)
        state: Literal["ready", "processing", "failed"] = "ready"
        if document.current_version is None:
            state = "failed" if job is not None and job.version.stage is Stage.FAILED else "processing"
        details.append(
            DocumentDetail(
                **plain.model_dump(),
                state=state,
                guessed=[name for name in FACTS if name not in declared and getattr(document.facts, name)],
                file=_file(service, document),
                attachments=_attachments(service, caller, document),
                may_change=may_change(caller, document),
                is_note=is_note(service, document),
                job=None if job is None else tell_job(job),
            )
        )
    return details


def tell_detail(service: Service, caller: Caller, document: Document) -> DocumentDetail:
    return tell_details(service, caller, [document])[0]


def correct(service: Service, caller: Caller, document_id: DocumentId, body: FactsBody) -> Document:
    """What was said is no guess any more. Raises NotFound, NotAllowed."""
    document = changeable(service, caller, document_id)
    said = body.said()
    if not said:
        return document
    facts = replace(document.facts, **cast("dict[str, Any]", said))
    changed = service.library.set_facts(document.id, facts, said)
    detail = {"facts": " ".join(sorted(said))}
    service.library.catalog.audit.add(
        caller.did("document.corrected", "document", document.id, document.organisation, detail)
    )
    return changed


def set_audience(service: Service, caller: Caller, document_id: DocumentId, body: AudienceChange) -> Document:
    """On return nobody finds it who may no longer see it. Raises NotFound, NotAllowed, BadInput."""
    document = changeable(service, caller, document_id)
    audience = read_audience(service, body.read())
    changed = service.library.set_audience(document.id, audience, draft=body.draft)
    detail = {"audience": "draft" if body.draft else audience.scope.value}
    service.library.catalog.audit.add(
        caller.did("document.audience", "document", document.id, document.organisation, detail)
    )
    return changed


def delete(service: Service, caller: Caller, document_id: DocumentId) -> DeletedAnswer:
    """On return it is gone for everybody; it may be taken back for a while. Raises NotFound, NotAllowed."""
    document = changeable(service, caller, document_id)
    service.library.hide(document.id)
    service.library.catalog.audit.add(caller.did("document.deleted", "document", document.id, document.organisation))
    return tell_deleted(service, service.library.catalog.documents.get_deleted(document.id, document.organisation))


def restore(service: Service, caller: Caller, document_id: DocumentId) -> Document:
    """Raises NotFound where it is gone for good, NotAllowed."""
    deleted = service.library.catalog.documents.get_deleted(document_id, caller.organisation)
    if not may_change(caller, deleted.document):
        raise NotAllowed("Only coordinators, and who contributed it, may take this back.")
    service.library.restore(document_id)
    service.ingestion.wake()
    service.library.catalog.audit.add(
        caller.did("document.restored", "document", document_id, deleted.document.organisation)
    )
    return visible(service, caller, document_id)


def tell_deleted(service: Service, deleted: Deleted) -> DeletedAnswer:
    return DeletedAnswer(
        id=deleted.document.id,
        title=deleted.document.facts.title,
        deleted=deleted.at,
        restorable_until=deleted.at + timedelta(hours=service.settings.undo_hours),
    )


def versions(service: Service, caller: Caller, document_id: DocumentId) -> list[VersionAnswer]:
    """All of them for the own firm; for others the one that is found. The newest first."""
    document = visible(service, caller, document_id)
    is_own = caller.organisation == document.organisation
    return [
        VersionAnswer(
            number=version.number,
            file_name=version.file_name,
            media_type=version.media_type,
            size=version.size,
            pages=version.pages,
            passages=version.passages,
            stage=version.stage,
            current=version.id == document.current_version,
            failure=None if version.failure is None or not is_own else FailureAnswer.of(version.failure),
            created=version.created,
            job=version.id if is_own else None,  # a number that counts what the whole cluster takes in
        )
        for version in service.library.catalog.documents.versions(document_id)
        if is_own or version.id == document.current_version
    ]


def version_to_open(service: Service, caller: Caller, document_id: DocumentId, number: int | None) -> Version:
    """The version that is found, or for the own firm any; while none is found, the newest. Raises NotFound."""
    document = visible(service, caller, document_id)
    is_own = caller.organisation == document.organisation
    found = service.library.catalog.documents.versions(document_id)
    for version in found:
        is_current = version.id == document.current_version
        if number is None:
            if is_current or (document.current_version is None and is_own):
                return version
        elif version.number == number and (is_own or is_current):
            return version
    raise NotFound(f"Document {document_id!r} has no version {number}.", code="unknown_version")


def similar(service: Service, caller: Caller, document_id: DocumentId, limit: int) -> list[SimilarDocument]:
    document = visible(service, caller, document_id)
    found = service.library.similarity.similar(document, caller.principal, limit)
    names = {one.id: one for one in service.library.catalog.organisations.all()}
    return [
        SimilarDocument(
            document=tell_document(each.document, names[each.document.organisation], caller, service.settings.address),
            score=each.score,
        )
        for each in found
    ]


def copies(service: Service, caller: Caller, document_id: DocumentId) -> list[KnownCopy]:
    """Documents with the same bytes or nearly the same words, as far as the caller may see them."""
    document = visible(service, caller, document_id)
    version = version_to_open(service, caller, document_id, None)
    exact = exact_copies(service, caller, version.sha256, but=document_id)
    known = {copy.document for copy in exact}
    near = service.library.similarity.near_copies(document, caller.principal)
    return exact + [
        tell_copy(service, each.document, each.score, exact=False) for each in near if each.document.id not in known
    ]


def is_note(service: Service, document: Document) -> bool:
    return any(key.startswith(NOTE_KEY) for key in service.library.catalog.arrivals.keys_of(document.id))


def note_to_change(service: Service, caller: Caller, document_id: DocumentId) -> Document:
    """Raises NotFound, NotAllowed, BadInput for a document that is a file."""
    document = changeable(service, caller, document_id)
    _require_note(service, document)
    return document


def _require_note(service: Service, document: Document) -> None:
    if not is_note(service, document):
        raise BadInput("This document is a file, not a note.", code="no_note", hint="Upload a new version of it.")


def note_original(service: Service, caller: Caller, document_id: DocumentId) -> tuple[Document, bytes]:
    document = visible(service, caller, document_id)
    _require_note(service, document)
    is_own = caller.organisation == document.organisation
    newest = service.library.catalog.documents.versions(document_id)[0].number if is_own else None
    version = version_to_open(service, caller, document_id, newest)
    return document, service.library.originals.path(version.sha256).read_bytes()


def _file(service: Service, document: Document) -> FileAnswer | None:
    if document.current_version is None:
        return None
    for version in service.library.catalog.documents.versions(document.id):
        if version.id == document.current_version:
            return FileAnswer(
                version=version.number,
                file_name=version.file_name,
                media_type=version.media_type,
                size=version.size,
                pages=version.pages,
                passages=version.passages,
                has_page_images=version.media_type == PDF,
            )
    return None


def _attachments(service: Service, caller: Caller, document: Document) -> list[Attached]:
    catalog = service.library.catalog
    children = catalog.documents.some(catalog.documents.children(document.id), visible_to(caller.principal))
    return [
        Attached(id=child.id, title=child.facts.title)
        for child in sorted(children.values(), key=lambda each: each.id)
        if child.current_version is not None or caller.organisation == child.organisation
    ]
