"""The audit trail, for administrators."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from corpus.membership import AuditEntry
from search_api.access.principal import Administrator
from search_api.access.schemas import AuditAnswer
from search_api.schemas import Page, PageSize
from search_api.service import ServiceDep

router = APIRouter(tags=["audit"])

Text = Annotated[str | None, Query(max_length=64)]


@router.get("/audit")
def list_audit(
    _caller: Administrator,
    service: ServiceDep,
    actor: Text = None,
    action: Text = None,
    object_id: Text = None,
    cursor: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: PageSize = 50,
) -> Page[AuditAnswer]:
    """The newest first."""
    found = service.access.catalog.audit.page(
        before=cursor, limit=limit + 1, actor=actor, action=action, object_id=object_id
    )
    return Page(
        items=[_answer(entry) for entry in found[:limit]],
        next_cursor=str(found[limit - 1].id) if len(found) > limit else None,
    )


def _answer(entry: AuditEntry) -> AuditAnswer:
    event = entry.event
    return AuditAnswer(
        id=entry.id,
        at=entry.at,
        actor=event.actor,
        actor_name=event.actor_name,
        action=event.action,
        object_type=event.object_type,
        object_id=event.object_id,
        organisation=event.organisation,
        detail=dict(event.detail),
        request_id=event.request_id,
    )
