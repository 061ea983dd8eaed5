"""Weeks and months."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from corpus.errors import BadInput

Step = Literal["week", "month"]
LONGEST = timedelta(days=3660)
EARLIEST, LATEST = date(2000, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Period:
    first: date
    last: date  # part of it


def periods(first: date | None, last: date | None, step: Step, today: date) -> list[Period]:
    """Whole weeks (from Monday) or months from the one with ``first`` to the one with ``last``; of the last year else.

    Raises BadInput.
    """
    last = last or today
    first = first or last - timedelta(days=364)
    if not EARLIEST <= first <= last <= LATEST or last - first > LONGEST:
        raise BadInput(
            f"From {first} to {last} is no stretch of time that can be told.",
            code="bad_period",
            hint="`from` comes before `to`, ten years at most, between 2000 and 2100.",
        )
    found = []
    begin = _begin(first, step)
    while begin <= last:
        following = _begin(begin + timedelta(days=7 if step == "week" else 31), step)
        found.append(Period(begin, following - timedelta(days=1)))
        begin = following
    return found


def _begin(day: date, step: Step) -> date:
    return day - timedelta(days=day.weekday()) if step == "week" else day.replace(day=1)
