"""Dify's external knowledge: ``POST /retrieval``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import Field, StringConstraints

from corpus.errors import BadInput
from search_api.access.principal import CurrentCaller
from search_api.chatbots.conditions import AllOf, AnyOf, Condition, Wanted, compare
from search_api.chatbots.openai import Lenient, flat
from search_api.chatbots.retrieval import collection, retrieve
from search_api.openapi import problems
from search_api.schemas import Answer
from search_api.service import ServiceDep

router = APIRouter(tags=["chatbots"])

OPERATORS = {
    "contains": "contains",
    "not contains": "not_contains",
    "start with": "starts",
    "end with": "ends",
    "is": "eq",
    "is not": "ne",
    "in": "in",
    "not in": "nin",
    "empty": "empty",
    "not empty": "not_empty",
    "=": "eq",
    "≠": "ne",
    ">": "gt",
    "<": "lt",
    "≥": "gte",
    "≤": "lte",
    "before": "lt",
    "after": "gt",
}
"""Dify's words for comparisons, and ours."""


class RetrievalSetting(Lenient):
    top_k: int = Field(default=5, ge=1, le=50)
    score_threshold: float = Field(default=0.0, ge=0, le=1)


class MetadataCondition(Lenient):
    name: str | list[str] = Field(description="An attribute, or several of which one must fulfil it.")
    comparison_operator: str = Field(examples=["contains"])
    value: str | float | list[str] | None = None


class MetadataConditions(Lenient):
    logical_operator: Literal["and", "or"] = "and"
    conditions: list[MetadataCondition] = Field(default_factory=list, max_length=50)


class RetrievalBody(Lenient):
    knowledge_id: str = Field(max_length=100, examples=["lonja"])
    query: Annotated[str, StringConstraints(min_length=1, max_length=4000)]
    retrieval_setting: RetrievalSetting = Field(default_factory=RetrievalSetting)
    metadata_condition: MetadataConditions | None = None


class Record(Answer):
    content: str
    score: float = Field(description="0 to 1.")
    title: str
    metadata: dict[str, Any]


class RetrievalAnswer(Answer):
    records: list[Record]


@router.post("/retrieval", responses=problems(404))
def retrieve_for_dify(body: RetrievalBody, caller: CurrentCaller, service: ServiceDep) -> RetrievalAnswer:
    """`knowledge_id` is `lonja` for all that the key may see, or a firm's slug for what that firm shared."""
    found = retrieve(
        service,
        caller,
        [body.query],
        collection(service, body.knowledge_id),
        limit=body.retrieval_setting.top_k,
        least=body.retrieval_setting.score_threshold,
        condition=None if body.metadata_condition is None else _read(body.metadata_condition),
    )
    return RetrievalAnswer(
        records=[
            Record(content=one.text, score=one.score, title=one.title, metadata=flat(one.attributes)) for one in found
        ]
    )


def _read(given: MetadataConditions) -> Condition | None:
    conditions = tuple(_read_one(one) for one in given.conditions)
    if not conditions:
        return None
    return AllOf(conditions) if given.logical_operator == "and" else AnyOf(conditions)


def _read_one(given: MetadataCondition) -> Condition:
    how = OPERATORS.get(given.comparison_operator)
    if how is None:
        raise BadInput(
            f"There is no comparison {given.comparison_operator!r}.",
            code="bad_condition",
            hint=f"Use one of: {', '.join(OPERATORS)}.",
        )
    value: Wanted = given.value
    if how in ("in", "nin") and isinstance(value, str):
        value = [part.strip() for part in value.split(",")]
    names = [given.name] if isinstance(given.name, str) else given.name
    return AnyOf(tuple(compare(name, how, value) for name in names))
