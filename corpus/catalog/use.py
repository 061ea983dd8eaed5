"""Counts of use and growth: by day, and of documents that everybody may find."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Engine, delete, func, select

from corpus.catalog.engine import reading, writing
from corpus.catalog.feedback import shared_with_all
from corpus.catalog.tables import documents, organisations, versions
from corpus.catalog.upserting import count_up
from corpus.catalog.use_tables import reuse_days, search_days
from corpus.documents import OrganisationId
from corpus.use import Reused, ReusedOn, SearchDay, Searched, SearchedOn, SharedDocument


class Use:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, searched: Mapping[SearchedOn, Searched], reused: Mapping[ReusedOn, Reused]) -> None:
        with writing(self._engine) as connection:
            for by, count in sorted(searched.items(), key=lambda item: (item[0].day, item[0].asker)):
                count_up(
                    connection,
                    search_days,
                    {"day": by.day, "asker": by.asker},
                    {"searches": count.searches, "found_nothing": count.found_nothing},
                    once={"is_member": by.is_member},
                )
            for of, times in sorted(reused.items(), key=lambda item: (item[0].day, item[0].organisation)):
                count_up(
                    connection,
                    reuse_days,
                    {"day": of.day, "organisation": of.organisation},
                    {"opened": times.opened, "answered": times.answered},
                )

    def search_days(self, first: date, last: date) -> list[SearchDay]:
        """Both days are part of it."""
        with reading(self._engine) as connection:
            found = connection.execute(select(search_days).where(search_days.c.day >= first, search_days.c.day <= last))
            return [SearchDay(row.day, row.asker, row.is_member, row.searches, row.found_nothing) for row in found]

    def reuse(self, *, since: date) -> dict[OrganisationId, Reused]:
        with reading(self._engine) as connection:
            found = connection.execute(
                select(reuse_days.c.organisation, func.sum(reuse_days.c.opened), func.sum(reuse_days.c.answered))
                .where(reuse_days.c.day >= since)
                .group_by(reuse_days.c.organisation)
            )
            return {organisation: Reused(int(opened), int(answered)) for organisation, opened, answered in found}

    def shared_documents(self) -> list[SharedDocument]:
        """Those that everybody may find now."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(documents.c.organisation, documents.c.created, versions.c.passages)
                .join(versions, versions.c.id == documents.c.current_version)
                .where(shared_with_all())
            )
            return [SharedDocument(row.organisation, row.created.date(), row.passages or 0) for row in found]

    def organisations_since(self) -> list[date]:
        """The day on which each firm came."""
        with reading(self._engine) as connection:
            return [created.date() for created in connection.scalars(select(organisations.c.created))]

    def forget_before(self, day: date) -> None:
        with writing(self._engine) as connection:
            connection.execute(delete(search_days).where(search_days.c.day < day))
            connection.execute(delete(reuse_days).where(reuse_days.c.day < day))
