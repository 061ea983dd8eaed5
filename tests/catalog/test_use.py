"""What is kept of use: counts add up, a crowd is different people of different firms, and what has expired is gone."""

from __future__ import annotations

from datetime import date, timedelta

from corpus.catalog import Catalog
from corpus.use import Asked, AskedOn, Crowd, Reused, ReusedOn, Searched, SearchedOn

TODAY = date(2026, 3, 1)


def ask(catalog: Catalog, topic: str, asker: str, firm: str, *, text: str = "", nothing: int = 0, ago: int = 0) -> None:
    on = AskedOn(topic, f"{topic}:{asker}", f"{topic}:{firm}", TODAY - timedelta(days=ago))
    catalog.asked.add({on: Asked(text or topic, 1, nothing)})


def test_a_crowd_is_three_members_of_two_firms(catalog: Catalog) -> None:
    for asker, firm in (("ana", "alpha"), ("bea", "alpha"), ("carla", "beta")):
        ask(catalog, "cafe china", asker, firm, text="Café China" if asker != "bea" else "china café")
        ask(catalog, "nothing there", asker, firm, nothing=1)
        ask(catalog, "one firm", asker, "alpha")
    for _ in range(5):
        ask(catalog, "two people", "ana", "alpha")
        ask(catalog, "two people", "carla", "beta")
    found = catalog.asked.frequent(Crowd(), since=TODAY)
    assert [(query.text, query.members) for query in found] == [("Café China", 3)]
    missed = catalog.asked.unanswered(Crowd(), since=TODAY)
    assert [(topic.topic, topic.times, topic.members) for topic in missed] == [("nothing there", 3, 3)]
    assert catalog.asked.frequent(Crowd(members=4), since=TODAY) == []
    assert catalog.asked.frequent(Crowd(organisations=3), since=TODAY) == []


def test_days_are_forgotten(catalog: Catalog) -> None:
    for asker, firm, ago in (("ana", "alpha", 0), ("bea", "alpha", 0), ("carla", "beta", 90)):
        ask(catalog, "cafe", asker, firm, ago=ago)
    assert catalog.asked.frequent(Crowd(), since=TODAY - timedelta(days=90))
    assert catalog.asked.frequent(Crowd(), since=TODAY - timedelta(days=89)) == []
    assert catalog.asked.forget_before(TODAY) == 1
    assert catalog.asked.frequent(Crowd(), since=TODAY - timedelta(days=90)) == []


def test_a_secret_is_made_once(catalog: Catalog) -> None:
    assert len(catalog.asked.secret("use")) == 32
    assert catalog.asked.secret("use") == catalog.asked.secret("use")
    assert catalog.asked.secret("use") != catalog.asked.secret("else")


def test_counts_of_a_day_add_up(catalog: Catalog) -> None:
    by, of = SearchedOn(TODAY, "a", True), ReusedOn(TODAY, "alpha")
    for _ in range(2):
        catalog.use.add({by: Searched(2, 1)}, {of: Reused(1, 3)})
    [day] = catalog.use.search_days(TODAY, TODAY)
    assert (day.searches, day.found_nothing, day.is_member) == (4, 2, True)
    assert catalog.use.reuse(since=TODAY) == {"alpha": Reused(2, 6)}
    assert catalog.use.reuse(since=TODAY + timedelta(days=1)) == {}
    catalog.use.forget_before(TODAY + timedelta(days=1))
    assert catalog.use.search_days(TODAY, TODAY) == []
    assert catalog.use.reuse(since=TODAY) == {}
