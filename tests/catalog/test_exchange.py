"""What members tell each other, kept: over both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest

from corpus.catalog import Catalog
from corpus.catalog.identity import new_id
from corpus.catalog.saved_searches import MOST
from corpus.catalog.sign_in_starts import SignInStart
from corpus.documents import Role
from corpus.errors import Conflict, NotFound
from corpus.exchange import FeedbackPlace, KnowledgeRequest, Reason, RequestAnswer, RequestState, SavedSearch
from corpus.membership import AuditEvent, Member
from tests.catalog.arrive import make_ready

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def member(catalog: Catalog, email: str = "ana@alpha.example", organisation: str = "alpha") -> str:
    made = Member(new_id(), email, "Ana", Role.MEMBER, organisation, NOW)
    catalog.members.add(made, None, AuditEvent(None, None, "member.added", "member", made.id))
    return made.id


def test_one_word_a_member_question_and_place(catalog: Catalog) -> None:
    document, ana, bea = make_ready(catalog, "Café")[0], member(catalog), member(catalog, "bea@beta.example", "beta")
    whole = FeedbackPlace(ana, "q", document, None)
    catalog.feedback.put(whole, helpful=True, reason=None, comment=None, at=NOW)
    catalog.feedback.put(whole, helpful=False, reason=Reason.OUTDATED, comment="De 2019.", at=NOW)
    catalog.feedback.put(FeedbackPlace(ana, "q", document, 0), helpful=True, reason=None, comment=None, at=NOW)
    catalog.feedback.put(FeedbackPlace(bea, "q", document, None), helpful=True, reason=None, comment=None, at=NOW)
    found = catalog.feedback.summary(document, since=NOW)
    assert (found.helpful, found.not_helpful, found.reasons) == (2, 1, {Reason.OUTDATED: 1})
    assert [comment.text for comment in found.comments] == ["De 2019."]
    catalog.feedback.take_back(whole)
    assert catalog.feedback.summary(document, since=NOW).not_helpful == 0
    assert catalog.feedback.forget_before(NOW + timedelta(seconds=1)) == 2
    assert catalog.feedback.summary(document, since=NOW).helpful == 0


def test_what_was_said_goes_with_the_document(catalog: Catalog) -> None:
    document, ana = make_ready(catalog, "Café")[0], member(catalog)
    catalog.feedback.put(FeedbackPlace(ana, "q", document, None), helpful=True, reason=None, comment=None, at=NOW)
    asked = KnowledgeRequest(new_id(), "alpha", ana, "¿?", None, RequestState.OPEN, NOW)
    catalog.requests.add(asked)
    catalog.requests.answer(asked.id, RequestAnswer(document, "beta", NOW))
    catalog.documents.mark_deleted(document)
    catalog.documents.purge(document)
    assert catalog.feedback.summary(document, since=NOW).helpful == 0
    assert catalog.requests.get(asked.id).answers == ()


def test_saved_searches_are_a_members_own_and_at_most_a_hundred(catalog: Catalog) -> None:
    ana, bea = member(catalog), member(catalog, "bea@alpha.example")
    saved = [SavedSearch(new_id(), ana, f"{number}", "café", {"mode": "hybrid"}, NOW) for number in range(MOST)]
    for one in saved:
        catalog.saved_searches.add(one)
    with pytest.raises(Conflict, match="already"):
        catalog.saved_searches.add(SavedSearch(new_id(), ana, "more", "café", {}, NOW))
    catalog.saved_searches.add(SavedSearch(new_id(), bea, "hers", "café", {}, NOW))
    assert {one.id for one in catalog.saved_searches.of(ana)} == {one.id for one in saved}
    assert catalog.saved_searches.rename(saved[0].id, ana, "new").name == "new"
    with pytest.raises(NotFound):
        catalog.saved_searches.rename(saved[0].id, bea, "x")
    with pytest.raises(NotFound):
        catalog.saved_searches.remove(saved[0].id, bea)
    catalog.saved_searches.remove(saved[0].id, ana)
    assert len(catalog.saved_searches.of(ana)) == MOST - 1


def test_the_hundredth_is_saved_once_by_two_at_the_same_time(catalog: Catalog) -> None:
    ana = member(catalog)
    for number in range(MOST - 1):
        catalog.saved_searches.add(SavedSearch(new_id(), ana, f"{number}", "café", {}, NOW))
    refused: list[str] = []
    together = Barrier(2)

    def save(name: str) -> None:
        together.wait()
        try:
            catalog.saved_searches.add(SavedSearch(new_id(), ana, name, "café", {}, NOW))
        except Conflict:
            refused.append(name)

    threads = [Thread(target=save, args=(name,)) for name in ("one", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert len(catalog.saved_searches.of(ana)) == MOST


def test_requests_by_state_and_page(catalog: Catalog) -> None:
    ana = member(catalog)
    made = [
        KnowledgeRequest(f"{number:016}", "alpha", ana, f"{number}", "es", RequestState.OPEN, NOW)
        for number in range(5)
    ]
    for one in made:
        catalog.requests.add(one)
    catalog.requests.set_state(made[2].id, RequestState.ANSWERED)
    first = catalog.requests.page(limit=2)
    assert [one.text for one in first] == ["4", "3"]
    assert [one.text for one in catalog.requests.page(before=first[-1].id)] == ["2", "1", "0"]
    assert [one.text for one in catalog.requests.page(state=RequestState.ANSWERED)] == ["2"]
    assert catalog.requests.count("alpha", RequestState.OPEN) == 4
    document = make_ready(catalog, "Café")[0]
    for _ in range(2):
        answered = catalog.requests.answer(made[0].id, RequestAnswer(document, "beta", NOW))
    assert [answer.document for answer in answered.answers] == [document]
    catalog.requests.take_answer_back(made[0].id, document)
    assert catalog.requests.get(made[0].id).answers == ()
    catalog.requests.remove(made[0].id, AuditEvent(None, None, "request.deleted", "request", made[0].id))
    with pytest.raises(NotFound):
        catalog.requests.get(made[0].id)
    with pytest.raises(NotFound):
        catalog.requests.set_state(made[0].id, RequestState.OPEN)


def test_a_sign_in_comes_back_once_and_in_time(catalog: Catalog) -> None:
    start = SignInStart("browser", "nonce", "verifier", NOW + timedelta(minutes=10))
    catalog.sign_in_starts.add("state", start, now=NOW)
    assert catalog.sign_in_starts.take("other", now=NOW) is None
    assert catalog.sign_in_starts.take("state", now=NOW) == start
    assert catalog.sign_in_starts.take("state", now=NOW) is None
    catalog.sign_in_starts.add("late", start, now=NOW)
    assert catalog.sign_in_starts.take("late", now=start.expires) is None
