"""Keys for chatbots and programs."""

from __future__ import annotations

from fastapi import APIRouter

from corpus.errors import BadInput
from search_api.access.principal import Coordinator
from search_api.access.schemas import KeyAnswer, KeyBody, NewKeyAnswer
from search_api.openapi import problems
from search_api.schemas import Cursor, OrganisationSlug, Page, PageSize
from search_api.service import ServiceDep

router = APIRouter(tags=["keys"])


@router.get("/keys")
def list_keys(
    caller: Coordinator,
    service: ServiceDep,
    organisation: OrganisationSlug | None = None,
    cursor: Cursor = None,
    limit: PageSize = 50,
) -> Page[KeyAnswer]:
    """Revoked ones as well; never the keys themselves."""
    found = service.access.keys.page(caller, organisation=organisation, after=cursor, limit=limit + 1)
    return Page(
        items=[KeyAnswer.model_validate(key) for key in found[:limit]],
        next_cursor=found[limit - 1].id if len(found) > limit else None,
    )


@router.post("/keys", status_code=201, responses=problems(404))
def make_key(body: KeyBody, caller: Coordinator, service: ServiceDep) -> NewKeyAnswer:
    """The answer shows the key this once: only its hash is kept."""
    organisation = body.organisation or caller.organisation
    if organisation is None:
        raise BadInput("A key belongs to an organisation.", code="no_organisation", hint="Name one.")
    made = service.access.keys.make(
        caller, name=body.name, organisation=organisation, scope=body.scope, expires=body.expires
    )
    return NewKeyAnswer(secret=made.secret, **KeyAnswer.model_validate(made.key).model_dump())


@router.delete("/keys/{key_id}", status_code=204, responses=problems(404))
def revoke_key(key_id: str, caller: Coordinator, service: ServiceDep) -> None:
    """No request that starts after the answer is let in with it."""
    service.access.keys.revoke(caller, key_id)
