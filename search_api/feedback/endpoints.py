"""Whether a hit helped."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from search_api.access.principal import CurrentCaller, SignedInMember
from search_api.feedback import service as feedback
from search_api.feedback.schemas import FeedbackAnswer, FeedbackBody, FeedbackKey
from search_api.openapi import problems
from search_api.schemas import DocumentPath
from search_api.service import ServiceDep

router = APIRouter(tags=["feedback"])


@router.post("/search/feedback", status_code=204, responses=problems(404))
def give_feedback(body: FeedbackBody, caller: SignedInMember, service: ServiceDep) -> None:
    """Says whether a hit helped with a question; in place of what one had said before."""
    feedback.give(service, caller, body)


@router.delete("/search/feedback", status_code=204)
def take_feedback_back(key: Annotated[FeedbackKey, Query()], caller: SignedInMember, service: ServiceDep) -> None:
    """Takes one's own word back; where there was none, nothing happens."""
    feedback.take_back(service, caller, key.query, key.document, key.passage)


@router.get("/documents/{document_id}/feedback", responses=problems(404))
def get_document_feedback(document_id: DocumentPath, caller: CurrentCaller, service: ServiceDep) -> FeedbackAnswer:
    """What was said of it, for those who may correct it. Nobody is told who said it."""
    return feedback.summary(service, caller, document_id)
