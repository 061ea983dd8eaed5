from __future__ import annotations

from collections.abc import Callable

import pytest
from pwdlib.hashers.argon2 import Argon2Hasher

from tests.service.conftest import PASSWORD, Browser, Server

MEMBER = "member@alpha.example"


def test_a_member_signs_in_and_out(server: Server) -> None:
    browser = server.browser()
    welcome = browser.sign_in(MEMBER)
    assert welcome["member"]["email"] == MEMBER
    assert welcome["organisation"]["id"] == "alpha"
    assert browser.get("/session").json() == welcome

    cookie = next(iter(browser.cookies.jar))
    assert browser.delete("/session").status_code == 204
    assert not list(browser.cookies.jar)

    browser.cookies.jar.set_cookie(cookie)  # kept by a thief
    answer = browser.get("/session")
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended")


def test_the_cookie_is_out_of_reach_for_scripts_and_other_sites(server: Server) -> None:
    answer = server.browser().post("/session", json={"email": MEMBER, "password": PASSWORD})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "path=/" in cookie
    assert "secure" not in cookie


def test_over_tls_the_cookie_is_bound_to_it(start: Callable[..., Server]) -> None:
    server = start(public_url="https://lonja.example.org")
    from corpus.documents import Role

    server.add("admin@example.org", Role.ADMINISTRATOR, None)
    answer = server.browser().post("/session", json={"email": "admin@example.org", "password": PASSWORD})
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-lonja_session=")
    assert "Secure" in cookie
    assert "strict-transport-security" in answer.headers


@pytest.mark.parametrize(
    ("email", "password"),
    [(MEMBER, "not the password"), ("nobody@alpha.example", PASSWORD), ("nonsense", PASSWORD), (MEMBER, "x")],
)
def test_what_was_wrong_is_not_told(server: Server, email: str, password: str) -> None:
    answer = server.browser().post("/session", json={"email": email, "password": password})
    assert answer.status_code == 401
    assert answer.json()["code"] == "bad_credentials"
    assert answer.json()["detail"] == "The e-mail address or the password is not right."
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert "set-cookie" not in answer.headers


def test_an_unknown_member_costs_the_same_hashing(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    verified: list[str] = []
    really = Argon2Hasher.verify

    def watched(self: Argon2Hasher, password: str | bytes, hashed: str | bytes) -> bool:
        verified.append(str(hashed).rsplit("$", 2)[0])  # the parameters, which set the time
        return really(self, password, hashed)

    monkeypatch.setattr(Argon2Hasher, "verify", watched)
    for email in (MEMBER, "nobody@alpha.example"):
        server.browser().post("/session", json={"email": email, "password": "wrong wrong wrong"})
    assert len(verified) == 2
    assert verified[0] == verified[1]


def test_an_inactive_member_cannot_sign_in_and_is_out_at_once(server: Server) -> None:
    browser = server.signed_in(MEMBER)
    identity = browser.get("/session").json()["member"]["id"]
    admin = server.signed_in("admin@alpha.example")
    assert admin.patch(f"/members/{identity}", json={"active": False}).status_code == 200
    assert browser.get("/session").status_code == 401
    again = server.browser().post("/session", json={"email": MEMBER, "password": PASSWORD})
    assert again.json()["code"] == "bad_credentials"
    admin.patch(f"/members/{identity}", json={"active": True})
    assert browser.get("/session").status_code == 401, "the old session stays ended"
    server.signed_in(MEMBER)


def test_a_session_planted_before_signing_in_is_worth_nothing(server: Server) -> None:
    browser = server.browser()
    browser.cookies.set("lonja_session", "planted-by-somebody-else")
    browser.sign_in(MEMBER)
    tokens = {cookie.value for cookie in browser.cookies.jar}
    assert len(tokens - {"planted-by-somebody-else"}) == 1
    thief = server.browser()
    thief.cookies.set("lonja_session", "planted-by-somebody-else")
    assert thief.get("/session").status_code == 401


def test_signing_in_again_ends_the_session_before(server: Server) -> None:
    browser = server.signed_in(MEMBER)
    thief = server.browser()
    for cookie in browser.cookies.jar:
        thief.cookies.jar.set_cookie(cookie)
    assert thief.get("/session").status_code == 200
    browser.sign_in(MEMBER)
    assert thief.get("/session").status_code == 401
    assert browser.get("/session").status_code == 200


def test_sessions_end_by_age_and_by_idleness(server: Server) -> None:
    browser = server.signed_in(MEMBER)
    server.clock.move(hours=71)
    assert browser.get("/session").status_code == 200
    server.service.access.sightings.write()
    server.clock.move(hours=71)
    assert browser.get("/session").status_code == 200, "it was seen in between"
    server.service.access.sightings.write()
    server.clock.move(hours=73)
    assert browser.get("/session").status_code == 401

    other = server.signed_in(MEMBER)
    for _ in range(5):
        server.clock.move(hours=70)
        assert other.get("/session").status_code == (200 if server.clock.later.days < 9 + 14 else 401)
        server.service.access.sightings.write()


def test_one_guess_too_many_waits(server: Server) -> None:
    def sign_in(password: str) -> tuple[int, int]:
        """The status, and for how long to wait: 30 s of which some have gone by on a slow machine."""
        answer = server.browser().post("/session", json={"email": MEMBER, "password": password})
        return answer.status_code, int(answer.headers.get("retry-after", 0))

    for _ in range(5):
        assert sign_in("a wrong password")[0] == 401
    status, wait = sign_in(PASSWORD)
    assert status == 429
    assert 0 < wait <= 30
    server.clock.move(seconds=31)
    assert sign_in("a wrong password")[0] == 401
    status, wait = sign_in(PASSWORD)
    assert status == 429
    assert 30 < wait <= 60, "each further failure doubles the wait"
    server.clock.move(seconds=61)
    assert sign_in(PASSWORD)[0] == 200
    assert sign_in("a wrong password")[0] == 401, "a success starts anew"
    assert sign_in(PASSWORD)[0] == 200


def test_guesses_are_counted_across_processes(start: Callable[..., Server], server: Server) -> None:
    other = start()
    for at in (server, other, server, other, server):
        at.browser().post("/session", json={"email": MEMBER, "password": "a wrong password"})
    assert other.browser().post("/session", json={"email": MEMBER, "password": PASSWORD}).status_code == 429


def test_many_guesses_at_once_are_counted_as_well(server: Server) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def guess(_: int) -> int:
        return server.browser().post("/session", json={"email": MEMBER, "password": "a wrong one"}).status_code

    with ThreadPoolExecutor(16) as pool:
        statuses = list(pool.map(guess, range(16)))
    assert statuses.count(401) == 5
    assert statuses.count(429) == 11


def test_others_are_not_locked_out_by_guesses(server: Server) -> None:
    for _ in range(6):
        server.browser().post("/session", json={"email": MEMBER, "password": "a wrong password"})
    server.signed_in("member@beta.example")


def test_changing_the_password_ends_every_other_session(server: Server) -> None:
    browser, elsewhere = server.signed_in(MEMBER), server.signed_in(MEMBER)
    token_before = {cookie.value for cookie in browser.cookies.jar}
    answer = browser.put("/session/password", json={"current": PASSWORD, "new": "four yellow toucans"})
    assert answer.status_code == 200, answer.text
    assert elsewhere.get("/session").status_code == 401
    assert token_before.isdisjoint(cookie.value for cookie in browser.cookies.jar)
    browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
    assert browser.delete("/sessions").json() == {"ended": 0}
    assert server.browser().post("/session", json={"email": MEMBER, "password": PASSWORD}).status_code == 401
    server.signed_in(MEMBER, "four yellow toucans")


@pytest.mark.parametrize("new", ["short", "member@alpha.example", "1234567890", "aaaaaaaaaaaa", PASSWORD, "x" * 201])
def test_a_poor_password_is_refused(server: Server, new: str) -> None:
    browser = server.signed_in(MEMBER)
    answer = browser.put("/session/password", json={"current": PASSWORD, "new": new})
    assert answer.status_code == 422
    assert new not in answer.text or new == MEMBER
    assert browser.get("/session").status_code == 200


def test_the_present_password_is_needed_and_guesses_at_it_wait(server: Server) -> None:
    browser = server.signed_in(MEMBER)
    for _ in range(5):
        answer = browser.put("/session/password", json={"current": "wrong", "new": "four yellow toucans"})
        assert (answer.status_code, answer.json()["code"]) == (422, "bad_credentials")
    answer = browser.put("/session/password", json={"current": PASSWORD, "new": "four yellow toucans"})
    assert answer.status_code == 429


def test_one_sees_and_ends_ones_sessions_only(server: Server) -> None:
    browser, elsewhere = server.signed_in(MEMBER), server.signed_in(MEMBER)
    foreign = server.signed_in("member@beta.example")
    sessions = browser.get("/sessions").json()
    assert [session["current"] for session in sessions].count(True) == 1
    assert len(sessions) == 2
    foreign_id = foreign.get("/sessions").json()[0]["id"]
    assert browser.delete(f"/sessions/{foreign_id}").status_code == 404
    assert foreign.get("/session").status_code == 200
    other = next(session["id"] for session in sessions if not session["current"])
    assert browser.delete(f"/sessions/{other}").status_code == 204
    assert elsewhere.get("/session").status_code == 401
    assert browser.get("/session").status_code == 200


class TestCrossSite:
    """Cookies come by themselves; nothing else of a request from another site does."""

    @pytest.fixture
    def browser(self, server: Server) -> Browser:
        return server.signed_in("coordinator@alpha.example")

    def test_a_change_needs_the_token(self, browser: Browser) -> None:
        del browser.headers["X-CSRF-Token"]
        answer = browser.post("/keys", json={"name": "a key"})
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf")

    def test_of_this_session(self, browser: Browser, server: Server) -> None:
        browser.headers["X-CSRF-Token"] = server.signed_in("coordinator@beta.example").headers["X-CSRF-Token"]
        assert browser.post("/keys", json={"name": "a key"}).json()["code"] == "csrf"

    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {"Origin": "null"},
        ],
    )
    def test_and_this_site(self, browser: Browser, server: Server, headers: dict[str, str]) -> None:
        answer = browser.post("/keys", json={"name": "a key"}, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
        sign_in = server.browser().post("/session", json={"email": MEMBER, "password": PASSWORD}, headers=headers)
        assert sign_in.status_code == 403, "nobody is signed in as somebody else without noticing"

    def test_this_site_may(self, browser: Browser, server: Server) -> None:
        origin = {"Sec-Fetch-Site": "same-origin", "Origin": server.url}
        assert browser.post("/keys", json={"name": "a key"}, headers=origin).status_code == 201
        assert browser.post("/keys", json={"name": "a key"}, headers={"Origin": server.url}).status_code == 201

    def test_a_form_of_another_site_is_no_json(self, server: Server) -> None:
        body = f'{{"email": "{MEMBER}", "password": "{PASSWORD}"}}'
        for kind in ("text/plain", "application/x-www-form-urlencoded", None):
            headers = {"Content-Type": kind} if kind else {}
            assert server.browser().post("/session", content=body, headers=headers).status_code == 422


def test_the_first_start_makes_an_administrator_once(start: Callable[..., Server]) -> None:
    first = start()
    (made,) = first.greeted
    assert start().greeted == []

    browser = first.browser()
    welcome = browser.sign_in(made.member.email, made.password)
    assert welcome["must_change_password"]
    refused = browser.get("/members")
    assert (refused.status_code, refused.json()["code"]) == (403, "password_change_required")
    answer = browser.put("/session/password", json={"current": made.password, "new": "four yellow toucans"})
    assert not answer.json()["must_change_password"]
    assert browser.get("/members").status_code == 200
    again = first.browser().post("/session", json={"email": made.member.email, "password": made.password})
    assert again.status_code == 401
