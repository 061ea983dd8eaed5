"""Sharing, reading and changing documents."""

from __future__ import annotations

import json
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Path, Query, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, Response
from pydantic import ValidationError

from corpus.errors import BadInput, NotFound
from ingest.limits import Limits
from search_api.access.errors import TooManyRequests
from search_api.access.principal import CurrentCaller
from search_api.documents import service as documents
from search_api.documents.details import (
    AudienceChange,
    DeletedAnswer,
    DocumentDetail,
    FactsBody,
    KnownCopy,
    NoteAnswer,
    NoteBody,
    NoteChange,
    SharedFacts,
    SimilarDocument,
    UploadAnswer,
    UploadedFile,
    VersionAnswer,
)
from search_api.documents.marks import PageMarks, page_marks
from search_api.documents.pages import page_image
from search_api.documents.receiving import Form, receive_form
from search_api.documents.rights import changeable, require_files, require_notes, visible
from search_api.documents.taking_in import (
    note_text,
    take_in,
    take_in_note,
    take_in_note_version,
    take_in_version,
)
from search_api.openapi import link, problems
from search_api.schemas import Cursor, OrganisationSlug, Page, PageSize
from search_api.service import Service, ServiceDep

router = APIRouter(tags=["documents"])

DocumentPath = Annotated[str, Path(min_length=1, max_length=32, pattern=r"^[0-9a-z]+$")]
FILES = {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1, "maxItems": 100}


_DOCUMENT, _JOB = "$response.body#/document", "$response.body#/job"
FROM_NOTE = {
    "note": link("get_note", document_id=_DOCUMENT),
    "newer": link("rewrite_note", document_id=_DOCUMENT),
    "document": link("get_document", document_id=_DOCUMENT),
    "deletion": link("delete_document", document_id=_DOCUMENT),
    "job": link("get_job", job_id=_JOB),
}


def _form(properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": ["file"], "properties": properties}
    return {
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {"schema": schema, "encoding": {"facts": {"contentType": "application/json"}}}
            },
        }
    }


UPLOAD = _form({"file": FILES, "facts": {"$ref": "#/components/schemas/SharedFacts"}})
VERSION = _form({"file": {"type": "string", "format": "binary"}})


@router.post("/uploads", status_code=202, openapi_extra=UPLOAD)
async def upload(request: Request, caller: CurrentCaller, service: ServiceDep) -> UploadAnswer:
    """Shares files: any number of parts `file`, and one part `facts` (JSON) with what is said of all of them.

    The answer comes when they are safe; jobs tell of the rest. Without facts they are the own firm's alone. Some files
    may be refused, each with its reason; where all are, the answer is the problem of the first one.
    """
    organisation = require_files(caller)
    form = await _receive(request, service)
    facts = _facts(form)
    return UploadAnswer(files=await run_in_threadpool(take_in, service, caller, organisation, form.files, facts))


@router.post("/uploads/{document_id}", status_code=202, openapi_extra=VERSION, responses=problems(404))
async def upload_version(
    document_id: DocumentPath, request: Request, caller: CurrentCaller, service: ServiceDep
) -> UploadedFile:
    """A new version of a document; the present one is found until the new one is ready."""
    require_files(caller)
    document = await run_in_threadpool(changeable, service, caller, document_id)
    form = await _receive(request, service)
    if len(form.files) != 1:
        raise BadInput("A version is one file.", code="bad_form", hint="Put it into a part `file`.")
    return await run_in_threadpool(take_in_version, service, caller, document, form.files[0])


async def _receive(request: Request, service: Service) -> Form:
    if not service.uploads.acquire(blocking=False):
        raise TooManyRequests("Too many uploads are under way.", wait=3, hint="Try again in a moment.")
    try:
        return await receive_form(
            request, service.library.originals, max_file=min(service.settings.max_upload_mib << 20, Limits().file_size)
        )
    finally:
        service.uploads.release()


def _facts(form: Form) -> SharedFacts:
    unknown = sorted(set(form.fields) - {"facts"})
    if unknown:
        raise BadInput(
            f"The form has a field {unknown[0][:50]!r}.", code="bad_form", hint="There are `file` and `facts`."
        )
    try:
        return SharedFacts.model_validate(json.loads(form.fields.get("facts") or "{}"))
    except ValidationError as error:
        errors = [{**each, "loc": ("body", "facts", *each["loc"])} for each in error.errors(include_url=False)]
        raise RequestValidationError(errors) from error
    except ValueError as error:
        raise BadInput("The part `facts` is no JSON.", code="bad_form") from error


@router.get("/documents")
def list_documents(
    caller: CurrentCaller,
    service: ServiceDep,
    own: Annotated[bool, Query(description="The own firm's alone, also those on their way.")] = False,
    mine: Annotated[bool, Query(description="What the caller contributed alone.")] = False,
    organisation: OrganisationSlug | None = None,
    title: Annotated[
        str | None, Query(max_length=200, description="Those with these words in their title, accents or not.")
    ] = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Page[DocumentDetail]:
    """What one may see, the newest first."""
    found = documents.page_of_documents(
        service, caller, own=own, mine=mine, organisation=organisation, title=title, before=cursor, limit=limit + 1
    )
    return Page(
        items=documents.tell_details(service, caller, found[:limit]),
        next_cursor=found[limit - 1].id if len(found) > limit else None,
    )


@router.get("/deleted-documents")
def list_deleted_documents(
    caller: CurrentCaller, service: ServiceDep, cursor: Cursor = None, limit: PageSize = 50
) -> Page[DeletedAnswer]:
    """What the own firm deleted and may still take back."""
    if caller.organisation is None:
        return Page(items=[], next_cursor=None)
    found = service.library.catalog.documents.deleted(caller.organisation, before=cursor, limit=limit + 1)
    return Page(
        items=[documents.tell_deleted(service, each) for each in found[:limit]],
        next_cursor=found[limit - 1].document.id if len(found) > limit else None,
    )


@router.get("/documents/{document_id}", responses=problems(404))
def get_document(document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep) -> DocumentDetail:
    document = visible(service, caller, document_id)
    service.recording.opened(caller, document)
    return documents.tell_detail(service, caller, document)


@router.patch("/documents/{document_id}", responses=problems(404))
def correct_document(
    document_id: DocumentPath, body: FactsBody, caller: CurrentCaller, service: ServiceDep
) -> DocumentDetail:
    """Corrects or confirms facts: those that are sent are no guesses any more; those left out stay."""
    return documents.tell_detail(service, caller, documents.correct(service, caller, document_id, body))


@router.put("/documents/{document_id}/audience", responses=problems(404))
def set_document_audience(
    document_id: DocumentPath, body: AudienceChange, caller: CurrentCaller, service: ServiceDep
) -> DocumentDetail:
    """Who may see it, and what was attached to it. Effective with the answer."""
    return documents.tell_detail(service, caller, documents.set_audience(service, caller, document_id, body))


@router.delete("/documents/{document_id}", responses=problems(404))
def delete_document(document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep) -> DeletedAnswer:
    """Gone for everybody with the answer, with what was attached to it. It may be taken back for a while."""
    return documents.delete(service, caller, document_id)


@router.post("/documents/{document_id}/restore", responses=problems(404))
def restore_document(document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep) -> DocumentDetail:
    """Takes a deletion back."""
    return documents.tell_detail(service, caller, documents.restore(service, caller, document_id))


@router.get("/documents/{document_id}/versions", responses=problems(404))
def list_document_versions(
    document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep
) -> list[VersionAnswer]:
    """The newest first; others than the own firm are told the present one alone."""
    return documents.versions(service, caller, document_id)


@router.get(
    "/documents/{document_id}/original",
    response_class=FileResponse,
    responses={
        200: {
            "description": "The file as it came, to be saved and not shown.",
            "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
        },
        **problems(404),
    },
)
def get_original(
    document_id: DocumentPath,
    caller: CurrentCaller,
    service: ServiceDep,
    version: Annotated[int | None, Query(ge=1, le=1_000_000, description="Else the present one.")] = None,
) -> FileResponse:
    found = documents.version_to_open(service, caller, document_id, version)
    service.recording.opened(caller, visible(service, caller, document_id))
    path = service.library.originals.path(found.sha256)
    if not path.is_file():
        raise NotFound("The original is no longer there.", code="no_original")
    ascii_name = "".join(
        char if (char.isascii() and char.isalnum()) or char in "-_. " else "_" for char in found.file_name
    )
    disposition = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(found.file_name, safe='')}"
    return FileResponse(
        path,
        media_type="application/octet-stream",
        headers={"Content-Disposition": disposition, "X-Media-Type": found.media_type, "Cache-Control": "no-store"},
    )


@router.get(
    "/documents/{document_id}/pages/{page}",
    response_class=Response,
    responses={
        200: {
            "description": "A picture of the page.",
            "content": {"image/png": {"schema": {"type": "string", "format": "binary"}}},
        },
        304: {"description": "The picture that is there already."},
        **problems(404),
    },
)
def get_page_image(
    document_id: DocumentPath,
    page: Annotated[int, Path(ge=1, le=100_000)],
    request: Request,
    caller: CurrentCaller,
    service: ServiceDep,
    width: Annotated[
        int, Query(ge=64, le=1920, description="Pixels, rounded up to 320, 640, 960, 1280 or 1920.")
    ] = 960,
) -> Response:
    """Of PDF documents."""
    version = documents.version_to_open(service, caller, document_id, None)
    tag = f'"{version.sha256[:16]}-{page}-{width}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(page_image(service, version, page, width), media_type="image/png", headers=headers)


@router.get("/documents/{document_id}/pages/{page}/marks", responses=problems(404))
def get_page_marks(
    document_id: DocumentPath,
    page: Annotated[int, Path(ge=1, le=100_000)],
    caller: CurrentCaller,
    service: ServiceDep,
    passage: Annotated[int, Query(ge=0, le=1_000_000, description="Its ordinal.")],
) -> PageMarks:
    """Where a passage stands on a page of a PDF document."""
    return page_marks(service, documents.version_to_open(service, caller, document_id, None), page, passage)


@router.get("/documents/{document_id}/similar", responses=problems(404, 503))
def list_similar_documents(
    document_id: DocumentPath,
    caller: CurrentCaller,
    service: ServiceDep,
    limit: Annotated[int, Query(ge=1, le=50)] = 5,
) -> list[SimilarDocument]:
    """Of what one may see, the nearest in meaning first, whatever their language."""
    return documents.similar(service, caller, document_id, limit)


@router.get("/documents/{document_id}/copies", responses=problems(404, 503))
def list_document_copies(document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep) -> list[KnownCopy]:
    """Documents with the same bytes or nearly the same words, of whichever firm, that one may see."""
    return documents.copies(service, caller, document_id)


@router.post("/notes", status_code=202, responses={202: {"links": FROM_NOTE}})
def write_note(body: NoteBody, caller: CurrentCaller, service: ServiceDep) -> UploadedFile:
    """Shares know-how written in Markdown; it is found a moment later."""
    return take_in_note(service, caller, require_notes(caller), body)


@router.get("/notes/{document_id}", responses=problems(404))
def get_note(document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep) -> NoteAnswer:
    """As it was written."""
    document, original = documents.note_original(service, caller, document_id)
    return NoteAnswer(document=document.id, title=document.facts.title, text=note_text(original))


@router.put("/notes/{document_id}", status_code=202, responses=problems(404))
def rewrite_note(
    document_id: DocumentPath, body: NoteChange, caller: CurrentCaller, service: ServiceDep
) -> UploadedFile:
    """A new version of a note."""
    document = documents.note_to_change(service, caller, document_id)
    title = body.title or document.facts.title
    if title != document.facts.title:
        documents.correct(service, caller, document_id, FactsBody(title=title))
    return take_in_note_version(service, caller, document, title, body.text)
