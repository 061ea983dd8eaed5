"""Whether a hit helped: one word a member, question and place; read by who curates the document, without names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.service.conftest import Stocked, stocked_server

QUESTION = "certificado de origen para café"


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    with stocked_server(tmp_path_factory.mktemp("feedback")) as server:
        yield server


def say(hall: Stocked, who: str, title: str, verdict: str = "helpful", **more: Any) -> int:
    body = {"query": QUESTION, "document": hall.ids[title], "verdict": verdict} | more
    return hall.as_(who).post("/search/feedback", json=body).status_code


def heard(hall: Stocked, who: str, title: str) -> Any:
    return hall.as_(who).get(f"/documents/{hall.ids[title]}/feedback").json()


def test_a_second_word_replaces_the_first_and_may_be_taken_back(hall: Stocked) -> None:
    title, curator = "Exportar café a China", "coordinator@alpha.example"
    assert say(hall, "member@beta.example", title, passage=1) == 204
    assert (
        say(hall, "member@beta.example", title, "not_helpful", passage=1, reason="outdated", comment=" De 2019. ")
        == 204
    )
    assert say(hall, "member@gamma.example", title) == 204
    told = heard(hall, curator, title)
    assert (told["helpful"], told["not_helpful"], told["reasons"]) == (1, 1, {"outdated": 1})
    assert [comment["text"] for comment in told["comments"]] == ["De 2019."]

    key = {"query": f" {QUESTION.upper()} ", "document": hall.ids[title]}  # the same question, typed otherwise
    gone = hall.as_("member@beta.example").delete("/search/feedback", params={**key, "passage": 1})
    assert gone.status_code == 204
    assert heard(hall, curator, title)["not_helpful"] == 0
    assert hall.as_("member@alpha.example").delete("/search/feedback", params=key).status_code == 204
    assert heard(hall, curator, title)["helpful"] == 1, "nobody takes back what another one said"


def own(hall: Stocked, browser: Any, title: str, query: str = QUESTION) -> tuple[str | None, dict[int, str]]:
    """What search tells its caller of what they said: of the document, and of its passages."""
    answer = browser.post("/search", json={"query": query, "limit": 50, "passages_per_document": 10})
    hit = next(hit for hit in answer.json()["hits"] if hit["document"]["id"] == hall.ids[title])
    return hit["verdict"], {one["ordinal"]: one["verdict"] for one in hit["passages"] if one["verdict"]}


def test_search_gives_one_s_own_word_back_and_nobody_else_s(hall: Stocked) -> None:
    title, who, query = "Exportar café a China", "coordinator@beta.example", "aduana china café"
    say(hall, who, title, "not_helpful", query=query, passage=1)
    say(hall, who, title, query=query)
    assert own(hall, hall.as_(who), title, "  ADUANA  china café ") == ("helpful", {1: "not_helpful"})
    assert own(hall, hall.as_(who), title, "aduana china cacao y café") == (None, {}), "it was said of another question"
    for other in ("member@beta.example", "coordinator@alpha.example", "admin@alpha.example"):
        assert own(hall, hall.as_(other), title, query) == (None, {}), other
    for firm in ("beta", "gamma"):
        program = hall.server.browser(Authorization=f"Bearer {hall.key(firm)}")
        assert own(hall, program, title, query) == (None, {}), firm
    key = {"query": query, "document": hall.ids[title]}
    assert hall.as_(who).delete("/search/feedback", params={**key, "passage": 1}).status_code == 204
    assert own(hall, hall.as_(who), title, query) == ("helpful", {})
    assert hall.as_(who).delete("/search/feedback", params=key).status_code == 204
    assert own(hall, hall.as_(who), title, query) == (None, {})


def test_nobody_is_told_who_said_it(hall: Stocked) -> None:
    say(hall, "member@gamma.example", "Phytosanitary papers for cacao", "not_helpful", comment="Incomplete list.")
    answer = hall.as_("coordinator@beta.example").get(
        f"/documents/{hall.ids['Phytosanitary papers for cacao']}/feedback"
    )
    assert "Incomplete list." in answer.text
    assert "gamma" not in answer.text


def test_only_who_may_correct_a_document_reads_it(hall: Stocked) -> None:
    document = hall.ids["Leather fairs"]
    for who, status in (
        ("coordinator@gamma.example", 200), ("member@gamma.example", 403), ("admin@alpha.example", 403),
    ):  # fmt: skip
        assert hall.as_(who).get(f"/documents/{document}/feedback").status_code == status, who


def test_what_one_may_not_see_is_not_there(hall: Stocked) -> None:
    assert say(hall, "member@gamma.example", "Margens da Beta") == 404
    assert say(hall, "member@beta.example", "Borrador de café") == 404
    assert say(hall, "member@gamma.example", "Leather fairs", passage=99) == 404
    hidden = hall.as_("member@gamma.example").get(f"/documents/{hall.ids['Margens da Beta']}/feedback")
    assert hidden.status_code == 404


def test_keys_give_none(hall: Stocked) -> None:
    answer = hall.server.browser(Authorization=f"Bearer {hall.key('alpha')}").post(
        "/search/feedback", json={"query": QUESTION, "document": hall.ids["Leather fairs"], "verdict": "helpful"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "wrong", [{"verdict": "so so"}, {"reason": "boring"}, {"comment": "x" * 1001}, {"comment": "\x00"}, {"passage": -1}]
)
def test_wrong_words_are_refused(hall: Stocked, wrong: dict[str, Any]) -> None:
    assert say(hall, "member@alpha.example", "Leather fairs", **wrong) == 422


def test_words_fade(hall: Stocked) -> None:
    title = "Acordo entre Beta e Alpha"
    assert say(hall, "member@alpha.example", title) == 204
    assert heard(hall, "coordinator@beta.example", title)["helpful"] == 1
    hall.server.clock.move(days=731)
    try:
        browser = hall.server.signed_in("coordinator@beta.example")
        assert browser.get(f"/documents/{hall.ids[title]}/feedback").json()["helpful"] == 0
    finally:
        hall.server.clock.move(days=-731)
        hall.browsers.clear()  # their sessions have ended meanwhile
