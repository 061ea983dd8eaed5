"""The people: who they are, what they may do, and the hash of their password."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from corpus.catalog.audit import record
from corpus.catalog.engine import reading, writing
from corpus.catalog.membership_tables import members, sessions
from corpus.documents import OrganisationId, Role
from corpus.errors import Conflict, NotFound
from corpus.membership import AuditEvent, Member, MemberId


class Members:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, member: Member, password_hash: str | None, event: AuditEvent) -> None:
        """Raises Conflict where the e-mail address has a member already."""
        with writing(self._engine) as connection:
            insert_member(connection, member, password_hash)
            record(connection, event)

    def has_administrator(self) -> bool:
        with reading(self._engine) as connection:
            return bool(_administrators(connection))

    def add_first_administrator(self, member: Member, password_hash: str, event: AuditEvent) -> bool:
        """False where there is an administrator already, made by another process a moment ago perhaps."""
        try:
            with writing(self._engine) as connection:
                if _administrators(connection):
                    return False
                insert_member(connection, member, password_hash)
                record(connection, event)
        except Conflict:
            return False
        return True

    def get(self, member: MemberId, *, organisation: OrganisationId | None = None) -> Member:
        """Of this organisation only, where one is given. Raises NotFound."""
        wanted = [members.c.id == member]
        if organisation is not None:
            wanted.append(members.c.organisation == organisation)
        with reading(self._engine) as connection:
            row = connection.execute(select(members).where(*wanted)).first()
        if row is None:
            raise unknown(member)
        return member_of(row)

    def by_email(self, email: str) -> Member | None:
        found = self.credentials(email)
        return None if found is None else found[0]

    def credentials(self, email: str) -> tuple[Member, str | None] | None:
        """The member and the hash of the password."""
        with reading(self._engine) as connection:
            row = connection.execute(select(members).where(members.c.email == email)).first()
        return None if row is None else (member_of(row), row.password_hash)

    def page(
        self, *, organisation: OrganisationId | None = None, after: MemberId | None = None, limit: int = 100
    ) -> list[Member]:
        """The oldest first; ``after`` is the last one of the page already seen."""
        wanted = []
        if organisation is not None:
            wanted.append(members.c.organisation == organisation)
        if after is not None:
            wanted.append(members.c.id > after)
        with reading(self._engine) as connection:
            found = connection.execute(select(members).where(*wanted).order_by(members.c.id).limit(limit))
            return [member_of(row) for row in found]

    def change(self, member: Member, event: AuditEvent) -> Member:
        """Name, organisation, role and whether active. Whoever is no longer active is signed out everywhere.

        Raises NotFound, and Conflict where no active administrator would be left.
        """
        with writing(self._engine) as connection:
            was_one = member.id in _administrators(connection)
            row = connection.execute(
                update(members)
                .where(members.c.id == member.id)
                .values(name=member.name, organisation=member.organisation, role=member.role, active=member.active)
                .returning(members)
            ).first()
            if row is None:
                raise unknown(member.id)
            if was_one and not _administrators(connection):
                raise Conflict(
                    "No active administrator would be left.",
                    code="last_administrator",
                    hint="Make somebody else an administrator first.",
                )
            if not member.active:
                connection.execute(delete(sessions).where(sessions.c.member == member.id))
            record(connection, event)
            return member_of(row)

    def set_password(
        self,
        member: MemberId,
        password_hash: str,
        event: AuditEvent,
        *,
        must_change: bool = False,
    ) -> None:
        """Every session of the member ends with it."""
        with writing(self._engine) as connection:
            put_password(connection, member, password_hash, must_change=must_change)
            record(connection, event)

    def remove_password(self, member: MemberId, event: AuditEvent) -> None:
        """Nobody signs in with it any more; open sessions stay."""
        with writing(self._engine) as connection:
            connection.execute(
                update(members).where(members.c.id == member).values(password_hash=None, must_change_password=False)
            )
            record(connection, event)

    def rehash(self, member: MemberId, password_hash: str) -> None:
        """The same password, hashed the way of today."""
        with writing(self._engine) as connection:
            connection.execute(update(members).where(members.c.id == member).values(password_hash=password_hash))


def insert_member(connection: Connection, member: Member, password_hash: str | None) -> None:
    try:
        connection.execute(
            insert(members).values(
                id=member.id,
                email=member.email,
                name=member.name,
                organisation=member.organisation,
                role=member.role,
                active=member.active,
                password_hash=password_hash,
                must_change_password=member.must_change_password,
                created=member.created,
            )
        )
    except IntegrityError as error:
        raise Conflict(
            f"{member.email} is a member already.",
            code="email_taken",
            hint="Change that member, or make a password link.",
        ) from error


def put_password(connection: Connection, member: MemberId, password_hash: str, *, must_change: bool) -> None:
    changed = connection.execute(
        update(members)
        .where(members.c.id == member)
        .values(password_hash=password_hash, must_change_password=must_change)
    )
    if changed.rowcount == 0:
        raise unknown(member)
    connection.execute(delete(sessions).where(sessions.c.member == member))


def _administrators(connection: Connection) -> set[MemberId]:
    """The active ones, held until the transaction ends: two that demote each other take turns."""
    return set(
        connection.scalars(
            select(members.c.id)
            .where(members.c.role == Role.ADMINISTRATOR, members.c.active.is_(True))
            .order_by(members.c.id)
            .with_for_update()
        )
    )


def unknown(member: MemberId) -> NotFound:
    return NotFound(f"There is no member {member!r}.", code="unknown_member")


def member_of(row: Row[Any]) -> Member:
    return Member(
        id=row.id,
        email=row.email,
        name=row.name,
        role=Role(row.role),
        organisation=row.organisation,
        created=row.created,
        active=row.active,
        must_change_password=row.must_change_password,
        last_sign_in=row.last_sign_in,
    )
