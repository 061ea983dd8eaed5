"""Counts of growth and use, for administrators."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query

from search_api.access.principal import Administrator
from search_api.service import ServiceDep
from search_api.statistics import service as statistics
from search_api.statistics.periods import Step
from search_api.statistics.schemas import GrowthPoint, NotFoundList, Points, ReuseList, UsePoint

router = APIRouter(tags=["statistics"], prefix="/statistics")

From = Annotated[date | None, Query(alias="from", description="A day; a year before `to` where it is left out.")]
To = Annotated[date | None, Query(alias="to", description="A day that is part of it; today where it is left out.")]


@router.get("/growth")
def get_growth(
    _caller: Administrator, service: ServiceDep, first: From = None, last: To = None, step: Step = "month"
) -> Points[GrowthPoint]:
    """How much is shared with the whole cluster, at the end of each week or month."""
    return Points(points=statistics.growth(service, first, last, step))


@router.get("/use")
def get_use(
    _caller: Administrator, service: ServiceDep, first: From = None, last: To = None, step: Step = "month"
) -> Points[UsePoint]:
    """Searches by week or month; never whose or for what."""
    return Points(points=statistics.use(service, first, last, step))


@router.get("/reuse")
def get_reuse(_caller: Administrator, service: ServiceDep) -> ReuseList:
    """How much others have of what each firm shares; never which others."""
    return ReuseList(items=statistics.reuse(service))


@router.get("/not-found")
def list_not_found(_caller: Administrator, service: ServiceDep) -> NotFoundList:
    """What members of several firms asked for and did not find: what is worth sharing next."""
    return NotFoundList(items=statistics.not_found(service))
