"""Search over HTTP, by everybody who may ask."""

from __future__ import annotations

from typing import Any

import pytest

from tests.service.conftest import Stocked

ALPHA, BETA, GAMMA = (f"member@{firm}.example" for firm in ("alpha", "beta", "gamma"))
QUESTION = "¿Qué documentos pide la aduana china para el café?"


def search(stocked: Stocked, who: str, query: str = QUESTION, **options: Any) -> dict[str, Any]:
    answer = stocked.as_(who).post("/search", json={"query": query, **options})
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def titles(answer: dict[str, Any]) -> list[str]:
    return [hit["document"]["title"] for hit in answer["hits"]]


def test_an_answer_has_the_passage_its_place_and_the_firm(stocked: Stocked) -> None:
    answer = search(stocked, BETA)
    best = answer["hits"][0]
    assert answer["language"] == "es"
    assert best["document"]["title"] == "Exportar café a China"
    assert best["document"]["organisation"] == {"id": "alpha", "name": "Alpha"}
    assert best["document"]["url"] == f"http://localhost:8000/documents/{best['document']['id']}"
    passage = best["passages"][0]
    assert passage["text"].startswith("La aduana china pide")
    assert (passage["first_page"], passage["ordinal"]) == (2, 1)
    assert passage["heading_path"] == ["Exportar café a China: capítulo 2"]
    assert passage["url"].endswith("?passage=1")
    assert passage["why"]["by_words"]
    assert {"aduana", "china", "pide"} & {word.lower() for word in passage["why"]["words"]}
    for highlight in passage["highlights"]:
        assert passage["text"][highlight["start"] : highlight["end"]].strip()


def test_another_language_is_found_and_said(stocked: Stocked) -> None:
    answer = search(stocked, ALPHA, "certificado fitosanitario para granos de cacao a Alemania")
    assert titles(answer)[0] == "Phytosanitary papers for cacao"
    assert answer["hits"][0]["in_another_language"]


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        (ALPHA, {"canary-named", "canary-draft"}),
        (BETA, {"canary-owner", "canary-named"}),
        (GAMMA, {"canary-gamma"}),
        ("admin@alpha.example", {"canary-named", "canary-draft"}),
    ],
)
def test_each_sees_what_they_may(stocked: Stocked, who: str, seen: set[str]) -> None:
    said = str([search(stocked, who, query, mode=mode, limit=50)
                for query in ("canary", "café China", "leather Milan", "margem da Beta")
                for mode in ("hybrid", "semantic", "keyword")])  # fmt: skip
    canaries = {"canary-owner", "canary-named", "canary-gamma", "canary-draft"}
    assert {canary for canary in canaries if canary in said} == seen


def test_an_administrator_without_a_firm_sees_nothing(stocked: Stocked) -> None:
    from corpus.documents import Role

    stocked.server.add("nobody@example.org", Role.ADMINISTRATOR, None)
    answer = search(stocked, "nobody@example.org")
    assert answer["nothing_found"]
    assert answer["facets"] == {} or not any(answer["facets"].values())


def test_filters(stocked: Stocked) -> None:
    def found(**filters: Any) -> set[str]:
        return set(titles(search(stocked, ALPHA, "export papers and fairs", filters=filters, limit=50)))

    assert found(kinds=["know_how"]) <= {"Phytosanitary papers for cacao"}
    assert found(sectors=["leather"]) <= {"Leather fairs"}
    assert found(countries=["CHN"]) <= {"Exportar café a China"}
    assert found(hs_codes=["0901"]) <= {"Exportar café a China"}
    assert found(organisations=["gamma"]) <= {"Leather fairs"}
    assert found(published_from="2026-01-01", published_to="2026-12-31") <= {"Exportar café a China"}
    assert found(languages=["pt"]) <= {"Acordo entre Beta e Alpha"}
    assert found(documents=[stocked.ids["Gamma only"]]) == set()


def test_how_a_question_was_read_is_told(stocked: Stocked) -> None:
    query = 'café "certificado de origen" -soluble empresa:alpha 😀 desde:2020-01-01'
    answer = stocked.as_("member@alpha.example").post("/search", json={"query": query}).json()
    told = [(one["kind"], one["value"], query[one["start"] : one["end"]].strip()) for one in answer["operators"]]
    assert told == [
        ("phrase", "certificado de origen", '"certificado de origen"'),
        ("left_out", "soluble", "-soluble"),
        ("organisations", "alpha", "empresa:alpha"),
        ("published_from", "2020-01-01", "desde:2020-01-01"),
    ]
    [loose] = (
        stocked.as_("member@alpha.example")
        .post("/search", json={"query": '"café de origen certificado"'})
        .json()["operators"]
    )
    assert not loose["applied"]
    assert (
        stocked.as_("member@alpha.example").post("/search", json={"query": "café: ¿origen?"}).json()["operators"] == []
    )


def test_facets_count_what_one_may_see_with_names(stocked: Stocked) -> None:
    facets = search(stocked, BETA, "café China aduana", limit=50)["facets"]
    firms = {value["value"]: value for value in facets["organisation"]}
    assert firms["alpha"]["label"] == "Alpha"
    assert firms["alpha"]["count"] == 1, "the draft is not counted"
    without = search(stocked, BETA, "café", facets=False)
    assert without["facets"] == {}


def test_paging_and_explaining(stocked: Stocked) -> None:
    whole = search(stocked, ALPHA, "café", limit=50)
    paged = [
        title
        for offset in range(whole["total"])
        for title in titles(search(stocked, ALPHA, "café", limit=1, offset=offset))
    ]
    assert paged == titles(whole)
    assert whole["milliseconds"] is None
    assert set(search(stocked, ALPHA, "café", explain=True)["milliseconds"]) == {"embed", "index", "fuse", "fetch"}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": ""},
        {"query": "x" * 100_000},
        {"query": "x", "limit": 0},
        {"query": "x", "limit": 51},
        {"query": "x", "offset": -1},
        {"query": "x", "mode": "magic"},
        {"query": "x", "collection": "other"},
        {"query": "x", "filters": {"audience": ["organisation:beta"]}},
        {"query": "x", "filters": {"countries": ["Colombia"]}},
        {"query": "x", "filters": {"hs_codes": ["café"]}},
        {"query": "x", "filters": {"published_from": "2026-02-30"}},
        {"query": "x", "filters": {"published_from": "2026-02-02", "published_to": "2026-02-01"}},
        {"query": "x", "filters": {"languages": ["x"] * 101}},
        {"query": "   "},
        {"query": 7},
    ],
)
def test_wrong_questions_are_told_so(stocked: Stocked, body: dict[str, Any]) -> None:
    answer = stocked.as_(ALPHA).post("/search", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query", ["'; DROP TABLE document; --", "\u202egnirts", "🙂" * 50, "a" * 4000, "\x00café", "%"]
)
def test_absurd_questions_are_answered(stocked: Stocked, query: str) -> None:
    answer = stocked.as_(ALPHA).post("/search", json={"query": query})
    assert answer.status_code == 200 or (answer.status_code, answer.json()["code"]) == (422, "empty_query")


class TestPassagesAround:
    def test_a_hit(self, stocked: Stocked) -> None:
        document = stocked.ids["Exportar café a China"]
        answer = stocked.as_(BETA).get(f"/documents/{document}/passages", params={"around": 1, "reach": 1}).json()
        assert [passage["ordinal"] for passage in answer["passages"]] == [0, 1, 2]
        assert answer["total"] == 3
        assert answer["document"]["title"] == "Exportar café a China"
        first = stocked.as_(BETA).get(f"/documents/{document}/passages", params={"reach": 0}).json()
        assert [passage["ordinal"] for passage in first["passages"]] == [0]

    def test_what_one_may_not_see_does_not_exist(self, stocked: Stocked) -> None:
        browser = stocked.as_(ALPHA)
        foreign = browser.get(f"/documents/{stocked.ids['Gamma only']}/passages")
        missing = browser.get("/documents/06h0js21a6s6gepm/passages")
        assert foreign.status_code == missing.status_code == 404
        assert foreign.json()["code"] == missing.json()["code"]
        assert "Gamma" not in foreign.text
        assert browser.get(f"/documents/{stocked.ids['Gamma only']}/passages?around=0").status_code == 404

    def test_a_passage_that_is_not_there(self, stocked: Stocked) -> None:
        document = stocked.ids["Exportar café a China"]
        assert stocked.as_(BETA).get(f"/documents/{document}/passages?around=99").status_code == 404
        assert stocked.as_(BETA).get(f"/documents/{document}/passages?around=-1").status_code == 422


class TestWhoElseSeesIt:
    def test_is_the_owners_business(self, stocked: Stocked) -> None:
        document = stocked.ids["Acordo entre Beta e Alpha"]
        path = f"/documents/{document}/passages"
        own = stocked.as_(BETA).get(path).json()["document"]
        assert own["audience"] == {"scope": "organisations", "organisations": ["alpha"]}
        assert own["contributor"] == "somebody of beta"
        other = stocked.as_(ALPHA).get(path).json()["document"]
        assert other["audience"] == {"scope": "organisations", "organisations": None}
        assert other["contributor"] is None
        assert stocked.as_(GAMMA).get(path).status_code == 404


class TestSuggestions:
    def suggested(self, stocked: Stocked, who: str, typed: str) -> list[str]:
        answer = stocked.as_(who).get("/suggestions", params={"q": typed})
        assert answer.status_code == 200, answer.text
        return [one["text"] for one in answer.json()]

    @pytest.mark.parametrize("typed", ["export", "EXPORTAR CAF", "cafe china", "exporar cafe", "china expo"])
    def test_titles_forgiving_accents_and_mistakes(self, stocked: Stocked, typed: str) -> None:
        assert self.suggested(stocked, BETA, typed)[0] == "Exportar café a China"

    def test_headings(self, stocked: Stocked) -> None:
        assert "Leather fairs: capítulo 1" in self.suggested(stocked, ALPHA, "leather capi")

    @pytest.mark.parametrize(
        ("who", "typed", "some"),
        [
            (ALPHA, "gamma on", False),
            (GAMMA, "gamma on", True),
            (ALPHA, "margens", False),
            (BETA, "margens", True),
            (BETA, "borrador", False),
            (ALPHA, "borrador", True),
            (GAMMA, "acordo", False),
            (ALPHA, "acordo", True),
        ],
    )
    def test_only_what_one_may_see(self, stocked: Stocked, who: str, typed: str, some: bool) -> None:
        assert bool(self.suggested(stocked, who, typed)) == some

    @pytest.mark.parametrize("typed", ["zzzzzz", "%", "...", "🙂", " "])
    def test_nothing_like_it(self, stocked: Stocked, typed: str) -> None:
        assert self.suggested(stocked, ALPHA, typed) == []

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("¿exportra CAFE a China?", "¿exportar CAFE a China?"),
            ("phytosanitry papers", "phytosanitary papers"),
            ("papers for cacoa", "papers for cacao"),
            ("exportar café", None),
            ("expor", None),  # not typed to its end
            ("la aduana", None),  # in a text, if in no title
            ("una 0901 zzzzzz", None),
        ],
    )
    def test_what_was_meant(self, stocked: Stocked, typed: str, meant: str | None) -> None:
        assert self.meant(stocked, BETA, typed) == meant

    @pytest.mark.parametrize(("who", "meant"), [(ALPHA, None), (BETA, "margens altas")])
    def test_what_was_meant_is_no_word_that_one_may_not_see(
        self, stocked: Stocked, who: str, meant: str | None
    ) -> None:
        assert self.meant(stocked, who, "margnes altas") == meant

    def meant(self, stocked: Stocked, who: str, typed: str) -> str | None:
        found = stocked.as_(who).get("/suggestions", params={"q": typed}).json()
        assert all(one["kind"] != "spelling" for one in found[:-1]), "it comes last"
        return next((one["text"] for one in found if one["kind"] == "spelling"), None)

    def test_limits(self, stocked: Stocked) -> None:
        browser = stocked.as_(ALPHA)
        assert len(browser.get("/suggestions", params={"q": "exporar cafe", "limit": 1}).json()) == 1
        assert browser.get("/suggestions").status_code == 422
        assert browser.get("/suggestions", params={"q": "x" * 201}).status_code == 422
        assert len(browser.get("/suggestions", params={"q": "cap", "limit": 2}).json()) == 2


def test_administrators_see_that_all_passages_are_in_the_index(stocked: Stocked) -> None:
    stocked.server.service.warming.close()  # until it is opened
    index = stocked.as_("admin@alpha.example").get("/jobs/overview").json()["index"]
    assert index["state"] == "ready"
    assert index["passages"] == index["of"] > 0


def test_a_key_searches_like_its_firm(stocked: Stocked) -> None:
    key = stocked.server.browser(Authorization=f"Bearer {stocked.key('gamma')}")
    said = key.post("/search", json={"query": "leather Milan", "limit": 50}).text
    assert "canary-gamma" in said
    assert "canary-named" not in said


def test_narrowing_takes_effect_with_the_answer(stocked: Stocked) -> None:
    from corpus.documents import Audience
    from tests.service.conftest import share

    library = stocked.server.service.library
    identity = share(library, "gamma", "Soon narrowed", Audience.cluster(), {}, [("en", "A zebra crosses: canary-z.")])
    try:
        assert "canary-z" in str(search(stocked, ALPHA, "zebra crosses"))
        assert stocked.as_(ALPHA).get("/suggestions", params={"q": "soon nar"}).status_code == 200
        library.set_audience(identity, Audience.owner())
        assert "canary-z" not in str(search(stocked, ALPHA, "zebra crosses"))
        assert stocked.as_(ALPHA).get("/suggestions", params={"q": "soon nar"}).json() == []
        assert stocked.as_(ALPHA).get(f"/documents/{identity}/passages").status_code == 404
        assert "canary-z" in str(search(stocked, GAMMA, "zebra crosses"))
    finally:
        library.remove(identity)
