"""Asking the cluster: all firms read the question, each sees the answers that it may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.service.conftest import Browser, Stocked, stocked_server


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    with stocked_server(tmp_path_factory.mktemp("requests")) as server:
        yield server


def ask(browser: Browser, text: str = "¿Quién ha exportado quinua a Corea?") -> dict[str, Any]:
    made = browser.post("/requests", json={"text": text, "language": "es"})
    assert made.status_code == 201, made.text
    return dict(made.json())


def point(browser: Browser, request: str, document: str) -> tuple[int, str | None]:
    answer = browser.post(f"/requests/{request}/answers", json={"document": document})
    return answer.status_code, answer.json().get("code")


def read(browser: Browser, request: str) -> dict[str, Any]:
    items = browser.get("/requests", params={"state": "all", "limit": 200}).json()["items"]
    return next(each for each in items if each["id"] == request)


def test_a_firm_asks_and_others_answer(hall: Stocked) -> None:
    asker, answerer = hall.as_("member@gamma.example"), hall.as_("member@beta.example")
    asked = ask(asker)
    assert asked["organisation"] == {"id": "gamma", "name": "Gamma"}
    assert (asked["state"], asked["mine"], asked["may_change"], asked["answers"]) == ("open", True, True, [])

    assert point(answerer, asked["id"], hall.ids["Exportar café a China"])[0] == 200
    assert point(answerer, asked["id"], hall.ids["Exportar café a China"])[0] == 200, "twice is once"
    told = read(asker, asked["id"])
    [answer] = told["answers"]
    assert answer["title"] == "Exportar café a China"
    assert answer["organisation"]["id"] == "beta"
    assert told["state"] == "open", "who asked says when it is answered"

    closed = asker.patch(f"/requests/{asked['id']}", json={"state": "answered"})
    assert closed.json()["state"] == "answered"
    listed = {
        state: [each["id"] for each in answerer.get("/requests", params={"state": state}).json()["items"]]
        for state in ("open", "answered", "all")
    }
    assert asked["id"] not in listed["open"]
    assert asked["id"] in listed["answered"]
    assert asked["id"] in listed["all"]


def test_other_firms_learn_the_firm_and_not_the_person(hall: Stocked) -> None:
    asked = ask(hall.as_("member@gamma.example"), "Who knows a notary in Milan?")
    answer = hall.as_("member@alpha.example").get("/requests")
    told = next(each for each in answer.json()["items"] if each["id"] == asked["id"])
    assert told["mine"] is False
    assert "member@gamma" not in answer.text


def test_a_document_that_the_asker_may_not_see_is_no_answer(hall: Stocked) -> None:
    asked = ask(hall.as_("member@gamma.example"))["id"]
    beta, alpha = hall.as_("coordinator@beta.example"), hall.as_("coordinator@alpha.example")
    assert point(beta, asked, hall.ids["Margens da Beta"]) == (409, "asker_may_not_see")
    assert point(alpha, asked, hall.ids["Margens da Beta"]) == (404, "unknown_document")
    assert point(alpha, asked, hall.ids["Borrador de café"]) == (409, "asker_may_not_see")
    # Beta shares it with Alpha: whether with Gamma as well is Beta's business, so Alpha is told the same either way.
    shared = hall.ids["Acordo entre Beta e Alpha"]
    assert point(alpha, asked, shared) == (409, "asker_may_not_see")
    beta.put(f"/documents/{shared}/audience", json={"scope": "organisations", "organisations": ["alpha", "gamma"]})
    assert point(alpha, asked, shared) == (409, "asker_may_not_see")
    assert point(beta, asked, shared)[0] == 200
    assert [each["document"] for each in read(hall.as_("member@gamma.example"), asked)["answers"]] == [shared]

    beta.put(f"/documents/{shared}/audience", json={"scope": "organisations", "organisations": ["alpha"]})
    assert read(hall.as_("member@gamma.example"), asked)["answers"] == [], "narrowed: gone with the answer that says so"
    assert [each["document"] for each in read(alpha, asked)["answers"]] == [shared]


def test_who_may_change_it(hall: Stocked) -> None:
    asked = ask(hall.as_("member@beta.example"))["id"]
    for who in ("coordinator@beta.example", "member@alpha.example"):
        other = hall.as_(who)
        assert other.patch(f"/requests/{asked}", json={"state": "answered"}).status_code == 403
        assert other.delete(f"/requests/{asked}").status_code == 403
    administrator = hall.as_("admin@alpha.example")
    assert administrator.patch(f"/requests/{asked}", json={"state": "answered"}).status_code == 200
    assert administrator.delete(f"/requests/{asked}").status_code == 204
    assert administrator.delete(f"/requests/{asked}").status_code == 404
    events = administrator.get("/audit", params={"object_id": asked}).json()["items"]
    assert [event["action"] for event in events] == ["request.deleted"]


def test_an_answer_is_taken_back_by_who_gave_it_or_who_asked(hall: Stocked) -> None:
    asked = ask(hall.as_("member@gamma.example"))["id"]
    document = hall.ids["Exportar café a China"]
    path = f"/requests/{asked}/answers/{document}"
    point(hall.as_("member@beta.example"), asked, document)
    assert hall.as_("member@alpha.example").delete(path).status_code == 403
    assert hall.as_("coordinator@beta.example").delete(path).status_code == 204
    point(hall.as_("member@beta.example"), asked, document)
    assert hall.as_("member@gamma.example").delete(path).status_code == 204
    assert read(hall.as_("member@gamma.example"), asked)["answers"] == []


def test_keys_and_people_without_a_firm_are_left_out(hall: Stocked) -> None:
    bot = hall.server.browser(Authorization=f"Bearer {hall.key('alpha')}")
    assert bot.get("/requests").status_code == 403
    assert bot.post("/requests", json={"text": "?"}).status_code == 403


def test_pages_go_from_the_newest_to_the_oldest(hall: Stocked) -> None:
    asker = hall.as_("member@alpha.example")
    made = [ask(asker, f"question {number}")["id"] for number in range(5)]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": 2, "state": "all"} | ({"cursor": cursor} if cursor else {})
        page = asker.get("/requests", params=params).json()
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen))
    assert set(made) <= set(seen)


@pytest.mark.parametrize("wrong", [{"text": ""}, {"text": "x" * 501}, {"text": "a\x00"}, {"language": "español"}])
def test_wrong_requests_are_refused(hall: Stocked, wrong: dict[str, Any]) -> None:
    assert hall.as_("member@alpha.example").post("/requests", json={"text": "x"} | wrong).status_code == 422
