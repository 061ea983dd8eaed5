"""The member firms."""

from __future__ import annotations

from fastapi import APIRouter

from corpus.documents import Organisation
from search_api.access.principal import Administrator, Coordinator, CurrentCaller
from search_api.access.schemas import NewOrganisationBody, OrganisationAnswer, OrganisationBody
from search_api.openapi import problems
from search_api.schemas import OrganisationSlug
from search_api.service import ServiceDep

router = APIRouter(tags=["organisations"])


@router.get("/organisations")
def list_organisations(_caller: CurrentCaller, service: ServiceDep) -> list[OrganisationAnswer]:
    """Every firm of the cluster, by name."""
    return [OrganisationAnswer.model_validate(one) for one in service.access.organisations.all()]


@router.get("/organisations/{organisation_id}", responses=problems(404))
def get_organisation(
    organisation_id: OrganisationSlug, _caller: CurrentCaller, service: ServiceDep
) -> OrganisationAnswer:
    return OrganisationAnswer.model_validate(service.access.organisations.get(organisation_id))


@router.post("/organisations", status_code=201, responses=problems(409))
def add_organisation(body: NewOrganisationBody, caller: Administrator, service: ServiceDep) -> OrganisationAnswer:
    organisation = Organisation(body.id, body.name, body.country, tuple(body.sectors))
    service.access.organisations.add(caller, organisation)
    return OrganisationAnswer.model_validate(organisation)


@router.put("/organisations/{organisation_id}", responses=problems(404))
def change_organisation(
    organisation_id: OrganisationSlug, body: OrganisationBody, caller: Coordinator, service: ServiceDep
) -> OrganisationAnswer:
    """Its name, country and sectors; a coordinator's own organisation only."""
    organisation = Organisation(organisation_id, body.name, body.country, tuple(body.sectors))
    service.access.organisations.change(caller, organisation)
    return OrganisationAnswer.model_validate(organisation)
