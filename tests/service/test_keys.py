from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from corpus.catalog.membership_tables import keys
from search_api.access.tokens import digest
from tests.service.conftest import Browser, Server


@pytest.fixture
def coordinator(server: Server) -> Browser:
    return server.signed_in("coordinator@alpha.example")


def with_key(server: Server, secret: str) -> Browser:
    return server.browser(Authorization=f"Bearer {secret}")


def test_a_key_is_its_organisations_chatbot(server: Server, coordinator: Browser) -> None:
    made = coordinator.post("/keys", json={"name": "the bot"}).json()
    assert made["secret"].startswith("lonja_")
    assert made["hint"] == made["secret"][:12]
    session = with_key(server, made["secret"]).get("/session").json()
    assert (session["kind"], session["role"], session["organisation"]["id"]) == ("key", "chatbot", "alpha")
    assert session["member"] is None
    assert session["csrf_token"] is None
    assert not session["may_contribute"]


def test_it_is_shown_once_and_kept_as_a_hash(server: Server, coordinator: Browser) -> None:
    made = coordinator.post("/keys", json={"name": "the bot"}).json()
    assert made["secret"] not in coordinator.get("/keys").text
    with server.service.library.catalog._engine.connect() as connection:
        kept = str(connection.execute(select(keys)).all())
    assert made["secret"] not in kept
    assert digest(made["secret"]) in kept


def test_scopes(server: Server, coordinator: Browser) -> None:
    made = coordinator.post("/keys", json={"name": "the bot", "scope": "contribute"}).json()
    assert with_key(server, made["secret"]).get("/session").json()["may_contribute"]
    assert coordinator.post("/keys", json={"name": "the bot", "scope": "everything"}).status_code == 422


def test_a_key_administers_nothing(server: Server) -> None:
    admin = server.signed_in("admin@alpha.example")
    secret = admin.post("/keys", json={"name": "the bot", "scope": "contribute"}).json()["secret"]
    key = with_key(server, secret)
    for method, path, body in (
        ("GET", "/members", None),
        ("GET", "/keys", None),
        ("POST", "/keys", {"name": "another"}),
        ("GET", "/audit", None),
        ("GET", "/sessions", None),
        ("DELETE", "/sessions", None),
        ("POST", "/invitations", {"email": "x@alpha.example"}),
        ("PUT", "/organisations/alpha", {"name": "Mine"}),
    ):
        assert key.request(method, path, json=body).status_code == 403, (method, path)
    assert key.get("/organisations").status_code == 200


@pytest.mark.parametrize("value", ["Bearer", "Bearer lonja_unknown", "Basic bG9uamE6", "lonja_x", ""])
def test_what_is_no_key(server: Server, coordinator: Browser, value: str) -> None:
    answer = server.browser(Authorization=value).get("/session")
    assert answer.status_code == 401
    assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    with_cookie = coordinator.get("/session", headers={"Authorization": value})
    assert with_cookie.status_code == 401, "a key that does not hold is not made good by a cookie"


def test_it_expires(server: Server, coordinator: Browser) -> None:
    expires = datetime.now(UTC) + timedelta(days=1)
    made = coordinator.post("/keys", json={"name": "the bot", "expires": expires.isoformat()}).json()
    key = with_key(server, made["secret"])
    assert key.get("/session").status_code == 200
    server.clock.move(days=1, seconds=1)
    assert key.get("/session").status_code == 401
    past = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    assert coordinator.post("/keys", json={"name": "the bot", "expires": past}).status_code == 422
    assert coordinator.post("/keys", json={"name": "the bot", "expires": "2030-01-01T00:00:00"}).status_code == 422


def test_its_last_use_is_known_within_a_minute(server: Server, coordinator: Browser) -> None:
    made = coordinator.post("/keys", json={"name": "the bot"}).json()

    def last_used() -> Any:
        server.service.access.sightings.write()
        return coordinator.get("/keys").json()["items"][0]["last_used"]

    assert last_used() is None
    key = with_key(server, made["secret"])
    key.get("/session")
    first = last_used()
    assert first is not None
    key.get("/session")
    assert last_used() == first, "once a minute is enough"
    server.clock.move(seconds=61)
    key.get("/session")
    assert last_used() > first


def test_revoked_at_once_with_requests_in_flight(server: Server, coordinator: Browser) -> None:
    made = coordinator.post("/keys", json={"name": "the bot"}).json()
    keys = [with_key(server, made["secret"]) for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        before = [pool.submit(key.get, "/organisations") for key in keys for _ in range(5)]
        assert coordinator.delete(f"/keys/{made['id']}").status_code == 204
        after = [pool.submit(key.get, "/organisations") for key in keys for _ in range(10)]
        assert {answer.result().status_code for answer in before} <= {200, 401}
        assert {answer.result().status_code for answer in after} == {401}
    assert coordinator.get("/keys").json()["items"][0]["revoked"] is not None
    assert coordinator.delete(f"/keys/{made['id']}").status_code == 204, "twice is no error"


def test_keys_of_another_firm_do_not_exist(server: Server, coordinator: Browser) -> None:
    made = coordinator.post("/keys", json={"name": "the bot"}).json()
    foreign = server.signed_in("coordinator@beta.example")
    assert foreign.get("/keys").json()["items"] == []
    assert foreign.get("/keys", params={"organisation": "alpha"}).json()["items"] == []
    assert foreign.delete(f"/keys/{made['id']}").status_code == 404
    assert foreign.post("/keys", json={"name": "theirs", "organisation": "alpha"}).status_code == 403
    assert with_key(server, made["secret"]).get("/session").status_code == 200
    admin = server.signed_in("admin@alpha.example")
    assert admin.post("/keys", json={"name": "theirs", "organisation": "beta"}).status_code == 201
    assert len(admin.get("/keys").json()["items"]) == 2
    assert len(foreign.get("/keys").json()["items"]) == 1
