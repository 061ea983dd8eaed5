"""What the endpoints of saved searches take and give."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field

from corpus.search.results import Mode, Order
from search_api.schemas import Answer, Body, Line, Words
from search_api.search.schemas import LONGEST_QUERY, FiltersBody

Query = Annotated[Words, Field(max_length=LONGEST_QUERY, examples=["arancel del cuero en Italia"])]


class SearchParameters(Body):
    """What a search is narrowed to, as the search itself takes it."""

    filters: FiltersBody = Field(default_factory=FiltersBody)
    mode: Mode = Mode.HYBRID
    order: Order = Order.RELEVANCE


class SavedSearchBody(Body):
    name: Line = Field(examples=["Cuero en Italia"])
    query: Query
    parameters: SearchParameters = Field(default_factory=SearchParameters)


class SavedSearchChange(Body):
    name: Line | None = Field(default=None, description="As it is, where it is left out.")


class SavedSearchAnswer(Answer):
    id: str
    name: str
    query: str
    parameters: SearchParameters
    made: datetime


class SavedSearchList(Answer):
    items: list[SavedSearchAnswer] = Field(description="The newest first; at most a hundred.")
