"""Signed-in browsers. A session that is gone from here is signed out, in every process."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Engine, Row, bindparam, delete, insert, select, update

from corpus.catalog.engine import reading, writing
from corpus.catalog.members import member_of
from corpus.catalog.membership_tables import members, sessions
from corpus.membership import Member, MemberId, Session

_FIND = select(sessions).where(  # these two are made once: they are asked with every request
    sessions.c.token_hash == bindparam("hash"),
    sessions.c.expires > bindparam("now"),
    sessions.c.last_seen > bindparam("latest"),
)
_WHO = select(members).where(members.c.id == bindparam("member"), members.c.active.is_(True))


class Sessions:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def open(self, session: Session, token_hash: str) -> None:
        """Sweeps what has expired as well."""
        with writing(self._engine) as connection:
            connection.execute(delete(sessions).where(sessions.c.expires < session.created))
            connection.execute(
                insert(sessions).values(
                    id=session.id,
                    token_hash=token_hash,
                    member=session.member,
                    created=session.created,
                    expires=session.expires,
                    last_seen=session.last_seen,
                    user_agent=session.user_agent[:200],
                )
            )
            connection.execute(
                update(members).where(members.c.id == session.member).values(last_sign_in=session.created)
            )

    def find(self, token_hash: str, *, now: datetime, idle: timedelta) -> tuple[Session, Member] | None:
        """None where it has expired, was idle for too long, or its member is no longer active."""
        with reading(self._engine) as connection:
            row = connection.execute(_FIND, {"hash": token_hash, "now": now, "latest": now - idle}).first()
            if row is None:
                return None
            who = connection.execute(_WHO, {"member": row.member}).first()
            return None if who is None else (_session(row), member_of(who))

    def of(self, member: MemberId, *, now: datetime, idle: timedelta) -> list[Session]:
        """Those that are still open, the latest first."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(sessions)
                .where(
                    sessions.c.member == member,
                    sessions.c.expires > now,
                    sessions.c.last_seen > now - idle,
                )
                .order_by(sessions.c.created.desc(), sessions.c.id)
            )
            return [_session(row) for row in found]

    def end(self, session: str, member: MemberId) -> bool:
        """False where the member has no such session."""
        with writing(self._engine) as connection:
            ended = connection.execute(delete(sessions).where(sessions.c.id == session, sessions.c.member == member))
            return ended.rowcount > 0

    def end_all(self, member: MemberId, *, but: str | None = None) -> int:
        """How many were ended."""
        wanted = [sessions.c.member == member]
        if but is not None:
            wanted.append(sessions.c.id != but)
        with writing(self._engine) as connection:
            return connection.execute(delete(sessions).where(*wanted)).rowcount

    def seen(self, when: Mapping[str, datetime]) -> None:
        """Session ids and when they were last seen."""
        with writing(self._engine) as connection:
            for session, moment in when.items():
                connection.execute(update(sessions).where(sessions.c.id == session).values(last_seen=moment))


def _session(row: Row[Any]) -> Session:
    return Session(
        id=row.id,
        member=row.member,
        created=row.created,
        expires=row.expires,
        last_seen=row.last_seen,
        user_agent=row.user_agent,
    )
