"""Know-how that a firm wants from the cluster."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from corpus.exchange import RequestState
from search_api.access.principal import SignedInMember
from search_api.openapi import problems
from search_api.requests import service as requests
from search_api.requests.schemas import AnswerBody, RequestAnswer, RequestBody, RequestChange
from search_api.schemas import Cursor, DocumentPath, IdPath, Page, PageSize
from search_api.service import ServiceDep

router = APIRouter(tags=["requests"])

Wanted = Annotated[Literal["open", "answered", "all"], Query(description="Which of them.")]


@router.get("/requests")
def list_requests(
    caller: SignedInMember, service: ServiceDep, state: Wanted = "open", cursor: Cursor = None, limit: PageSize = 50
) -> Page[RequestAnswer]:
    """What firms of the cluster want to know, the newest first."""
    requests.require_firm(caller)
    found = service.library.catalog.requests.page(
        state=None if state == "all" else RequestState(state), before=cursor, limit=limit + 1
    )
    return Page(
        items=requests.tell(service, caller, found[:limit]),
        next_cursor=found[limit - 1].id if len(found) > limit else None,
    )


@router.post("/requests", status_code=201, responses=problems(409))
def ask_cluster(body: RequestBody, caller: SignedInMember, service: ServiceDep) -> RequestAnswer:
    """Asks all firms of the cluster. They are told which firm asks, not who."""
    return requests.ask(service, caller, body)


@router.patch("/requests/{request_id}", responses=problems(404))
def change_request(
    request_id: IdPath, body: RequestChange, caller: SignedInMember, service: ServiceDep
) -> RequestAnswer:
    """Closes it, or opens it again: for who asked, and for administrators."""
    return requests.change(service, caller, request_id, body.state)


@router.delete("/requests/{request_id}", status_code=204, responses=problems(404))
def delete_request(request_id: IdPath, caller: SignedInMember, service: ServiceDep) -> None:
    """For who asked, and for administrators."""
    requests.remove(service, caller, request_id)


@router.post("/requests/{request_id}/answers", responses=problems(404, 409))
def answer_request(request_id: IdPath, body: AnswerBody, caller: SignedInMember, service: ServiceDep) -> RequestAnswer:
    """Points at a document that helps. It must be one that who asked may see: nothing is shared by it."""
    return requests.answer(service, caller, request_id, body.document)


@router.delete("/requests/{request_id}/answers/{document_id}", status_code=204, responses=problems(404))
def take_answer_back(
    request_id: IdPath, document_id: DocumentPath, caller: SignedInMember, service: ServiceDep
) -> None:
    """For the firm that answered, who asked, and administrators."""
    requests.take_answer_back(service, caller, request_id, document_id)
