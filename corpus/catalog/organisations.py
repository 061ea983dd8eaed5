"""The member firms."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from sqlalchemy import Engine, insert, select, update

from corpus.catalog import rows
from corpus.catalog.engine import reading, writing
from corpus.catalog.tables import organisations
from corpus.documents import Organisation, OrganisationId
from corpus.errors import BadInput, NotFound

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


class Organisations:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def put(self, organisation: Organisation) -> None:
        """Adds the firm, or corrects what is known of it."""
        if not SLUG.fullmatch(organisation.id):
            raise BadInput(
                f"{organisation.id!r} is not a slug.",
                code="bad_organisation",
                hint="Use lower-case letters a-z, digits and hyphens, at most 63, such as 'cafe-alto'.",
            )
        values = {
            "name": organisation.name,
            "country": organisation.country,
            "sectors": list(organisation.sectors),
        }
        with writing(self._engine) as connection:
            changed = connection.execute(
                update(organisations).where(organisations.c.id == organisation.id).values(**values)
            )
            if changed.rowcount == 0:
                connection.execute(
                    insert(organisations).values(id=organisation.id, created=datetime.now(UTC), **values)
                )

    def get(self, organisation: OrganisationId) -> Organisation:
        with reading(self._engine) as connection:
            row = connection.execute(select(organisations).where(organisations.c.id == organisation)).first()
        if row is None:
            raise NotFound(
                f"There is no organisation {organisation!r}.",
                code="unknown_organisation",
                hint="`lonja organisation list` shows those there are, `lonja organisation add` adds one.",
            )
        return rows.organisation(row)

    def all(self) -> list[Organisation]:
        with reading(self._engine) as connection:
            return [
                rows.organisation(row)
                for row in connection.execute(select(organisations).order_by(organisations.c.name))
            ]
