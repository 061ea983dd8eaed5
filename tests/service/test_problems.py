"""Wrong, hostile and absurd requests: a clear answer, no stack trace, bounded memory."""

from __future__ import annotations

import json
import logging
import socket
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from corpus.catalog import Catalog
from corpus.errors import StorageError
from tests.running import PATIENCE
from tests.service.conftest import PASSWORD, Server


def assert_problem(answer: httpx.Response, status: int, code: str) -> None:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code
    assert problem["status"] == status
    assert problem["type"] == f"urn:lonja:problem:{code}"
    assert problem["detail"]
    assert problem["request_id"] == answer.headers["x-request-id"]
    assert "Traceback" not in answer.text


def raw(server: Server, request: bytes) -> bytes:
    """What the server answers to these bytes."""
    address = urlsplit(server.url)
    with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
        connection.sendall(request)
        answer = b""
        while part := connection.recv(65536):
            answer += part
            if b"\r\n\r\n" in answer and (b"}" in answer or b"Invalid" in answer):
                break
    return answer


def test_what_is_not_there(server: Server) -> None:
    browser = server.signed_in("member@alpha.example")
    assert_problem(browser.get("/nowhere"), 404, "not_found")
    assert_problem(browser.get("/members/../../etc/passwd"), 404, "not_found")
    assert_problem(browser.post("/organisations/alpha"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b'"text"', b"{}", b'{"email": 3, "password": []}', b'{"email": "a", "extra": 1}'],
)
def test_bodies_that_are_not_what_was_asked_for(server: Server, body: bytes) -> None:
    answer = server.browser().post("/session", content=body, headers={"Content-Type": "application/json"})
    assert_problem(answer, 422, "invalid")
    assert answer.json()["errors"]


@pytest.mark.parametrize(
    "body",
    [
        b'{"email": "\xff\xfe", "password": "x"}',
        b"[" * 100_000,
        b'{"email": ' + b"9" * 5000 + b"}",
    ],
)
def test_bodies_that_cannot_be_read(server: Server, body: bytes) -> None:
    answer = server.browser().post("/session", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("text", ["a\x00b", "line\nbreak", "\ud800", " ", "x" * 201])
def test_names_are_a_line_of_text(server: Server, text: str) -> None:
    admin = server.signed_in("admin@alpha.example")
    body = json.dumps({"id": "delta", "name": text}).encode()
    answer = admin.post("/organisations", content=body, headers={"Content-Type": "application/json"})
    assert_problem(answer, 422, "invalid")


def test_what_was_sent_is_not_repeated(server: Server) -> None:
    answer = server.browser().post("/session", json={"email": "a@b", "password": {"secret": "canary-5512"}})
    assert_problem(answer, 422, "invalid")
    assert "canary-5512" not in answer.text


@pytest.mark.parametrize("address", ["/session?x=%ff", "/session?x=%00", "/members/%00", "/members/%c3%28"])
def test_addresses_that_are_no_text(server: Server, address: str) -> None:
    assert_problem(server.browser().get(address), 400, "not_text")


def test_a_body_of_two_gigabytes_is_refused_unread(server: Server) -> None:
    host = urlsplit(server.url).netloc.encode()
    head = b"POST /api/v1/session HTTP/1.1\r\nHost: " + host + b"\r\nContent-Type: application/json\r\n"
    answer = raw(server, head + b"Content-Length: 2147483648\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413")
    assert b"application/problem+json" in answer
    assert b"connection: close" in answer.lower()


def test_a_body_that_does_not_say_how_large_it_is_is_counted(server: Server) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(64):
            yield b" " * 65536

    answer = server.browser().post("/session", content=endless(), headers={"Content-Type": "application/json"})
    assert_problem(answer, 413, "too_large")


def test_ten_thousand_form_parts(server: Server) -> None:
    parts = b"".join(
        b'--x\r\nContent-Disposition: form-data; name="n%d"\r\n\r\nv\r\n' % number for number in range(10_000)
    )
    answer = server.browser().post(
        "/session", content=parts + b"--x--\r\n", headers={"Content-Type": "multipart/form-data; boundary=x"}
    )
    assert answer.status_code in (413, 422)


def test_foreign_host_names_are_refused(server: Server) -> None:
    assert_problem(server.browser().get("/session", headers={"Host": "evil.example"}), 400, "unknown_host")
    assert_problem(server.browser().get("/session", headers={"Host": "evil.example:8000"}), 400, "unknown_host")
    assert server.browser().get("/session", headers={"Host": "localhost:8000"}).status_code == 401
    assert server.browser().get("/session", headers={"Host": "[::1]:8000"}).status_code == 401


def test_the_public_name_is_known(start: Callable[..., Server]) -> None:
    server = start(public_url="http://lonja.example.org/", allowed_hosts="lonja.internal, other.internal")
    for host in ("lonja.example.org", "lonja.internal", "other.internal:80"):
        assert server.browser().get("/session", headers={"Host": host}).status_code == 401


def test_request_ids_are_kept_where_they_are_harmless(server: Server) -> None:
    given = server.browser().get("/session", headers={"X-Request-ID": "from-the-proxy-1"})
    assert given.headers["x-request-id"] == "from-the-proxy-1"
    replaced = server.browser().get("/session", headers={"X-Request-ID": 'a"b {log}'})
    assert replaced.headers["x-request-id"] != 'a"b {log}'


def test_every_answer_carries_the_security_headers(server: Server) -> None:
    browser = server.signed_in("member@alpha.example")
    for answer in (browser.get("/session"), browser.get("/nowhere"), browser.get("/session?x=%00")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers or "lonja" not in answer.headers["server"].lower()


def test_an_unforeseen_error_is_told_without_its_insides(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("canary-7731")

    browser = server.signed_in("member@alpha.example")
    monkeypatch.setattr(server.service.access.organisations, "all", broken)
    answer = browser.get("/organisations")
    assert_problem(answer, 500, "internal")
    assert "canary" not in answer.text
    (told,) = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert told.exc_info is not None
    assert told.__dict__["request_id"] == answer.headers["x-request-id"]
    assert browser.get("/session").status_code == 200


def test_a_database_that_fails_is_told_without_its_insides(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StorageError("The catalog's database failed: /secret/path/catalog.db is locked.")

    browser = server.signed_in("member@alpha.example")
    monkeypatch.setattr(server.service.access.organisations, "all", broken)
    answer = browser.get("/organisations")
    assert_problem(answer, 503, "storage")
    assert "secret" not in answer.text


def test_logs_hold_no_secrets(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    from search_api.frame.logs import JsonLines

    caplog.set_level(logging.DEBUG)
    coordinator = server.signed_in("coordinator@alpha.example")
    secret = coordinator.post("/keys", json={"name": "a key"}).json()["secret"]
    made = coordinator.post("/invitations", json={"email": "new@alpha.example"}).json()
    token = made["url"].split("token=")[1]
    server.browser().post("/invitations/look", json={"token": token})
    server.browser(Authorization=f"Bearer {secret}").get("/organisations?query=canary-query")
    server.browser().get("/session", headers={"Cookie": "lonja_session=canary-cookie"})
    lines = "\n".join(JsonLines().format(record) for record in caplog.records if record.name.startswith("lonja"))
    assert lines.count('"message": "request"') >= 5
    cookie = next(iter(coordinator.cookies.jar)).value
    assert cookie is not None
    for held in (secret, token, PASSWORD, cookie, coordinator.headers["x-csrf-token"], "canary"):
        assert held not in lines
    assert '"caller": "key:' in lines
    assert '"operation": "look_at_invitation"' in lines


def test_database_errors_hold_no_values(server: Server) -> None:
    catalog = server.service.library.catalog
    assert isinstance(catalog, Catalog)
    assert catalog._engine.hide_parameters
