"""Whether a hit helped: told by members, counted for those who curate the document."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import timedelta

from corpus.documents import DocumentId
from corpus.errors import NotFound
from corpus.exchange import FeedbackPlace
from search_api.access.caller import Caller
from search_api.documents.rights import changeable, visible
from search_api.feedback.schemas import CommentAnswer, FeedbackAnswer, FeedbackBody
from search_api.schemas import Verdict
from search_api.service import Service


def give(service: Service, caller: Caller, body: FeedbackBody) -> None:
    """Raises NotFound for what the caller may not see, or a passage that is not there."""
    document = visible(service, caller, body.document)
    catalog = service.library.catalog
    if body.passage is not None:
        version = document.current_version
        found = [] if version is None else catalog.passages.between(version, body.passage, body.passage)[0]
        if not found:
            raise NotFound(f"Document {body.document!r} has no passage {body.passage}.", code="unknown_passage")
    catalog.feedback.put(
        place(caller, body.query, body.document, body.passage),
        helpful=body.verdict == "helpful",
        reason=body.reason,
        comment=body.comment,
        at=service.clock(),
    )


def take_back(service: Service, caller: Caller, query: str, document: DocumentId, passage: int | None) -> None:
    """Also of a document that the caller may no longer see: the word is theirs."""
    service.library.catalog.feedback.take_back(place(caller, query, document, passage))


def summary(service: Service, caller: Caller, document_id: DocumentId) -> FeedbackAnswer:
    """Raises NotFound, NotAllowed."""
    document = changeable(service, caller, document_id)
    since = service.clock() - timedelta(days=service.settings.count_days)
    found = service.library.catalog.feedback.summary(document.id, since=since)
    return FeedbackAnswer(
        helpful=found.helpful,
        not_helpful=found.not_helpful,
        reasons=dict(found.reasons),
        comments=[CommentAnswer.model_validate(comment) for comment in found.comments],
    )


def own(service: Service, caller: Caller, query: str) -> Mapping[tuple[DocumentId, int | None], Verdict]:
    """What the caller said of answers to the question: of documents (None), and of passages by their ordinal."""
    if caller.member is None:
        return {}
    said = service.library.catalog.feedback.of_member(caller.member.id, _hash(query))
    return {where: "helpful" if helpful else "not_helpful" for where, helpful in said.items()}


def place(caller: Caller, query: str, document: DocumentId, passage: int | None) -> FeedbackPlace:
    assert caller.member is not None
    return FeedbackPlace(caller.member.id, _hash(query), document, passage)


def _hash(query: str) -> str:
    return hashlib.sha256(" ".join(query.split()).casefold().encode()).hexdigest()
