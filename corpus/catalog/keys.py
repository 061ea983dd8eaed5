"""The keys of chatbots and programs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Row, bindparam, insert, select, update

from corpus.catalog.audit import record
from corpus.catalog.engine import reading, writing
from corpus.catalog.membership_tables import keys
from corpus.documents import OrganisationId
from corpus.errors import NotFound
from corpus.membership import ApiKey, AuditEvent, KeyId, KeyScope

_FIND = select(keys).where(  # made once: it is asked with every request
    keys.c.token_hash == bindparam("hash"),
    keys.c.revoked.is_(None),
    keys.c.expires.is_(None) | (keys.c.expires > bindparam("now")),
)


class Keys:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, key: ApiKey, token_hash: str, event: AuditEvent) -> None:
        with writing(self._engine) as connection:
            connection.execute(
                insert(keys).values(
                    id=key.id,
                    token_hash=token_hash,
                    hint=key.hint,
                    name=key.name,
                    organisation=key.organisation,
                    scope=key.scope,
                    created_by=key.created_by,
                    created=key.created,
                    expires=key.expires,
                )
            )
            record(connection, event)

    def find(self, token_hash: str, *, now: datetime) -> ApiKey | None:
        """None where it was revoked or has expired."""
        with reading(self._engine) as connection:
            row = connection.execute(_FIND, {"hash": token_hash, "now": now}).first()
        return None if row is None else _key(row)

    def page(
        self, *, organisation: OrganisationId | None = None, after: KeyId | None = None, limit: int = 100
    ) -> list[ApiKey]:
        """The oldest first, revoked ones included; ``after`` is the last one of the page already seen."""
        wanted = []
        if organisation is not None:
            wanted.append(keys.c.organisation == organisation)
        if after is not None:
            wanted.append(keys.c.id > after)
        with reading(self._engine) as connection:
            found = connection.execute(select(keys).where(*wanted).order_by(keys.c.id).limit(limit))
            return [_key(row) for row in found]

    def get(self, key: KeyId, *, organisation: OrganisationId | None = None) -> ApiKey:
        """Of this organisation only, where one is given. Raises NotFound."""
        wanted = [keys.c.id == key]
        if organisation is not None:
            wanted.append(keys.c.organisation == organisation)
        with reading(self._engine) as connection:
            row = connection.execute(select(keys).where(*wanted)).first()
        if row is None:
            raise NotFound(f"There is no key {key!r}.", code="unknown_key")
        return _key(row)

    def revoke(self, key: KeyId, event: AuditEvent, *, at: datetime) -> None:
        """Effective for every request that starts after the return. Doing it twice is no error."""
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(keys).where(keys.c.id == key, keys.c.revoked.is_(None)).values(revoked=at)
            )
            if changed.rowcount:
                record(connection, event)

    def used(self, when: Mapping[KeyId, datetime]) -> None:
        with writing(self._engine) as connection:
            for key, moment in when.items():
                connection.execute(update(keys).where(keys.c.id == key).values(last_used=moment))


def _key(row: Row[Any]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        organisation=row.organisation,
        scope=KeyScope(row.scope),
        hint=row.hint,
        created=row.created,
        created_by=row.created_by,
        expires=row.expires,
        last_used=row.last_used,
        revoked=row.revoked,
    )
