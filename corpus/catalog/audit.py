"""The audit trail: written in the same transaction as what it tells of, never changed afterwards."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import Connection, Engine, Row, insert, select

from corpus.catalog.engine import reading, writing
from corpus.catalog.membership_tables import audit
from corpus.membership import AuditEntry, AuditEvent


def record(connection: Connection, event: AuditEvent) -> None:
    connection.execute(
        insert(audit).values(
            at=datetime.now(UTC),
            actor=event.actor,
            actor_name=event.actor_name,
            action=event.action,
            object_type=event.object_type,
            object_id=event.object_id,
            organisation=event.organisation,
            detail=dict(event.detail),
            request_id=event.request_id,
        )
    )


class Audit:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, event: AuditEvent) -> None:
        """For what changes nothing else in the catalog, such as a failed sign-in."""
        with writing(self._engine) as connection:
            record(connection, event)

    def page(
        self,
        *,
        before: int | None = None,
        limit: int = 100,
        actor: str | None = None,
        action: str | None = None,
        object_id: str | None = None,
    ) -> list[AuditEntry]:
        """The newest first; ``before`` is the last one of the page already seen."""
        wanted = [
            column == value
            for column, value in (
                (audit.c.actor, actor),
                (audit.c.action, action),
                (audit.c.object_id, object_id),
            )
            if value is not None
        ]
        if before is not None:
            wanted.append(audit.c.id < before)
        with reading(self._engine) as connection:
            found = connection.execute(select(audit).where(*wanted).order_by(audit.c.id.desc()).limit(limit))
            return [_entry(row) for row in found]


def _entry(row: Row[tuple[object, ...]]) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=row.at,
        event=AuditEvent(
            actor=row.actor,
            actor_name=row.actor_name,
            action=row.action,
            object_type=row.object_type,
            object_id=row.object_id,
            organisation=row.organisation,
            detail=row.detail,
            request_id=row.request_id,
        ),
    )
