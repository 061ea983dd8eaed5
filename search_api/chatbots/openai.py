"""The search of OpenAI's vector stores: the ``openai`` package, and what was written for it, asks Lonja unchanged."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from corpus.errors import BadInput
from search_api.access.principal import CurrentCaller
from search_api.chatbots.conditions import AllOf, AnyOf, Attributes, Condition, compare
from search_api.chatbots.retrieval import Retrieved, collection, retrieve
from search_api.openapi import problems
from search_api.schemas import Answer
from search_api.service import ServiceDep

router = APIRouter(prefix="/v1", tags=["chatbots"])

MOST_ATTRIBUTES, LONGEST_KEY, LONGEST_VALUE = 16, 64, 512
DEEPEST_FILTER = 8

Query = Annotated[str, StringConstraints(min_length=1, max_length=4000)]
Scalar = str | float | bool


class Lenient(BaseModel):
    """Other clients' bodies: what we do not know yet is passed over."""

    model_config = ConfigDict(extra="ignore")


class Comparison(Lenient):
    type: Literal["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"]
    key: Annotated[str, StringConstraints(max_length=LONGEST_KEY)] = Field(examples=["kind"])
    value: Scalar | list[str] | list[float]


class Compound(Lenient):
    type: Literal["and", "or"]
    filters: list[Comparison | Compound] = Field(min_length=1, max_length=50)


class RankingOptions(Lenient):
    ranker: str | None = None
    score_threshold: float = Field(default=0.0, ge=0, le=1)


class VectorStoreSearchBody(Lenient):
    query: Query | Annotated[list[Query], Field(min_length=1, max_length=10)]
    max_num_results: int = Field(default=10, ge=1, le=50)
    rewrite_query: bool = Field(default=False, description="Accepted; Lonja searches with the question as it is.")
    filters: Comparison | Compound | None = None
    ranking_options: RankingOptions | None = None


class TextContent(Answer):
    type: Literal["text"] = "text"
    text: str


class VectorStoreResult(Answer):
    file_id: str = Field(description="The document's id.")
    filename: str = Field(description="The document's title.")
    score: float = Field(description="0 to 1.")
    attributes: dict[str, Scalar]
    content: list[TextContent]


class VectorStoreSearchAnswer(Answer):
    object: Literal["vector_store.search_results.page"] = "vector_store.search_results.page"
    search_query: list[str]
    data: list[VectorStoreResult]
    has_more: bool = False
    next_page: str | None = None


@router.post("/vector_stores/{vector_store_id}/search", responses=problems(404))
def search_vector_store(
    vector_store_id: str, body: VectorStoreSearchBody, caller: CurrentCaller, service: ServiceDep
) -> VectorStoreSearchAnswer:
    """`lonja` is the store of all that the key may see; a firm's slug, of what that firm shared."""
    filters = collection(service, vector_store_id)
    queries = body.query if isinstance(body.query, list) else [body.query]
    found = retrieve(
        service,
        caller,
        queries,
        filters,
        limit=body.max_num_results,
        least=body.ranking_options.score_threshold if body.ranking_options else 0.0,
        condition=None if body.filters is None else read_filter(body.filters),
    )
    return VectorStoreSearchAnswer(search_query=queries, data=[_result(one) for one in found])


def read_filter(given: Comparison | Compound, depth: int = 0) -> Condition:
    """Raises BadInput."""
    if isinstance(given, Comparison):
        return compare(given.key, given.type, given.value)
    if depth > DEEPEST_FILTER:
        raise BadInput(f"Filters nest deeper than {DEEPEST_FILTER}.", code="bad_condition")
    parts = tuple(read_filter(part, depth + 1) for part in given.filters)
    return AllOf(parts) if given.type == "and" else AnyOf(parts)


def _result(one: Retrieved) -> VectorStoreResult:
    return VectorStoreResult(
        file_id=one.document_id,
        filename=one.title,
        score=one.score,
        attributes=flat(one.attributes),
        content=[TextContent(text=one.text)],
    )


def flat(attributes: Attributes) -> dict[str, Any]:
    """Within OpenAI's bounds: 16 attributes, no lists, strings of at most 512 characters."""
    plain = {name: ", ".join(value) if isinstance(value, list) else value for name, value in attributes.items()}
    return {
        name: value[:LONGEST_VALUE] if isinstance(value, str) else value
        for name, value in list(plain.items())[:MOST_ATTRIBUTES]
    }
