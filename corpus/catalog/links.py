"""Links that work once: invitations and password resets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Row, insert, select, update

from corpus.catalog.audit import record
from corpus.catalog.engine import reading, writing
from corpus.catalog.members import insert_member, put_password
from corpus.catalog.membership_tables import links
from corpus.documents import OrganisationId, Role
from corpus.errors import NotFound
from corpus.membership import AuditEvent, Link, LinkPurpose, Member


class Links:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, link: Link, token_hash: str, event: AuditEvent) -> None:
        """An older link of the same purpose for the same address no longer works."""
        with writing(self._engine) as connection:
            connection.execute(
                update(links)
                .where(links.c.purpose == link.purpose, links.c.email == link.email, links.c.used.is_(None))
                .values(used=link.created)
            )
            connection.execute(
                insert(links).values(
                    id=link.id,
                    token_hash=token_hash,
                    purpose=link.purpose,
                    email=link.email,
                    name=link.name,
                    role=link.role,
                    organisation=link.organisation,
                    member=link.member,
                    created_by=link.created_by,
                    created=link.created,
                    expires=link.expires,
                )
            )
            record(connection, event)

    def find(self, token_hash: str, purpose: LinkPurpose, *, now: datetime) -> Link:
        """Raises NotFound where it was used, withdrawn, has expired or never was: nobody is told which."""
        with reading(self._engine) as connection:
            row = connection.execute(
                select(links).where(
                    links.c.token_hash == token_hash,
                    links.c.purpose == purpose,
                    links.c.used.is_(None),
                    links.c.expires > now,
                )
            ).first()
        if row is None:
            raise no_such_link()
        return _link(row)

    def accept_invitation(self, link: Link, member: Member, password_hash: str, event: AuditEvent) -> None:
        """The member exists and the link is used, or neither. Raises NotFound, Conflict."""
        with writing(self._engine) as connection:
            _use(connection, link, member.created)
            insert_member(connection, member, password_hash)
            record(connection, event)

    def accept_reset(self, link: Link, password_hash: str, event: AuditEvent, *, at: datetime) -> None:
        """The new password holds, every session has ended and the link is used, or nothing of it. Raises NotFound."""
        assert link.member is not None
        with writing(self._engine) as connection:
            _use(connection, link, at)
            put_password(connection, link.member, password_hash, must_change=False)
            record(connection, event)

    def pending(
        self,
        purpose: LinkPurpose,
        *,
        now: datetime,
        organisation: OrganisationId | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Link]:
        """The oldest first; ``after`` is the last one of the page already seen."""
        wanted = [links.c.purpose == purpose, links.c.used.is_(None), links.c.expires > now]
        if organisation is not None:
            wanted.append(links.c.organisation == organisation)
        if after is not None:
            wanted.append(links.c.id > after)
        with reading(self._engine) as connection:
            found = connection.execute(select(links).where(*wanted).order_by(links.c.id).limit(limit))
            return [_link(row) for row in found]

    def withdraw(
        self, link: str, event: AuditEvent, *, at: datetime, organisation: OrganisationId | None = None
    ) -> None:
        """Of this organisation only, where one is given. Raises NotFound."""
        wanted = [links.c.id == link, links.c.used.is_(None)]
        if organisation is not None:
            wanted.append(links.c.organisation == organisation)
        with writing(self._engine) as connection:
            if connection.execute(update(links).where(*wanted).values(used=at)).rowcount == 0:
                raise NotFound(f"There is no invitation {link!r}.", code="unknown_invitation")
            record(connection, event)


def _use(connection: Connection, link: Link, at: datetime) -> None:
    taken = connection.execute(
        update(links).where(links.c.id == link.id, links.c.used.is_(None), links.c.expires > at).values(used=at)
    )
    if taken.rowcount == 0:
        raise no_such_link()


def no_such_link() -> NotFound:
    return NotFound(
        "This link does not work, or no longer.",
        code="unknown_link",
        hint="A link works once and for some days. Ask for a new one.",
    )


def _link(row: Row[Any]) -> Link:
    return Link(
        id=row.id,
        purpose=LinkPurpose(row.purpose),
        email=row.email,
        name=row.name,
        role=Role(row.role),
        organisation=row.organisation,
        created=row.created,
        expires=row.expires,
        member=row.member,
        created_by=row.created_by,
    )
