"""What the endpoints of requests take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from corpus.exchange import RequestState
from search_api.documents.schemas import OrganisationName
from search_api.schemas import Answer, Body, DocumentId, Words


class RequestBody(Body):
    text: Annotated[Words, Field(max_length=500)] = Field(
        description="Read by the whole cluster.",
        examples=["¿Quién exporta quinua a Corea, con qué certificado?"],
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")] | None = Field(
        default=None, description="ISO 639-1.", examples=["es"]
    )


class RequestChange(Body):
    state: RequestState


class AnswerBody(Body):
    document: DocumentId = Field(examples=["06h0js21a6s6gepm"])


class AnsweredWith(Answer):
    """A document that somebody pointed at."""

    document: str
    title: str
    url: str
    organisation: OrganisationName = Field(description="The firm that pointed at it.")


class RequestAnswer(Answer):
    """Know-how that a firm wants."""

    id: str
    text: str
    language: str | None
    organisation: OrganisationName = Field(description="The firm that asks; never the person.")
    asked: datetime
    answers: list[AnsweredWith] = Field(description="Those that one may see.")
    state: RequestState
    mine: bool = Field(description="Whether one asked it oneself.")
    may_change: bool = Field(description="Close, open and delete it: who asked, and administrators.")
