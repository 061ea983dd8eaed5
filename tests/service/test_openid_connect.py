"""Signing in with an OpenID Connect provider: over HTTP, with real keys, and with everything that may be wrong."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from corpus.catalog import Catalog
from corpus.documents import Role
from corpus.errors import BadSetting
from search_api.access.caller import Caller
from search_api.access.openid_connect.errors import SignInFailed
from search_api.access.openid_connect.provider import Client, Provider
from search_api.settings import read_service_settings
from tests.running import PATIENCE
from tests.service.conftest import Browser, Server, furnish
from tests.service.openid_provider import CLIENT, SECRET, OpenIdProvider, SigningKey, openid_provider

ANA = {"email": "Member@Alpha.example", "email_verified": True, "name": "Ana"}


@pytest.fixture
def provider() -> Iterator[OpenIdProvider]:
    with openid_provider() as running:
        running.person = dict(ANA)
        yield running


@pytest.fixture
def serve(
    start: Callable[..., Server],
    provider: OpenIdProvider,
    furnished: Path,
    tmp_path: Path,
    database_url: str | None,
) -> Callable[..., Server]:
    if database_url is None:
        shutil.copy(furnished, tmp_path / "catalog.db")
    else:
        with Catalog(tmp_path / "unused.db", database_url) as catalog:
            furnish(catalog)

    def starting(**settings: Any) -> Server:
        known = {
            "oidc_issuer": provider.url, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET,
            "oidc_label": "Cluster",
        }  # fmt: skip
        return start(**(known | settings))

    return starting


def go(browser: Browser) -> httpx.Response:
    """To the provider and back: the service's last answer. The redirect address names the port of the settings."""
    return browser.get(come_back(browser))


def come_back(browser: Browser) -> str:
    """The address that the provider sends the browser back to, on the port where the test's service listens."""
    started = browser.get("/openid-connect/start")
    assert started.status_code == 303, started.text
    with httpx.Client(timeout=PATIENCE) as elsewhere:
        back = elsewhere.get(started.headers["location"])
    assert back.status_code == 302
    address = urlsplit(back.headers["location"])
    assert address.path == "/api/v1/openid-connect/callback"
    return f"/openid-connect/callback?{address.query}"


def problem(answer: httpx.Response) -> str:
    """What went wrong: nobody is signed in then."""
    assert answer.status_code == 303, answer.text
    assert not any(name.endswith("lonja_session") for name in answer.cookies)
    where = urlsplit(answer.headers["location"])
    assert where.path == "/"
    return parse_qs(where.query)["sign_in_problem"][0]


def who(browser: Browser) -> Any:
    answer = browser.get("/session")
    return answer.json()["member"] if answer.status_code == 200 else None


def test_a_member_signs_in(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    server = serve()
    browser = server.browser()
    ways = browser.get("/sign-in-ways").json()
    assert ways == {
        "password": True, "openid_connect": {"label": "Cluster", "start_url": "/api/v1/openid-connect/start"},
    }  # fmt: skip
    answer = go(browser)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    session = next(value for value in answer.headers.get_list("set-cookie") if "lonja_session=" in value).lower()
    assert "httponly" in session
    assert "samesite=strict" in session
    told = browser.get("/session").json()
    assert told["member"]["email"] == "member@alpha.example"
    assert told["organisation"]["id"] == "alpha"
    browser.headers["X-CSRF-Token"] = told["csrf_token"]
    assert browser.delete("/session").status_code == 204
    assert who(browser) is None


def test_each_sign_in_has_its_own_state_nonce_and_challenge(
    serve: Callable[..., Server], provider: OpenIdProvider
) -> None:
    server = serve()
    for _ in range(2):
        assert who_after(server) == "member@alpha.example"
    first, second = provider.asked
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) >= 40
        assert first[name] != second[name]


def who_after(server: Server) -> str | None:
    browser = server.browser()
    go(browser)
    found = who(browser)
    return None if found is None else str(found["email"])


def test_what_came_back_works_once_in_the_browser_where_it_began(
    serve: Callable[..., Server], provider: OpenIdProvider
) -> None:
    server = serve()
    browser, other = server.browser(), server.browser()
    back = come_back(browser)
    come_back(other)
    assert problem(other.get(back)) == "openid_connect_expired", "another browser's"
    assert problem(browser.get(back)) == "openid_connect_expired", "and it is spent now"

    back = come_back(browser)
    cookies = dict(browser.cookies)
    assert browser.get(back).headers["location"] == "/"
    browser.cookies.update(cookies)
    assert problem(browser.get(back)) == "openid_connect_expired", "replayed"


def test_a_code_that_was_redeemed_is_no_good(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    server = serve()
    browser = server.browser()
    stolen = parse_qs(urlsplit(come_back(browser)).query)["code"][0]
    provider.codes.pop(stolen)  # redeemed by somebody else
    later = come_back(browser)
    fresh = parse_qs(urlsplit(later).query)["code"][0]
    assert problem(browser.get(later.replace(fresh, stolen))) == "openid_connect_failed"


def test_a_code_of_another_sign_in_does_not_fit(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    """Injected into one's own: PKCE does not hold for it."""
    server = serve()
    victim, attacker = server.browser(), server.browser()
    stolen = parse_qs(urlsplit(come_back(victim)).query)["code"][0]
    own = come_back(attacker)
    code = parse_qs(urlsplit(own).query)["code"][0]
    assert problem(attacker.get(own.replace(code, stolen))) == "openid_connect_failed"


@pytest.mark.parametrize("change", ["state", "iss"])
def test_wrong_answers_of_the_provider(serve: Callable[..., Server], provider: OpenIdProvider, change: str) -> None:
    browser = serve().browser()
    given = {name: values[0] for name, values in parse_qs(urlsplit(come_back(browser)).query).items()}
    given[change] = "https://elsewhere.example"
    wanted = {"state": "openid_connect_expired", "iss": "openid_connect_failed"}[change]
    assert problem(browser.get("/openid-connect/callback", params=given)) == wanted
    assert problem(browser.get("/openid-connect/callback")) == "openid_connect_expired"


def test_a_sign_in_takes_ten_minutes_at_most(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    server = serve()
    browser = server.browser()
    back = come_back(browser)
    server.clock.move(minutes=11)
    assert problem(browser.get(back)) == "openid_connect_expired"


def test_the_provider_refuses(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    provider.refuses = "access_denied"
    assert problem(go(serve().browser())) == "openid_connect_refused"


CLAIMS: dict[str, dict[str, Any]] = {
    "another nonce": {"nonce": "x" * 43},
    "no nonce": {"nonce": None},
    "expired": {"exp": 1_700_000_000},
    "of the future": {"iat": 4_000_000_000, "exp": 4_000_000_300},
    "no time at all": {"exp": float("nan")},
    "another issuer": {"iss": "https://elsewhere.example"},
    "another audience": {"aud": "another-client"},
    "several audiences": {"aud": [CLIENT, "another-client"]},
    "made for another": {"azp": "another-client"},
    "nobody": {"sub": None},
}


@pytest.mark.parametrize("wrong", CLAIMS.values(), ids=CLAIMS)
def test_id_tokens_that_do_not_hold(
    serve: Callable[..., Server], provider: OpenIdProvider, wrong: dict[str, Any]
) -> None:
    provider.change_claims = lambda claims: {
        name: value for name, value in (claims | wrong).items() if value is not None
    }
    server = serve()
    assert problem(go(server.browser())) == "openid_connect_failed"
    provider.change_claims = lambda claims: claims
    assert who_after(server) == "member@alpha.example", "the same without what is wrong"


def test_id_tokens_that_somebody_else_signed(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    server = serve()
    stranger = SigningKey(id=provider.key.id)
    signed: dict[str, Callable[[dict[str, Any]], str]] = {
        "another key": lambda claims: jwt.encode(claims, stranger.private, "RS256", headers={"kid": stranger.id}),
        "an unknown key": lambda claims: jwt.encode(claims, stranger.private, "RS256", headers={"kid": "nowhere"}),
        "nobody": lambda claims: jwt.encode(claims, None, "none", headers={"kid": provider.key.id}),
        "our secret": lambda claims: jwt.encode(claims, SECRET * 3, "HS256", headers={"kid": provider.key.id}),
        "no token": lambda claims: "this is none",
    }
    for name, sign in signed.items():
        provider.sign = sign
        assert problem(go(server.browser())) == "openid_connect_failed", name


@pytest.mark.parametrize("verified", [False, None, "false", 1])
def test_an_email_that_is_not_verified(
    serve: Callable[..., Server], provider: OpenIdProvider, verified: object
) -> None:
    provider.person["email_verified"] = verified
    assert problem(go(serve().browser())) == "unverified_email"


def test_unknown_and_former_members(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    server = serve()
    provider.person["email"] = "nobody@alpha.example"
    assert problem(go(server.browser())) == "unknown_member"
    administrator = server.signed_in("admin@alpha.example")
    gone = server.add("gone@alpha.example", Role.MEMBER, "alpha")
    administrator.patch(f"/members/{gone}", json={"active": False})
    provider.person["email"] = "gone@alpha.example"
    assert problem(go(server.browser())) == "inactive_member"
    failed = administrator.get("/audit", params={"action": "sign_in.failed"}).json()["items"]
    assert [event["detail"]["code"] for event in failed] == ["inactive_member", "unknown_member"]


def test_new_members_join_where_the_operator_says_and_not_where_the_provider_does(
    serve: Callable[..., Server], provider: OpenIdProvider
) -> None:
    server = serve(oidc_new_members="beta")
    provider.person |= {
        "email": "new@cluster.example", "name": "Nueva\x00\n Persona", "organisation": "gamma",
        "groups": ["administrator"],
        "role": "administrator", "roles": ["administrator"],
    }  # fmt: skip
    browser = server.browser()
    go(browser)
    told = browser.get("/session").json()
    assert (told["member"]["email"], told["member"]["name"]) == ("new@cluster.example", "Nueva Persona")
    assert (told["role"], told["organisation"]["id"], told["may_administer"]) == ("member", "beta", "nothing")
    assert who_after(server) == "new@cluster.example", "the second time they are known"
    # Nobody signs in as them with a password: they have none.
    for guess in ("", "new@cluster.example", "None"):
        answer = server.browser().post("/session", json={"email": "new@cluster.example", "password": guess or "x"})
        assert answer.status_code == 401


def test_a_one_time_password_is_void_once_they_came_in_so(
    serve: Callable[..., Server], provider: OpenIdProvider
) -> None:
    server = serve()
    made = server.service.access.members.add(
        Caller.operator(), email="fresh@alpha.example", name="Fresh", role=Role.MEMBER, organisation="alpha"
    )
    provider.person["email"] = "fresh@alpha.example"
    browser = server.browser()
    go(browser)
    assert browser.get("/session").json()["must_change_password"] is False
    refused = server.browser().post("/session", json={"email": "fresh@alpha.example", "password": made.password})
    assert refused.status_code == 401


def test_the_email_may_be_told_by_userinfo(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    provider.claims_in_userinfo = True
    server = serve()
    assert who_after(server) == "member@alpha.example"
    provider.person["sub"] = "u-2"
    assert problem(go(server.browser())) == "openid_connect_failed", "of another person"


def test_a_provider_that_cannot_be_asked(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    provider.describe = lambda told: told | {"issuer": "https://elsewhere.example"}
    server = serve()
    assert problem(server.browser().get("/openid-connect/start")) == "openid_connect_failed"
    provider.describe = lambda told: told | {"token_endpoint": "file:///etc/passwd"}
    assert problem(server.browser().get("/openid-connect/start")) == "openid_connect_failed"
    provider.describe = lambda told: told
    assert who_after(server) == "member@alpha.example"


def test_the_secret_goes_where_the_provider_reads_it_and_never_to_the_browser(
    serve: Callable[..., Server], provider: OpenIdProvider
) -> None:
    server = serve(oidc_client_secret="another")
    browser = server.browser()
    assert problem(go(browser)) == "openid_connect_failed"
    assert "another" not in json.dumps(provider.asked)


def test_a_session_is_new_and_replaces_the_one_before(serve: Callable[..., Server], provider: OpenIdProvider) -> None:
    server = serve()
    browser = server.signed_in("member@alpha.example")
    before = dict(browser.cookies)
    go(browser)
    assert who(browser)["email"] == "member@alpha.example"
    old = server.browser()
    old.cookies.update(before)
    assert who(old) is None


def test_without_a_provider_there_is_no_such_way(server: Server) -> None:
    browser = server.browser()
    assert browser.get("/sign-in-ways").json() == {"password": True, "openid_connect": None}
    for path in ("start", "callback"):
        answer = browser.get(f"/openid-connect/{path}")
        assert (answer.status_code, answer.json()["code"]) == (404, "no_openid_connect")


def test_keys_may_be_replaced(provider: OpenIdProvider) -> None:
    """A token with an unknown key makes us ask for the keys again, but not all the time."""
    now = [0.0]
    ours = Provider(provider.url, Client(CLIENT, SECRET, "http://localhost/x"), monotonic=lambda: now[0])
    with closing_provider(ours):
        assert ours.key(provider.key.id).key_id == provider.key.id
        new = SigningKey()
        provider.published[:] = [new]
        with pytest.raises(SignInFailed, match="does not publish"):
            ours.key(new.id)
        now[0] += 10
        assert ours.key(new.id).key_id == new.id
        now[0] += 10
        with pytest.raises(SignInFailed, match="does not publish"):
            ours.key(provider.key.id)


@contextmanager
def closing_provider(provider: Provider) -> Iterator[None]:
    try:
        yield
    finally:
        provider.close()


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"oidc_issuer": "http://login.example.org", "oidc_client_id": "x"}, "LONJA_OIDC_ISSUER"),
        ({"oidc_issuer": "https://login.example.org"}, "LONJA_OIDC_CLIENT_ID is missing"),
        ({"oidc_new_members": "Not A Slug"}, "LONJA_OIDC_NEW_MEMBERS"),
    ],
)
def test_settings_that_cannot_be(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(BadSetting, match=named):
        read_service_settings(**wrong)
