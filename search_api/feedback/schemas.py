"""What the feedback endpoints take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import Query
from pydantic import Field, StringConstraints

from corpus.exchange import Reason
from search_api.schemas import Answer, Body, DocumentId, Verdict, Words
from search_api.search.schemas import LONGEST_QUERY

Ordinal = Annotated[int, Field(ge=0, le=1_000_000, description="Of the passage; left out for the document as a whole.")]


class FeedbackBody(Body):
    query: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_QUERY)] = Field(
        description="What was asked. Its hash is kept, not its text.",
        examples=["¿Qué papeles pide la aduana china para el café?"],
    )
    document: DocumentId = Field(examples=["06h0js21a6s6gepm"])
    passage: Ordinal | None = None
    verdict: Verdict
    reason: Reason | None = None
    comment: Annotated[Words, Field(max_length=1000)] | None = Field(
        default=None, description="Read by those who curate the document, without your name."
    )


class FeedbackKey(Body):
    """Which word is taken back."""

    query: Annotated[str, Query(min_length=1, max_length=LONGEST_QUERY)]
    document: DocumentId
    passage: Ordinal | None = None


class CommentAnswer(Answer):
    text: str
    made: datetime


class FeedbackAnswer(Answer):
    """What was said of a document; never by whom."""

    helpful: int
    not_helpful: int
    reasons: dict[Reason, int] = Field(examples=[{"outdated": 2}])
    comments: list[CommentAnswer] = Field(description="The newest first.")
