"""From bytes that came in to documents that are queued."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePath

from corpus.catalog.arrivals import Arrival, Outcome, Registered
from corpus.catalog.identity import new_id
from corpus.documents import Audience, Document, DocumentFacts, Failure, Kind, OrganisationId
from corpus.errors import BadInput, DocumentError, NotFound
from corpus.index.visibility import visible_to
from corpus.originals import Original
from ingest.formats.registry import format_of
from ingest.formats.unreadable import refusal
from ingest.media_type import UNKNOWN, media_type_of
from search_api.access.caller import Caller
from search_api.documents.details import KnownCopy, NoteBody, SharedFacts, UploadedFile
from search_api.documents.receiving import ReceivedFile
from search_api.documents.schemas import OrganisationName, document_url
from search_api.jobs.schemas import FailureAnswer
from search_api.service import Service

NOTE_TYPE = "text/markdown"
NOTE_KEY = "note:"
UNSURE = frozenset({"application/zip", UNKNOWN, "application/octet-stream"})
"""What the beginning of a file is called that may yet turn out to be one of ours: the worker looks at all of it."""


def take_in(
    service: Service, caller: Caller, organisation: OrganisationId, files: tuple[ReceivedFile, ...], facts: SharedFacts
) -> list[UploadedFile]:
    """One answer for each file, in order. Raises the refusal where every file was refused, BadInput for no file."""
    if not files:
        raise BadInput("The form has no file.", code="no_file", hint="Put each file into a part `file`.")
    if len(files) > 1 and facts.title is not None:
        raise BadInput("One title cannot be that of several files.", code="bad_facts", hint="Send them one by one.")
    audience = read_audience(service, facts.audience.read())
    answers = []
    refusals: list[Failure] = []
    for file in files:
        failure = file.failure or _refused(file)
        if failure is not None or file.original is None:
            assert failure is not None
            refusals.append(failure)
            answers.append(_refusal(file, failure))
        else:
            arrival = _arrival(caller, organisation, file, file.original, facts, audience)
            registered = service.library.catalog.arrivals.register(arrival)
            answers.append(_answer(service, caller, file, arrival, registered))
            _record(service, caller, registered, organisation, audience, facts.draft)
    if len(refusals) == len(files):
        first = refusals[0]
        raise DocumentError(f"{files[0].name}: {first.message}", code=first.code, hint=first.hint)
    service.ingestion.wake()
    return answers


def take_in_version(service: Service, caller: Caller, document: Document, file: ReceivedFile) -> UploadedFile:
    """Raises DocumentError where the file is refused."""
    failure = file.failure or _refused(file)
    if failure is not None or file.original is None:
        assert failure is not None
        raise DocumentError(f"{file.name}: {failure.message}", code=failure.code, hint=failure.hint)
    arrival = _arrival(caller, document.organisation, file, file.original, SharedFacts(), None)
    return _add_version(service, caller, document, file, arrival)


def take_in_note(service: Service, caller: Caller, organisation: OrganisationId, note: NoteBody) -> UploadedFile:
    """The title is the text's first heading, so that the file is whole by itself."""
    audience = read_audience(service, note.audience.read())
    file = _note_file(service, note.title, note.text)
    assert file.original is not None
    arrival = _arrival(caller, organisation, file, file.original, note, audience, key=NOTE_KEY)
    registered = service.library.catalog.arrivals.register(arrival)
    _record(service, caller, registered, organisation, audience, note.draft)
    service.ingestion.wake()
    return _answer(service, caller, file, arrival, registered)


def take_in_note_version(service: Service, caller: Caller, document: Document, title: str, text: str) -> UploadedFile:
    file = _note_file(service, title, text)
    assert file.original is not None
    arrival = _arrival(caller, document.organisation, file, file.original, SharedFacts(), None, key=NOTE_KEY)
    return _add_version(service, caller, document, file, arrival)


def note_text(original: bytes) -> str:
    """What was written, without the heading that the title made."""
    text = original.decode("utf-8", errors="replace")
    first, _, rest = text.partition("\n\n")
    return rest if first.startswith("# ") else text


def read_audience(service: Service, audience: Audience) -> Audience:
    """A misspelt organisation would silently share with nobody. Raises BadInput."""
    for slug in sorted(audience.organisations):
        try:
            service.access.organisations.get(slug)
        except NotFound:
            raise BadInput(
                f"There is no organisation {slug!r}.",
                code="unknown_organisation",
                hint="Ask GET /api/v1/organisations.",
            ) from None
    return audience


def exact_copies(service: Service, caller: Caller, sha256: str, *, but: str | None) -> list[KnownCopy]:
    """The same bytes under other roofs, as far as the caller may see them."""
    found = service.library.catalog.documents.copies(sha256, visible_to(caller.principal))
    return [tell_copy(service, document, 1.0, exact=True) for document in found if document.id != but]


def tell_copy(service: Service, document: Document, share: float, *, exact: bool) -> KnownCopy:
    firm = service.access.organisations.get(document.organisation)
    return KnownCopy(
        document=document.id,
        url=document_url(service.settings.address, document.id),
        title=document.facts.title,
        organisation=OrganisationName(id=firm.id, name=firm.name),
        share=share,
        exact=exact,
    )


def _refused(file: ReceivedFile) -> Failure | None:
    """What no reader will ever read is refused at the door; it was looked at no further than its beginning."""
    media_type = _type_of(file)
    if media_type in UNSURE or format_of(media_type) is not None:
        return None
    error = refusal(media_type, file_name=file.name)
    return Failure(error.code, error.message, error.hint)


def _type_of(file: ReceivedFile) -> str:
    return media_type_of(BytesIO(file.head), file_name=file.name)


def _note_file(service: Service, title: str, text: str) -> ReceivedFile:
    content = f"# {title}\n\n{text}".encode()
    original = service.library.originals.store(BytesIO(content))
    name = "".join(char if char.isalnum() else "-" for char in title.lower())[:80].strip("-") or "note"
    return ReceivedFile(f"{name}.md", content[:1024], original)


def _arrival(
    caller: Caller,
    organisation: OrganisationId,
    file: ReceivedFile,
    original: Original,
    facts: SharedFacts,
    audience: Audience | None,
    *,
    key: str = "upload:",
) -> Arrival:
    said = facts.said()
    if isinstance(facts, NoteBody):
        said["kind"] = facts.kind
    known: dict[str, object] = {"title": PurePath(file.name).stem or file.name, "kind": Kind.OTHER} | said
    return Arrival(
        organisation=organisation,
        source_key=f"{key}{new_id()}",
        sha256=original.sha256,
        size=original.size,
        media_type=NOTE_TYPE if key == NOTE_KEY else _type_of(file),
        file_name=file.name,
        facts=DocumentFacts(**known),  # type: ignore[arg-type]
        declared=frozenset(said),
        audience=audience,
        contributor=caller.name[:200],
        draft=facts.draft,
    )


def _add_version(
    service: Service, caller: Caller, document: Document, file: ReceivedFile, arrival: Arrival
) -> UploadedFile:
    registered = service.library.catalog.arrivals.register_version(document.id, arrival)
    if registered.outcome in (Outcome.NEW_VERSION, Outcome.RETRIED):
        event = caller.did("document.new_version", "document", document.id, document.organisation)
        service.library.catalog.audit.add(event)
        service.ingestion.wake()
    return _answer(service, caller, file, arrival, registered)


def _record(
    service: Service,
    caller: Caller,
    registered: Registered,
    organisation: OrganisationId,
    audience: Audience,
    draft: bool,
) -> None:
    if registered.outcome is Outcome.ADDED:
        detail = {"audience": "draft" if draft else audience.scope.value}
        service.library.catalog.audit.add(
            caller.did("document.shared", "document", registered.document_id, organisation, detail)
        )


def _answer(
    service: Service, caller: Caller, file: ReceivedFile, arrival: Arrival, registered: Registered
) -> UploadedFile:
    return UploadedFile(
        file_name=file.name,
        outcome=registered.outcome,
        document=registered.document_id,
        job=registered.version_id,
        size=arrival.size,
        media_type=arrival.media_type,
        failure=None,
        copies=exact_copies(service, caller, arrival.sha256, but=registered.document_id),
    )


def _refusal(file: ReceivedFile, failure: Failure) -> UploadedFile:
    return UploadedFile(
        file_name=file.name,
        outcome="refused",
        document=None,
        job=None,
        size=None,
        media_type=None,
        failure=FailureAnswer.of(failure),
        copies=[],
    )
