"""A real server on a real port over a real SQLite file, and people who talk to it over HTTP."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from corpus.catalog import Catalog
from corpus.documents import Organisation, Role
from corpus.library import Library
from corpus.settings import LibrarySettings
from search_api.access.access import Access
from search_api.access.caller import Caller
from search_api.access.members import NewMember
from search_api.app import create_app
from search_api.service import Service
from search_api.settings import ServiceSettings

PASSWORD = "three green parrots"
FIRMS = ("alpha", "beta", "gamma")


@dataclass
class MovableClock:
    """The time of day, and as much later as a test says."""

    later: timedelta = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later

    def move(self, **by: float) -> None:
        self.later += timedelta(**by)


@dataclass
class Server:
    """A running service, and its insides for arranging what a test needs."""

    url: str
    service: Service
    clock: MovableClock
    greeted: list[NewMember] = field(default_factory=list)
    browsers: list[Browser] = field(default_factory=list)

    def add(self, email: str, role: Role, organisation: str | None, password: str = PASSWORD) -> str:
        """The new member's id."""
        made = self.service.access.members.add(
            Caller.operator(), email=email, name=email.split("@")[0], role=role, organisation=organisation,
            password=password,
        )  # fmt: skip
        return made.member.id

    def browser(self, **headers: str) -> Browser:
        opened = Browser(self.url, headers)
        self.browsers.append(opened)
        return opened

    def close(self) -> None:
        for browser in self.browsers:
            browser.close()

    def signed_in(self, email: str, password: str = PASSWORD) -> Browser:
        browser = self.browser()
        browser.sign_in(email, password)
        return browser


class Browser(httpx.Client):
    """Keeps cookies as a browser does, and sends the token that changes need."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(base_url=f"{url}/api/v1", headers=headers, timeout=30)

    def sign_in(self, email: str, password: str = PASSWORD) -> dict[str, Any]:
        answer = self.post("/session", json={"email": email, "password": password})
        assert answer.status_code == 200, answer.text
        self.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return dict(answer.json())


@contextmanager
def running(app: Any) -> Iterator[str]:
    """The address of a uvicorn server in a thread."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=5)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Server]]:
    """Starts servers with settings of a test's own, over one catalog; they end with the test."""
    servers: list[Server] = []
    with ExitStack() as stack:

        def starting(**settings: Any) -> Server:
            clock = MovableClock()
            greeted: list[NewMember] = []
            library = LibrarySettings(data=tmp_path)
            is_first = not servers
            app = create_app(
                ServiceSettings(**settings),
                lambda: Library(library, owner=is_first),
                clock=clock,
                greet=greeted.append,
            )
            url = stack.enter_context(running(app))
            server = Server(url, app.state.service, clock, greeted)
            stack.callback(server.close)
            servers.append(server)
            return server

        yield starting


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A catalog with three firms, each with a coordinator and a member, and an administrator of the first."""
    file = tmp_path_factory.mktemp("furnished") / "catalog.db"
    with Catalog(file) as catalog:
        access = Access(catalog, ServiceSettings())
        people = [("admin@alpha.example", Role.ADMINISTRATOR, "alpha")]
        for slug in FIRMS:
            catalog.organisations.put(Organisation(slug, slug.title(), "COL", ("coffee",)))
            people.append((f"coordinator@{slug}.example", Role.COORDINATOR, slug))
            people.append((f"member@{slug}.example", Role.MEMBER, slug))
        for email, role, slug in people:
            access.members.add(
                Caller.operator(), email=email, name=email.split("@")[0], role=role, organisation=slug,
                password=PASSWORD,
            )  # fmt: skip
        access.close()
    return file


@pytest.fixture
def server(start: Callable[..., Server], furnished: Path, tmp_path: Path) -> Server:
    """A service over a copy of the furnished catalog."""
    shutil.copy(furnished, tmp_path / "catalog.db")
    return start()
