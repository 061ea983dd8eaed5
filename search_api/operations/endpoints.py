"""Health and metrics. They tell the public nothing but yes or no."""

from __future__ import annotations

import hmac
from typing import Literal

from fastapi import APIRouter, Request, Response

from corpus.errors import IndexFailure
from search_api.access.principal import administrator, identify_here, settled, signed_in_member
from search_api.openapi import problems
from search_api.schemas import Answer
from search_api.service import ServiceDep

router = APIRouter(tags=["operations"])


class Health(Answer):
    status: Literal["ok"] = "ok"


@router.get("/healthz")
def healthz() -> Health:
    """The process answers."""
    return Health()


@router.get("/readyz", responses=problems(503))
def readyz(service: ServiceDep) -> Health:
    """The catalog answers, model and index are open: requests may be sent here."""
    service.library.catalog.queue.counts()
    if not service.warming.is_done:
        raise service.warming.failure or IndexFailure("The index is being opened.", code="starting")
    return Health()


@router.get(
    "/metrics",
    responses={200: {"content": {"text/plain": {}}}, **problems(401, 403)},
    response_class=Response,
)
def metrics(request: Request, service: ServiceDep) -> Response:
    """For Prometheus with LONJA_METRICS_TOKEN as its bearer token, and for administrators."""
    token = service.settings.metrics_token
    given = request.headers.get("authorization", "")
    if token is None or not hmac.compare_digest(given.encode(), f"Bearer {token}".encode()):
        administrator(signed_in_member(settled(identify_here(request))))
    return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")
