"""Saved searches: of the member who keeps them, and of nobody else."""

from __future__ import annotations

from typing import Any

from tests.service.conftest import Server

SEARCH = {
    "name": "Cuero en Italia",
    "query": "arancel del cuero",
    "parameters": {
        "filters": {"countries": ["ITA"], "published_from": "2024-01-01"},
        "mode": "keyword",
        "order": "date",
    },
}


def test_a_search_is_kept_renamed_and_forgotten(server: Server) -> None:
    ana = server.signed_in("member@alpha.example")
    made = ana.post("/saved-searches", json=SEARCH)
    assert made.status_code == 201, made.text
    saved = made.json()
    assert (saved["name"], saved["query"]) == ("Cuero en Italia", "arancel del cuero")
    assert saved["parameters"]["filters"]["countries"] == ["ITA"]
    assert saved["parameters"]["filters"]["published_from"] == "2024-01-01"
    assert (saved["parameters"]["mode"], saved["parameters"]["order"]) == ("keyword", "date")
    # What comes back is what search takes.
    body = {"query": saved["query"], **saved["parameters"]}
    assert ana.post("/search", json=body).status_code == 200

    renamed = ana.patch(f"/saved-searches/{saved['id']}", json={"name": "Italia"})
    assert renamed.json() == saved | {"name": "Italia"}
    assert ana.patch(f"/saved-searches/{saved['id']}", json={}).json()["name"] == "Italia"
    assert ana.get("/saved-searches").json() == {"items": [saved | {"name": "Italia"}]}
    assert ana.delete(f"/saved-searches/{saved['id']}").status_code == 204
    assert ana.delete(f"/saved-searches/{saved['id']}").status_code == 404
    assert ana.get("/saved-searches").json() == {"items": []}


def test_nobody_else_has_it(server: Server) -> None:
    saved = server.signed_in("member@alpha.example").post("/saved-searches", json=SEARCH).json()["id"]
    for who in ("coordinator@alpha.example", "admin@alpha.example", "member@beta.example"):
        other = server.signed_in(who)
        assert other.get("/saved-searches").json() == {"items": []}
        assert other.patch(f"/saved-searches/{saved}", json={"name": "mine"}).status_code == 404
        assert other.delete(f"/saved-searches/{saved}").status_code == 404


def test_a_hundred_are_enough(server: Server) -> None:
    ana = server.signed_in("member@alpha.example")
    for number in range(100):
        assert ana.post("/saved-searches", json=SEARCH | {"name": f"{number}"}).status_code == 201
    refused = ana.post("/saved-searches", json=SEARCH)
    assert (refused.status_code, refused.json()["code"]) == (409, "too_many_saved_searches")
    newest = ana.get("/saved-searches").json()["items"]
    assert [saved["name"] for saved in newest] == [f"{number}" for number in reversed(range(100))]
    assert ana.delete(f"/saved-searches/{newest[0]['id']}").status_code == 204
    assert ana.post("/saved-searches", json=SEARCH).status_code == 201


def test_what_search_would_refuse_is_not_kept(server: Server) -> None:
    ana = server.signed_in("member@alpha.example")
    wrong: list[dict[str, Any]] = [
        {"parameters": {"filters": {"countries": ["Italy?"]}}},
        {"parameters": {"facets": True}},
        {"query": ""},
        {"query": "a\x00b"},
        {"name": "two\nlines"},
    ]
    for change in wrong:
        assert ana.post("/saved-searches", json=SEARCH | change).status_code == 422, change
