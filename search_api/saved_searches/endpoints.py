"""Searches that a member keeps: theirs alone, whoever administers them."""

from __future__ import annotations

from fastapi import APIRouter

from corpus.catalog.identity import new_id
from corpus.exchange import SavedSearch
from corpus.membership import MemberId
from search_api.access.caller import Caller
from search_api.access.principal import SignedInMember
from search_api.openapi import problems
from search_api.saved_searches.schemas import SavedSearchAnswer, SavedSearchBody, SavedSearchChange, SavedSearchList
from search_api.schemas import IdPath
from search_api.service import ServiceDep

router = APIRouter(tags=["saved searches"])


@router.get("/saved-searches")
def list_saved_searches(caller: SignedInMember, service: ServiceDep) -> SavedSearchList:
    """One's own."""
    found = service.library.catalog.saved_searches.of(_member(caller))
    return SavedSearchList(items=[SavedSearchAnswer.model_validate(saved) for saved in found])


@router.post("/saved-searches", status_code=201, responses=problems(409))
def save_search(body: SavedSearchBody, caller: SignedInMember, service: ServiceDep) -> SavedSearchAnswer:
    """Keeps a search. A hundred of them are enough: then the answer is 409."""
    body.parameters.filters.read()  # what search would refuse is not worth keeping
    saved = SavedSearch(
        id=new_id(),
        member=_member(caller),
        name=body.name,
        query=body.query,
        parameters=body.parameters.model_dump(mode="json"),
        made=service.clock(),
    )
    service.library.catalog.saved_searches.add(saved)
    return SavedSearchAnswer.model_validate(saved)


@router.patch("/saved-searches/{saved_search_id}", responses=problems(404))
def rename_saved_search(
    saved_search_id: IdPath, body: SavedSearchChange, caller: SignedInMember, service: ServiceDep
) -> SavedSearchAnswer:
    found = service.library.catalog.saved_searches.rename(saved_search_id, _member(caller), body.name)
    return SavedSearchAnswer.model_validate(found)


@router.delete("/saved-searches/{saved_search_id}", status_code=204, responses=problems(404))
def delete_saved_search(saved_search_id: IdPath, caller: SignedInMember, service: ServiceDep) -> None:
    service.library.catalog.saved_searches.remove(saved_search_id, _member(caller))


def _member(caller: Caller) -> MemberId:
    assert caller.member is not None
    return caller.member.id
