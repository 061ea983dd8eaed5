"""What the statistics give."""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar

from pydantic import Field

from search_api.documents.schemas import OrganisationName
from search_api.schemas import Answer

Point = TypeVar("Point")


class Points(Answer, Generic[Point]):
    points: list[Point] = Field(description="The earliest first, also those in which nothing happened.")


class GrowthPoint(Answer):
    """At the end of a week or month."""

    begin: date = Field(serialization_alias="from", description="Its first day.")
    documents: int = Field(description="That everybody may find.")
    passages: int
    organisations: int


class UsePoint(Answer):
    """Within a week or month."""

    begin: date = Field(serialization_alias="from", description="Its first day.")
    searches: int
    by_chatbots: int = Field(description="Of those searches, with keys.")
    members: int = Field(description="Different ones who searched.")
    found_nothing: int = Field(description="Searches.")


class ReuseItem(Answer):
    """What others had of a firm's documents for the whole cluster, within a year. Small counts are null."""

    organisation: OrganisationName
    documents: int = Field(description="That everybody may find.")
    opened_by_others: int | None = Field(description="Counted once a day for each who opens one.")
    searches_answered: int | None = Field(description="Of other firms.")
    helpful: int | None = Field(description="Feedback of other firms.")
    not_helpful: int | None


class ReuseList(Answer):
    items: list[ReuseItem] = Field(description="By name.")


class NotFoundItem(Answer):
    topic: str = Field(description="Words that were asked for, in alphabetical order.", examples=["corea quinua"])
    times: int
    members: int = Field(description="Different ones; of several firms.")


class NotFoundList(Answer):
    items: list[NotFoundItem] = Field(description="What most members miss first.")
