"""Search, the passages around a hit, and what one may be about to type."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Response

from search_api.access.principal import CurrentCaller
from search_api.openapi import link, problems
from search_api.search.schemas import PassagesAnswer, SearchAnswer, SearchBody, Suggestion
from search_api.search.service import answer_search, passages_of
from search_api.search.suggestions import suggest
from search_api.service import ServiceDep

router = APIRouter(tags=["search"])


_HIT = "$response.body#/hits/0/document/id"
FROM_SEARCH = {
    "passages": link("list_passages", document_id=_HIT),
    "document": link("get_document", document_id=_HIT),
    "feedback": link("give_feedback", body={"query": "$request.body#/query", "document": _HIT, "verdict": "helpful"}),
}


@router.post("/search", response_model=SearchAnswer, responses={200: {"links": FROM_SEARCH}, **problems(503)})
def search(body: SearchBody, caller: CurrentCaller, service: ServiceDep) -> Response:
    """Passages that answer, grouped by document, in whichever language they were written.

    It is a POST so that no log on the way holds what was asked. Nothing relevant is an answer, not an error.
    """
    # Written here, in this thread: the framework would check the answer once more, in yet another.
    answer = answer_search(service, caller, body)
    return Response(answer.model_dump_json(), media_type="application/json")


@router.get("/documents/{document_id}/passages", responses=problems(404))
def list_passages(
    document_id: str,
    caller: CurrentCaller,
    service: ServiceDep,
    around: Annotated[int | None, Query(ge=0, le=1_000_000, description="A passage's ordinal.")] = None,
    reach: Annotated[int, Query(ge=0, le=100, description="So many before and after it.")] = 2,
) -> PassagesAnswer:
    """What stands around a hit; the beginning of the document without `around`."""
    return passages_of(service, caller, document_id, around=around, reach=reach)


@router.get("/suggestions")
def list_suggestions(
    caller: CurrentCaller,
    service: ServiceDep,
    q: Annotated[str, Query(min_length=1, max_length=200, description="What was typed so far.")],
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> list[Suggestion]:
    """What many ask, then titles and headings of what one may see; accents and small mistakes are forgiven.

    A question is suggested only where members of several firms asked it and found something. Where a word stands in no
    text that one may see, and a title or a heading has one like it, the question with that word comes last.
    """
    return suggest(service, caller, q, limit)
