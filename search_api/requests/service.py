"""Asking the cluster: a question that everybody reads, and documents that others point at."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.catalog.identity import new_id
from corpus.documents import AudienceScope, Document, DocumentId, OrganisationId, Principal, Role
from corpus.errors import Conflict
from corpus.exchange import KnowledgeRequest, RequestState
from corpus.exchange import RequestAnswer as Pointed
from corpus.index.visibility import audience_tokens, visible_to
from search_api.access.caller import Caller
from search_api.access.errors import NotAllowed
from search_api.documents.rights import visible
from search_api.documents.schemas import OrganisationName, document_url
from search_api.requests.schemas import AnsweredWith, RequestAnswer, RequestBody
from search_api.service import Service

MOST_OPEN = 100


def require_firm(caller: Caller) -> OrganisationId:
    """Raises NotAllowed."""
    if caller.organisation is None:
        raise NotAllowed("Firms ask each other, and you have none.", code="no_organisation")
    return caller.organisation


def tell(service: Service, caller: Caller, some: Sequence[KnowledgeRequest]) -> list[RequestAnswer]:
    """Answers that the caller may not see are not there."""
    catalog = service.library.catalog
    names = {one.id: OrganisationName.model_validate(one) for one in catalog.organisations.all()}
    ids = {answer.document for request in some for answer in request.answers}
    seen = catalog.documents.some(ids, visible_to(caller.principal)) if ids else {}
    found = {identity: each for identity, each in seen.items() if each.current_version is not None}
    address = service.settings.address
    return [
        RequestAnswer(
            id=request.id,
            text=request.text,
            language=request.language,
            organisation=names[request.organisation],
            asked=request.asked,
            answers=[
                AnsweredWith(
                    document=answer.document,
                    title=found[answer.document].facts.title,
                    url=document_url(address, answer.document),
                    organisation=names[answer.organisation],
                )
                for answer in request.answers
                if answer.document in found
            ],
            state=request.state,
            mine=_is_mine(caller, request),
            may_change=_may_change(caller, request),
        )
        for request in some
    ]


def ask(service: Service, caller: Caller, body: RequestBody) -> RequestAnswer:
    """Raises NotAllowed, Conflict."""
    organisation = require_firm(caller)
    assert caller.member is not None
    requests = service.library.catalog.requests
    if requests.count(organisation, RequestState.OPEN) >= MOST_OPEN:
        raise Conflict(
            f"Your firm has {MOST_OPEN} open requests.", code="too_many_requests_open", hint="Close one first."
        )
    request = KnowledgeRequest(
        id=new_id(),
        organisation=organisation,
        member=caller.member.id,
        text=body.text,
        language=body.language,
        state=RequestState.OPEN,
        asked=service.clock(),
    )
    requests.add(request)
    return tell(service, caller, [request])[0]


def answer(service: Service, caller: Caller, request_id: str, document_id: DocumentId) -> RequestAnswer:
    """Points at a document. Raises NotFound, NotAllowed, and Conflict where who asked may not see it."""
    organisation = require_firm(caller)
    requests = service.library.catalog.requests
    request = requests.get(request_id)
    document = visible(service, caller, document_id)
    if document.current_version is None or not _may_be_named(document, organisation, request.organisation):
        raise Conflict(
            "Who asked could not see this document.",
            code="asker_may_not_see",
            hint="Share it with them first. Of another firm's documents only those for the whole cluster may be named.",
        )
    answered = requests.answer(request.id, Pointed(document.id, organisation, service.clock()))
    return tell(service, caller, [answered])[0]


def take_answer_back(service: Service, caller: Caller, request_id: str, document_id: DocumentId) -> None:
    """Raises NotFound for an answer that is not there or not to be seen, NotAllowed."""
    requests = service.library.catalog.requests
    request = requests.get(request_id)
    document = visible(service, caller, document_id)
    answers = {each.document: each for each in request.answers}
    if document.id not in answers:
        return
    if not (_may_change(caller, request) or answers[document.id].organisation == caller.organisation):
        raise NotAllowed("Only the firm that answered and who asked may take an answer back.")
    requests.take_answer_back(request.id, document.id)


def change(service: Service, caller: Caller, request_id: str, state: RequestState) -> RequestAnswer:
    request = _changeable(service, caller, request_id)
    return tell(service, caller, [service.library.catalog.requests.set_state(request.id, state)])[0]


def remove(service: Service, caller: Caller, request_id: str) -> None:
    request = _changeable(service, caller, request_id)
    event = caller.did("request.deleted", "request", request.id, request.organisation)
    service.library.catalog.requests.remove(request.id, event)


def _changeable(service: Service, caller: Caller, request_id: str) -> KnowledgeRequest:
    """Raises NotFound, NotAllowed."""
    request = service.library.catalog.requests.get(request_id)
    if not _may_change(caller, request):
        raise NotAllowed("Only who asked, and administrators, may do this.")
    return request


def _is_mine(caller: Caller, request: KnowledgeRequest) -> bool:
    return caller.member is not None and caller.member.id == request.member


def _may_change(caller: Caller, request: KnowledgeRequest) -> bool:
    return caller.is_administrator or _is_mine(caller, request)


def _may_be_named(document: Document, answering: OrganisationId, asking: OrganisationId) -> bool:
    """Of another firm's document nobody learns, by trying, whom that firm shares it with."""
    if document.organisation != answering and document.audience.scope is not AudienceScope.CLUSTER:
        return False
    asker = Principal(organisation=asking, role=Role.MEMBER)
    return visible_to(asker).admits(audience_tokens(document.organisation, document.audience, draft=document.draft))
