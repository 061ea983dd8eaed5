"""Searches that a member keeps: theirs alone."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, Row, delete, func, insert, select, update

from corpus.catalog.engine import reading, writing
from corpus.catalog.exchange_tables import saved_searches
from corpus.catalog.membership_tables import members
from corpus.errors import Conflict, NotFound
from corpus.exchange import SavedSearch
from corpus.membership import MemberId

MOST = 100


class SavedSearches:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, member: MemberId) -> list[SavedSearch]:
        """The newest first."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(saved_searches).where(saved_searches.c.member == member).order_by(saved_searches.c.id.desc())
            )
            return [_saved(row) for row in found]

    def add(self, saved: SavedSearch) -> None:
        """Raises Conflict beyond MOST."""
        with writing(self._engine) as connection:
            # On PostgreSQL two requests at once would both count 99.
            connection.execute(select(members.c.id).where(members.c.id == saved.member).with_for_update())
            count = connection.scalar(
                select(func.count()).select_from(saved_searches).where(saved_searches.c.member == saved.member)
            )
            if (count or 0) >= MOST:
                raise Conflict(
                    f"There are {MOST} saved searches already.",
                    code="too_many_saved_searches",
                    hint="Delete one first.",
                )
            connection.execute(
                insert(saved_searches).values(
                    id=saved.id,
                    member=saved.member,
                    name=saved.name,
                    query=saved.query,
                    parameters=dict(saved.parameters),
                    made=saved.made,
                )
            )

    def rename(self, saved: str, member: MemberId, name: str | None) -> SavedSearch:
        """As it is, where the name is None. Raises NotFound, also for somebody else's."""
        wanted = (saved_searches.c.id == saved, saved_searches.c.member == member)
        with writing(self._engine) as connection:
            if name is not None:
                connection.execute(update(saved_searches).where(*wanted).values(name=name))
            row = connection.execute(select(saved_searches).where(*wanted)).first()
        if row is None:
            raise _unknown(saved)
        return _saved(row)

    def remove(self, saved: str, member: MemberId) -> None:
        """Raises NotFound, also for somebody else's."""
        with writing(self._engine) as connection:
            removed = connection.execute(
                delete(saved_searches).where(saved_searches.c.id == saved, saved_searches.c.member == member)
            )
            if removed.rowcount == 0:
                raise _unknown(saved)


def _unknown(saved: str) -> NotFound:
    return NotFound(f"There is no saved search {saved!r}.", code="unknown_saved_search")


def _saved(row: Row[Any]) -> SavedSearch:
    return SavedSearch(
        id=row.id, member=row.member, name=row.name, query=row.query, parameters=row.parameters, made=row.made
    )
