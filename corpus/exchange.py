"""What members tell each other, as types: whether a hit helped, searches worth keeping, know-how that is wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from corpus.documents import DocumentId, OrganisationId
from corpus.membership import MemberId


class Reason(StrEnum):
    """Why a hit did not help."""

    WRONG_TOPIC = "wrong_topic"
    OUTDATED = "outdated"
    INCOMPLETE = "incomplete"
    WRONG_LANGUAGE = "wrong_language"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class FeedbackPlace:
    """One member says one thing about one place, for one question."""

    member: MemberId
    question: str  # a hash of it
    document: DocumentId
    passage: int | None  # an ordinal; None for the document as a whole


@dataclass(frozen=True, slots=True)
class Comment:
    text: str
    made: datetime


@dataclass(frozen=True, slots=True)
class FeedbackSummary:
    """What was said of one document, by whomever."""

    helpful: int
    not_helpful: int
    reasons: Mapping[Reason, int]
    comments: tuple[Comment, ...]  # the newest first


@dataclass(frozen=True, slots=True)
class SavedSearch:
    id: str
    member: MemberId
    name: str
    query: str
    parameters: Mapping[str, Any]  # as search takes them
    made: datetime


class RequestState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


@dataclass(frozen=True, slots=True)
class RequestAnswer:
    document: DocumentId
    organisation: OrganisationId  # who answered
    made: datetime


@dataclass(frozen=True, slots=True)
class KnowledgeRequest:
    """Know-how that a firm wants from the cluster."""

    id: str
    organisation: OrganisationId
    member: MemberId
    text: str
    language: str | None
    state: RequestState
    asked: datetime
    answers: tuple[RequestAnswer, ...] = ()  # the oldest first
