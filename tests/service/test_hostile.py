"""Tokens that are not what they claim to be, headers that are no text, and more bytes than memory should hold.

Beside it: form parts, bodies and addresses in test_problems, file names and zip bombs in test_uploads and test_serving,
questions in test_search and test_chatbots.
"""

from __future__ import annotations

import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from corpus.catalog import Catalog
from corpus.membership import KeyScope
from search_api.access.access import Access
from search_api.access.caller import Caller
from search_api.settings import ServiceSettings
from tests.running import PATIENCE, wait_until
from tests.service.conftest import Server, furnish
from tests.service.serving import ServingProcess

MIB = 1 << 20


def test_what_another_installation_gave_is_worth_nothing(server: Server, tmp_path: Path) -> None:
    """The same firms and people, the same code, another catalog."""
    with Catalog(tmp_path / "elsewhere.db") as catalog:
        furnish(catalog)
        access = Access(catalog, ServiceSettings())
        try:
            operator = Caller.operator()
            key = access.keys.make(operator, name="bot", organisation="alpha", scope=KeyScope.CONTRIBUTE).secret
            member = access.members.find(operator, "admin@alpha.example")
            session = access.signing_in.open_session(member, "").token
            link = access.members.make_password_link(operator, member.id).url
        finally:
            access.close()
    assert server.browser(Authorization=f"Bearer {key}").get("/session").status_code == 401
    stranger = server.browser()
    stranger.cookies.set("lonja_session", session)
    assert stranger.get("/session").status_code == 401
    body = {"token": link.split("token=")[1], "password": "four green parrots"}
    assert server.browser().post("/password-links/accept", json=body).status_code == 404
    server.signed_in("admin@alpha.example")  # their password is what it was


def test_each_token_opens_its_own_door_only(server: Server) -> None:
    admin = server.signed_in("admin@alpha.example")
    session = admin.cookies["lonja_session"]
    key = admin.post("/keys", json={"name": "bot", "organisation": "alpha"}).json()["secret"]
    invitation = admin.post("/invitations", json={"email": "new@alpha.example", "organisation": "alpha"}).json()["url"]
    member = admin.get("/session").json()["member"]["id"]
    password_link = admin.post(f"/members/{member}/password-link").json()["url"]
    tokens = [url.split("token=")[1] for url in (invitation, password_link)]
    for token in (session, admin.headers["X-CSRF-Token"], *tokens):
        assert server.browser(Authorization=f"Bearer {token}").get("/session").status_code == 401
    for token in (key, *tokens):
        browser = server.browser()
        browser.cookies.set("lonja_session", token)
        assert browser.get("/session").status_code == 401
    crossed = [
        ("/password-links/accept", {"token": tokens[0], "password": "four green parrots"}),
        ("/invitations/look", {"token": tokens[1]}),
        ("/invitations/accept", {"token": tokens[1], "name": "Thief", "password": "four green parrots"}),
    ]
    for path, body in crossed:
        assert server.browser().post(path, json=body).status_code == 404, path


@pytest.mark.parametrize(
    "header",
    [
        b"Authorization: Bearer \xff\xfe\xc3\x28",
        b"Authorization: Bearer " + b"x" * 20_000,
        b"Cookie: lonja_session=\xff\xfe",
        b"Cookie: " + b"; ".join(b"c%d=1" % number for number in range(2000)),
        b"X-CSRF-Token: \xff\xfe\r\nCookie: lonja_session=x",
        b"Sec-Fetch-Site: \xff",
        b"Origin: http://[::1",
        b"X-Request-ID: \xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe",
        b"X-Forwarded-For: \xff, ', 999.999.999.999",
    ],
)
def test_headers_that_make_no_sense(server: Server, header: bytes) -> None:
    """A clear 4xx, and the next one is answered as ever."""
    address = urlsplit(server.url)
    for request in (b"GET /api/v1/session", b"POST /api/v1/search"):
        with socket.create_connection((address.hostname, address.port), timeout=PATIENCE) as connection:
            connection.sendall(
                request + b" HTTP/1.1\r\nHost: " + address.netloc.encode() + b"\r\n" + header
                + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            )  # fmt: skip
            answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 4"), answer[:200]
    assert server.browser().get("/session").status_code == 401


@pytest.fixture
def served(tmp_path: Path, furnished: Path) -> Iterator[ServingProcess]:
    """Without a worker: what is measured is the door."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(furnished, data / "catalog.db")
    serving = ServingProcess(data, LONJA_WORKERS="0", LONJA_MAX_UPLOAD_MIB="160")
    serving.start()
    try:
        yield serving
    finally:
        serving.close()


@pytest.mark.timeout(900)
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="peaks of memory are read from /proc")
def test_memory_stays_small_whatever_is_sent(served: ServingProcess) -> None:
    browser = served.signed_in("coordinator@alpha.example")
    before = peak(served.process)

    sent: list[Callable[[], httpx.Response]] = [
        lambda: browser.post("/uploads", files={"file": ("a.bin", Endless(150 * MIB))}),  # type: ignore[dict-item]
        lambda: browser.post("/search", content=pieces(64 * MIB), headers={"Content-Type": "application/json"}),
        lambda: browser.post("/uploads", content=pieces(300 * MIB), headers=FORM),
    ]
    for send in sent:
        assert refused(send)
    assert peak(served.process) - before < 64 * MIB
    wait_until(lambda: not list((served.data / "incoming").iterdir()), "what was cut to be gone")
    assert browser.get("/session").status_code == 200


FORM = {"Content-Type": "multipart/form-data; boundary=x"}


def refused(send: Callable[[], httpx.Response]) -> bool:
    """By an answer, or by hanging up while more was being sent."""
    try:
        return 400 <= send().status_code < 500
    except (httpx.WriteError, httpx.ReadError, httpx.RemoteProtocolError):
        return True


def pieces(size: int) -> Iterator[bytes]:
    yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n'
    for _ in range(size // 65536):
        yield b"\xff" * 65536


class Endless:
    """A file of ``size`` bytes that is nowhere whole."""

    def __init__(self, size: int) -> None:
        self._left = size

    def read(self, size: int = -1) -> bytes:
        taken = min(self._left, 65536 if size < 0 else size)
        self._left -= taken
        return b"\xff\x00" * (taken // 2)


def peak(process: psutil.Process) -> int:
    """The largest resident size so far, in bytes."""
    status = Path(f"/proc/{process.pid}/status").read_text()
    return 1024 * int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1])
