"""What the areas' schemas share."""

from __future__ import annotations

from typing import Annotated, Generic, Literal, TypeVar

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Item = TypeVar("Item")

Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
"""A line of text, such as a name."""

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, pattern=r"^[^\x00]+$")]
"""Text of several lines; the field that holds it says how long it may be. PostgreSQL keeps no NUL."""

DocumentId = Annotated[str, StringConstraints(min_length=1, max_length=32, pattern=r"^[0-9a-z]+$")]
IdPath = Annotated[str, Path(min_length=1, max_length=32, pattern=r"^[0-9a-z]+$")]
DocumentPath = Annotated[DocumentId, Path()]

Verdict = Literal["helpful", "not_helpful"]
"""Of a member on a hit."""

OrganisationSlug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]

Cursor = Annotated[
    str | None,
    Query(pattern=r"^[0-9a-z]{1,32}$", description="`next_cursor` of the page before."),
]
PageSize = Annotated[int, Query(ge=1, le=200, description="At most so many.")]


class Body(BaseModel):
    """What is sent: a field that we do not know is a mistake."""

    model_config = ConfigDict(extra="forbid")


class Answer(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Page(Answer, Generic[Item]):
    items: list[Item]
    next_cursor: str | None = Field(description="For the next page; null on the last one.")
