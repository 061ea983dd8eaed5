"""Growth and use in counts. Nothing here tells who, nor of documents that not everybody may find."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from datetime import date, timedelta
from itertools import accumulate

from corpus.use import Reused, SearchDay
from search_api.documents.schemas import OrganisationName
from search_api.service import Service
from search_api.statistics.periods import Step, periods
from search_api.statistics.schemas import GrowthPoint, NotFoundItem, ReuseItem, UsePoint

YEAR = timedelta(days=365)


def growth(service: Service, first: date | None, last: date | None, step: Step) -> list[GrowthPoint]:
    """Raises BadInput."""
    wanted = periods(first, last, step, service.clock().date())
    shared = sorted(service.library.catalog.use.shared_documents(), key=lambda each: each.since)
    days = [each.since for each in shared]
    passages = [0, *accumulate(each.passages for each in shared)]
    came = sorted(service.library.catalog.use.organisations_since())
    points = []
    for period in wanted:
        documents = bisect_right(days, period.last)
        points.append(
            GrowthPoint(
                begin=period.first,
                documents=documents,
                passages=passages[documents],
                organisations=bisect_right(came, period.last),
            )
        )
    return points


def use(service: Service, first: date | None, last: date | None, step: Step) -> list[UsePoint]:
    """Raises BadInput."""
    wanted = periods(first, last, step, service.clock().date())
    service.recording.write()
    days = service.library.catalog.use.search_days(wanted[0].first, wanted[-1].last)
    begins = [period.first for period in wanted]
    within: list[list[SearchDay]] = [[] for _ in wanted]
    for day in days:
        within[bisect_right(begins, day.day) - 1].append(day)
    return [
        UsePoint(
            begin=begin,
            searches=sum(each.searches for each in some),
            by_chatbots=sum(each.searches for each in some if not each.is_member),
            members=len({each.asker for each in some if each.is_member}),
            found_nothing=sum(each.found_nothing for each in some),
        )
        for begin, some in zip(begins, within, strict=True)
    ]


def reuse(service: Service) -> list[ReuseItem]:
    """Of every firm, within a year."""
    service.recording.write()
    now = service.clock()
    catalog = service.library.catalog
    counts = catalog.use.reuse(since=(now - YEAR).date())
    said = catalog.feedback.from_other_firms(since=now - YEAR)
    documents = Counter(each.organisation for each in catalog.use.shared_documents())

    def told(count: int) -> int | None:
        return count if count >= service.settings.least_count else None

    return [
        ReuseItem(
            organisation=OrganisationName(id=firm.id, name=firm.name),
            documents=documents[firm.id],
            opened_by_others=told(counts.get(firm.id, Reused()).opened),
            searches_answered=told(counts.get(firm.id, Reused()).answered),
            helpful=told(said.get(firm.id, (0, 0))[0]),
            not_helpful=told(said.get(firm.id, (0, 0))[1]),
        )
        for firm in catalog.organisations.all()
    ]


def not_found(service: Service) -> list[NotFoundItem]:
    service.recording.write()
    since = service.clock().date() - timedelta(days=service.settings.query_days)
    found = service.library.catalog.asked.unanswered(service.settings.crowd, since=since)
    return [NotFoundItem.model_validate(each) for each in found]
