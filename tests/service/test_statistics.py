"""What is told of use: counts, and words that a crowd asked for; never who, and nothing of what is hidden."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from corpus.documents import Role
from corpus.settings import LibrarySettings
from search_api.statistics.words import is_harmless, topic_of
from tests.database import POSTGRESQL
from tests.service.conftest import FIRMS, Server, Stocked, serving, stocked_server

NOTHING = "submarinos nucleares soviéticos"
FOUND = "certificado de origen"


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str]] | None:
    """A data folder to be copied, which is quicker than filling one; None where the catalog is not in it."""
    if POSTGRESQL is not None:
        return None
    folder = tmp_path_factory.mktemp("prepared")
    with stocked_server(folder) as server:
        return folder, server.ids


@pytest.fixture
def hall(tmp_path: Path, prepared: tuple[Path, dict[str, str]] | None) -> Iterator[Stocked]:
    """Of a test's own: counts are what it is about."""
    if prepared is None:
        with stocked_server(tmp_path) as server:
            yield server
        return
    folder, ids = prepared
    data = tmp_path / "data"
    shutil.copytree(folder, data)
    with serving(LibrarySettings(data=data), ids) as server:
        yield server


def search(hall: Stocked, who: str, query: str, **more: Any) -> bool:
    """Whether something was found."""
    answer = hall.as_(who).post("/search", json={"query": query, **more})
    assert answer.status_code == 200, answer.text
    return not answer.json()["nothing_found"]


def told(hall: Stocked, what: str, **params: Any) -> Any:
    answer = hall.as_("admin@alpha.example").get(f"/statistics/{what}", params=params)
    assert answer.status_code == 200, answer.text
    return answer.json()


def suggested(hall: Stocked, typed: str) -> list[str]:
    found = hall.as_("member@gamma.example").get("/suggestions", params={"q": typed}).json()
    return [each["text"] for each in found if each["kind"] == "query"]


def test_a_question_is_suggested_when_three_members_of_two_firms_asked_it(hall: Stocked) -> None:
    asked = {
        "alone": ["member@alpha.example"],
        "one firm": ["member@alpha.example", "coordinator@alpha.example", "admin@alpha.example"],
        "two": ["member@alpha.example", "member@beta.example"],
        "crowd": ["member@alpha.example", "coordinator@alpha.example", "member@beta.example"],
    }
    queries = {
        "alone": "aduana china", "one firm": "factura comercial", "two": "lista de empaque", "crowd": FOUND,
    }  # fmt: skip
    for name, people in asked.items():
        for who in people:
            for _ in range(3):  # asking again and again makes nobody a crowd
                assert search(hall, who, queries[name])
    told(hall, "use")  # what is counted is written
    assert suggested(hall, "certificado") == [FOUND]
    assert suggested(hall, "origen cert") == [FOUND]
    for hidden in ("aduana", "factura", "lista"):
        assert suggested(hall, hidden) == []
    bare = hall.as_("member@gamma.example").get("/suggestions", params={"q": "certificado"}).json()
    assert bare[0] == {"text": FOUND, "kind": "query", "document": None}


def test_what_is_not_for_everybody_is_suggested_to_nobody(hall: Stocked) -> None:
    """Beta and Alpha share a document with each other, and ask for it."""
    private = "contêiner Xangai"
    for who in ("member@alpha.example", "member@beta.example", "coordinator@beta.example"):
        assert search(hall, who, private)
    told(hall, "use")
    for who in ("member@gamma.example", "member@alpha.example"):
        found = hall.as_(who).get("/suggestions", params={"q": "contêiner"}).json()
        assert [each for each in found if each["kind"] == "query"] == []


def test_a_question_in_other_forms_of_the_words_is_suggested(hall: Stocked) -> None:
    for who in ("member@alpha.example", "member@beta.example", "coordinator@beta.example"):
        assert search(hall, who, "certificados de origen")
    told(hall, "use")
    assert suggested(hall, "certificado") == ["certificados de origen"]


def test_the_same_words_are_the_same_question(hall: Stocked) -> None:
    for who, typed in (
        ("member@alpha.example", "Café China"), ("member@beta.example", "china cafe"),
        ("coordinator@beta.example", "Café  China"),
    ):  # fmt: skip
        assert search(hall, who, typed)
    told(hall, "use")
    assert suggested(hall, "cafe") == ["Café China"]


def test_what_finds_nothing_is_told_to_administrators_and_suggested_to_nobody(hall: Stocked) -> None:
    for who in ("member@alpha.example", "member@beta.example"):
        assert not search(hall, who, NOTHING)
    assert told(hall, "not-found") == {"items": []}
    assert not search(hall, "coordinator@beta.example", NOTHING.upper())
    assert told(hall, "not-found") == {"items": [{"topic": topic_of(NOTHING), "times": 3, "members": 3}]}
    assert suggested(hall, "submarinos") == []
    hall.server.clock.move(days=91)
    assert hall.server.signed_in("admin@alpha.example").get("/statistics/not-found").json() == {"items": []}


def test_what_keys_ask_is_counted_and_its_words_are_not_kept(hall: Stocked) -> None:
    for firm in FIRMS:
        bot = hall.server.browser(Authorization=f"Bearer {hall.key(firm)}")
        assert bot.post("/search", json={"query": FOUND}).status_code == 200
    [point] = told(hall, "use", **_this_month())["points"]
    assert (point["searches"], point["by_chatbots"], point["members"]) == (3, 3, 0)
    assert suggested(hall, "certificado") == []


def test_searches_are_counted_once_whatever_their_pages(hall: Stocked) -> None:
    search(hall, "member@alpha.example", FOUND)
    search(hall, "member@alpha.example", FOUND, offset=10)
    search(hall, "member@beta.example", NOTHING)
    [point] = told(hall, "use", **_this_month())["points"]
    assert point | {"from": ""} == {
        "from": "", "searches": 2, "by_chatbots": 0, "members": 2, "found_nothing": 1,
    }  # fmt: skip


def test_growth_counts_what_everybody_may_find(hall: Stocked) -> None:
    [point] = told(hall, "growth", **_this_month())["points"]
    assert (point["documents"], point["passages"], point["organisations"]) == (3, 6, 3)
    weeks = told(hall, "growth", step="week")["points"]
    assert 52 <= len(weeks) <= 54
    assert weeks[0]["documents"] == 0
    assert weeks[-1]["documents"] == 3
    assert [each["from"] for each in weeks] == sorted({each["from"] for each in weeks})


def test_reuse_is_told_from_three_on_and_never_of_the_own_firm(hall: Stocked) -> None:
    leather = hall.ids["Leather fairs"]
    for who in ("coordinator@gamma.example", "member@gamma.example", "member@alpha.example", "member@alpha.example"):
        assert hall.as_(who).get(f"/documents/{leather}").status_code == 200
    for who in ("member@alpha.example", "member@beta.example"):
        assert hall.as_(who).get(f"/documents/{leather}/original").status_code in (200, 404)
    assert _of(told(hall, "reuse"), "gamma")["opened_by_others"] is None
    assert hall.as_("coordinator@beta.example").get(f"/documents/{leather}").status_code == 200
    gamma = _of(told(hall, "reuse"), "gamma")
    assert (gamma["documents"], gamma["opened_by_others"], gamma["searches_answered"]) == (1, 3, None)
    for _ in range(3):
        assert search(hall, "member@beta.example", "leather fair in Milan")
        search(hall, "member@gamma.example", "leather fair in Milan")
    assert _of(told(hall, "reuse"), "gamma")["searches_answered"] == 3


def test_what_is_not_for_all_is_not_counted(hall: Stocked) -> None:
    shared = hall.ids["Acordo entre Beta e Alpha"]
    for who in ("admin@alpha.example", "member@alpha.example", "coordinator@alpha.example"):
        assert hall.as_(who).get(f"/documents/{shared}").status_code == 200
    assert _of(told(hall, "reuse"), "beta")["opened_by_others"] is None


def test_feedback_of_others_is_counted_from_three_on(hall: Stocked) -> None:
    leather = hall.ids["Leather fairs"]
    for number, who in enumerate(("member@alpha.example", "member@beta.example", "coordinator@beta.example")):
        body = {"query": "fairs", "document": leather, "verdict": "helpful" if number else "not_helpful"}
        assert hall.as_(who).post("/search/feedback", json=body).status_code == 204
        hall.as_("member@gamma.example").post("/search/feedback", json=body | {"query": f"{number}"})
    gamma = _of(told(hall, "reuse"), "gamma")
    assert (gamma["helpful"], gamma["not_helpful"]) == (None, None)
    hall.as_("member@alpha.example").post(
        "/search/feedback", json={"query": "stands", "document": leather, "verdict": "helpful"}
    )
    assert _of(told(hall, "reuse"), "gamma")["helpful"] == 3


def test_statistics_are_for_administrators(hall: Stocked) -> None:
    for what in ("growth", "use", "reuse", "not-found"):
        for who in ("coordinator@alpha.example", "member@beta.example"):
            assert hall.as_(who).get(f"/statistics/{what}").status_code == 403


@pytest.mark.parametrize(
    "wrong",
    [{"from": "2026-02-01", "to": "2026-01-01"}, {"to": "9999-12-31"}, {"from": "2001-01-01", "to": "2026-01-01"}],
)
def test_stretches_of_time_that_cannot_be_told(server: Server, wrong: dict[str, str]) -> None:
    administrator = server.signed_in("admin@alpha.example")
    for what in ("growth", "use"):
        answer = administrator.get(f"/statistics/{what}", params=wrong)
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_period")


def test_what_is_kept_tells_nobody_who_asked(hall: Stocked, tmp_path: Path) -> None:
    members = [
        hall.server.service.library.catalog.members.by_email(f"member@{firm}.example").id  # type: ignore[union-attr]
        for firm in FIRMS
    ]
    for firm in FIRMS:
        search(hall, f"member@{firm}.example", FOUND)
        search(hall, f"member@{firm}.example", "ana@cafe.example 3001234567")
    told(hall, "use")
    if hall.server.service.library.settings.database_url is not None:
        pytest.skip("reads the SQLite file")

    with sqlite3.connect(tmp_path / "data" / "catalog.db") as connection:
        rows = connection.execute("SELECT * FROM asked_query").fetchall()
        days = connection.execute("SELECT * FROM search_day").fetchall()
    assert {row[0] for row in rows} == {topic_of(FOUND)}
    assert len({row[1] for row in rows}) == len(FIRMS)
    kept = repr((rows, days))
    assert not any(who in kept for who in (*members, *FIRMS))
    assert not {row[1] for row in rows} & {row[1] for row in days}, "the two are not to be joined"


def test_nothing_is_kept_where_the_operator_wants_it_so(
    start: Callable[..., Server], furnished: Path, tmp_path: Path, database_url: str | None
) -> None:
    server = start(query_days=0)
    server.add("root@nowhere.example", Role.ADMINISTRATOR, None)
    root = server.signed_in("root@nowhere.example")
    assert root.post("/search", json={"query": NOTHING}).status_code == 200
    assert root.get("/statistics/use", params=_this_month()).json()["points"][0]["searches"] == 1
    with server.service.library.catalog._engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM asked_query").scalar() == 0


@pytest.mark.parametrize(
    "telling",
    [
        "ana@cafe.example", "www.cafe.example contrato", "ver https://a.b/c", "llamar +57 300 123 4567",
        "cuenta 12345678", "Calle 45 # 12-30 Bogotá", "rua das Flores 120", "café empresa:alpha", "x" * 130, "a",
        " ".join(f"palabra{chr(97 + n)}" for n in range(13)),
    ],
)  # fmt: skip
def test_what_may_tell_of_somebody_is_not_kept(telling: str) -> None:
    assert not is_harmless(telling)


@pytest.mark.parametrize(
    "plain", ["café tostado a China", "HS 0901 arancel", "Artículo 4 acuerdo 2019", "出口 咖啡 中国", "экспорт кофе"]
)
def test_plain_questions_may_be_kept(plain: str) -> None:
    assert is_harmless(plain)


def _this_month() -> dict[str, str]:
    now = datetime.now(UTC)
    return {"from": f"{now:%Y-%m}-01", "to": f"{now:%Y-%m-%d}"}


def _of(reuse: Any, firm: str) -> Any:
    return next(each for each in reuse["items"] if each["organisation"]["id"] == firm)
