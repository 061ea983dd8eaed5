"""Failed sign-ins, counted where every process sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select, update

from corpus.catalog.engine import writing
from corpus.catalog.membership_tables import attempts
from corpus.catalog.upserting import inserting


@dataclass(frozen=True, slots=True)
class Allowance:
    """After ``free`` failures within ``memory`` the next try waits, twice as long after each further failure."""

    free: int
    first_wait: timedelta = timedelta(seconds=30)
    longest_wait: timedelta = timedelta(minutes=15)
    memory: timedelta = timedelta(hours=1)

    def wait_after(self, failures: int) -> timedelta:
        """None of it while failures are free."""
        if failures < self.free:
            return timedelta(0)
        doublings = min(failures - self.free, 20)
        wait: timedelta = self.first_wait * 2.0**doublings
        return min(wait, self.longest_wait)


class Attempts:
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, subjects: Mapping[str, Allowance], *, now: datetime) -> timedelta | None:
        """Counts a failure for each subject beforehand, so that many tries at once are counted as well.

        Returns how long to wait where one of them is blocked; nothing is counted then. A success takes it back with
        :meth:`succeeded`.
        """
        longest = max(allowance.memory for allowance in subjects.values())
        with writing(self._engine) as connection:
            connection.execute(delete(attempts).where(attempts.c.last < now - longest))
            _make_rows(connection, subjects, now)
            known = connection.execute(
                select(attempts)
                .where(attempts.c.subject.in_(subjects))
                .order_by(attempts.c.subject)  # the same order in every process: nobody waits in a circle
                .with_for_update()
            ).all()
            waits: list[timedelta] = [row.blocked_until - now for row in known if row.blocked_until is not None]
            if waits and max(waits) > timedelta(0):
                return max(waits)
            for row in known:
                allowance = subjects[row.subject]
                failures = 1 + (row.failures if row.last > now - allowance.memory else 0)
                wait = allowance.wait_after(failures)
                connection.execute(
                    update(attempts)
                    .where(attempts.c.subject == row.subject)
                    .values(failures=failures, last=now, blocked_until=now + wait if wait else None)
                )
        return None

    def succeeded(self, forgiven: str, others: Mapping[str, Allowance]) -> None:
        """Forgets the failures of ``forgiven``, and the one that :meth:`begin` counted for the others."""
        with writing(self._engine) as connection:
            connection.execute(delete(attempts).where(attempts.c.subject == forgiven))
            connection.execute(
                update(attempts)
                .where(attempts.c.subject.in_(others), attempts.c.failures > 0)
                .values(failures=attempts.c.failures - 1, blocked_until=None)
            )


def _make_rows(connection: Connection, subjects: Mapping[str, Allowance], now: datetime) -> None:
    connection.execute(
        inserting(connection, attempts).on_conflict_do_nothing(),
        [{"subject": subject, "failures": 0, "last": now} for subject in sorted(subjects)],
    )
