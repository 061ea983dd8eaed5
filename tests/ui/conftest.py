"""The UI in a real browser, against a real server over the demonstration corpus."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from corpus.library import Library
from corpus.settings import LibrarySettings
from search_api.access.access import Access
from search_api.access.demonstration import DOMAIN, PASSWORD, demonstration_accounts
from search_api.settings import ServiceSettings
from search_api.web.serving import BUILT
from tests.conftest import ROOT
from tests.service.serving import ServingProcess

ARTEFACTS = ROOT / "artefacts" / "ui"
COFFEE = f"cafe-alto-juanambu@{DOMAIN}"
COFFEE_MEMBER = f"cafe-alto-juanambu.member@{DOMAIN}"
LEATHER_MEMBER = f"cueros-belen.member@{DOMAIN}"
ADMINISTRATOR = f"administrator@{DOMAIN}"
MESSAGES = ROOT / "frontend" / "src" / "language" / "messages"
PATIENCE = 60_000  # ms; a busy machine is slow, and nothing is measured here
LOCALES = {"es": "es-CO", "pt": "pt-BR", "en": "en-GB"}
SIZES = {390: 844, 768: 1024, 1440: 900}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """The machine's own. The package's alone: Playwright keeps an event loop while it is open."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("there is no chromium on this machine: apt-get install chromium")
    if not (BUILT / "index.html").is_file():
        pytest.skip("the web UI is not built: pip install -e . without LONJA_SKIP_FRONTEND")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The first of them takes in the demonstration cluster, which a busy machine needs minutes for."""
    for item in items:
        if item.path.parent == Path(__file__).parent and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(900))


def make_demonstration(data: Path) -> None:
    """A data folder with the demonstration cluster. ``LONJA_TEST_DEMO`` names one to copy instead of making it."""
    made = os.environ.get("LONJA_TEST_DEMO")
    if made:
        shutil.copytree(made, data)
    else:
        command = [sys.executable, "-m", "search_api", "demo", "--data", str(data)]
        done = subprocess.run(command, env=os.environ | {"DEMO_SERVE": "0"}, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
    with Library(LibrarySettings(data=data)) as library:
        access = Access(library.catalog, ServiceSettings())
        demonstration_accounts(access)
        access.close()


@pytest.fixture(scope="package")
def demonstration(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Made once for all the processes that run these tests, and opened by none: they serve copies."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent  # that of the run
    data = folder / "demonstration"
    with FileLock(folder / "demonstration.lock"):
        if not (made := folder / "demonstration.made").exists():
            make_demonstration(data)
            made.touch()
    return data


@pytest.fixture(scope="package")
def serve_copy(demonstration: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], ServingProcess]]:
    """Starts a server over a copy of the demonstration cluster: for a module that leaves much behind."""
    started: list[ServingProcess] = []

    def serving() -> ServingProcess:
        data = tmp_path_factory.mktemp("served") / "data"
        shutil.copytree(demonstration, data)
        process = ServingProcess(data)
        started.append(process)
        process.start()
        return process

    yield serving
    for process in started:
        process.close()


@pytest.fixture(scope="package")
def lonja(serve_copy: Callable[[], ServingProcess]) -> ServingProcess:
    """The one that tests share: they find its documents, and add what they name themselves."""
    return serve_copy()


class Visitor:
    """Somebody with a browser of their own. What goes wrong in a page they saw fails the test."""

    def __init__(self, context: BrowserContext, url: str, language: str) -> None:
        self.context = context
        self.url = url
        self._texts: dict[str, str] = json.loads((MESSAGES / f"{language}.json").read_text("utf-8"))
        self.wrong: list[str] = []
        self.expected: tuple[str, ...] = ()  # parts of what the console may say
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", self._hear)
        return page

    def go(self, path: str) -> Page:
        """``path`` is one of the service's, or an address of its own."""
        self.page.goto(path if not path.startswith("/") else f"{self.url}{path}")
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
        """As people do it. ``visit(email)`` is quicker where signing in is not what a test is about."""
        page = self.go("/")
        page.locator("input[type=email]").fill(email)
        page.locator("input[type=password]").fill(password)
        page.locator("button[type=submit]").click()
        page.locator("header nav").wait_for()
        return page

    def search(self, text: str) -> Page:
        self.go("/")
        self.page.locator("#question").fill(text)
        self.page.locator("article, .empty").first.wait_for()
        return self.page

    def text(self, key: str) -> str:
        """A text of the UI in this visitor's language, as it is written in the catalogue; without what varies in it."""
        return self._texts[key].split("{", 1)[0].strip()

    def shot(self, name: str) -> None:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    def _hear(self, message: ConsoleMessage) -> None:
        said = message.text
        # The browser tells of every answer that is an error; who is not signed in yet gets a 401.
        if message.type == "error" and "401" not in said and not any(part in said for part in self.expected):
            self.wrong.append(f"console: {said} {message.location.get('url', '')}")


@pytest.fixture(scope="package")
def sessions() -> Callable[[str, str], list[Any]]:
    """The cookies of somebody who is signed in: once for all tests, for hashing a password takes a while."""
    kept: dict[tuple[str, str], list[Any]] = {}

    def cookies(url: str, email: str) -> list[Any]:
        if (url, email) not in kept:
            with httpx.Client(base_url=url, timeout=60) as client:
                answer = client.post("/api/v1/session", json={"email": email, "password": PASSWORD})
                assert answer.status_code == 200, answer.text
                kept[url, email] = [
                    {"name": one.name, "value": one.value or "", "url": url, "httpOnly": True, "sameSite": "Lax"}
                    for one in client.cookies.jar
                ]
        return kept[url, email]

    return cookies


@pytest.fixture
def visit(
    chromium: Browser, lonja: ServingProcess, sessions: Callable[[str, str], list[Any]]
) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser: ``visit(email, language=, dark=, width=)``; without an address nobody is signed in.

    The session is shared with other tests: who ends it signs in with ``visit().sign_in(email)``.
    """
    visitors: list[Visitor] = []

    def opening(
        email: str | None = None, *, language: str = "es", dark: bool = False, width: int = 1440, path: str = "/"
    ) -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": SIZES.get(width, 900)},
            color_scheme="dark" if dark else "light",
            locale=LOCALES[language],
            timezone_id="America/Bogota",
            has_touch=width < 500,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lonja.url)
        if email is not None:
            context.add_cookies(sessions(lonja.url, email))
        visitor = Visitor(context, lonja.url, language)
        visitors.append(visitor)
        visitor.go(path)
        if email is not None:
            visitor.page.locator("header nav").wait_for()
        return visitor

    yield opening
    for visitor in visitors:
        visitor.context.close()
    assert [wrong for visitor in visitors for wrong in visitor.wrong] == []


def parameters(page: Page) -> str:
    """What the address says after the hash sign."""
    return urlsplit(page.url).fragment
