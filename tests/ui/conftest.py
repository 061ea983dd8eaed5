"""The UI in a real browser, against a real server over the demonstration corpus."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

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
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration cluster. ``LONJA_TEST_DEMO`` names one to copy instead of making it."""
    data = tmp_path_factory.mktemp("ui") / "data"
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
    return data


@pytest.fixture(scope="package")
def lonja(demonstration: Path) -> Iterator[ServingProcess]:
    serving = ServingProcess(demonstration)
    serving.start()
    try:
        yield serving
    finally:
        serving.close()


class Visitor:
    """Somebody with a browser of their own. What goes wrong in a page they saw fails the test."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.url = url
        self.wrong: list[str] = []
        self.expected: tuple[str, ...] = ()  # parts of what the console may say
        self.page = self.open()

    def open(self) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(f"error: {error}"))
        page.on("console", self._hear)
        return page

    def go(self, path: str) -> Page:
        self.page.goto(f"{self.url}{path}")
        return self.page

    def sign_in(self, email: str, password: str = PASSWORD) -> Page:
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

    def shot(self, name: str) -> None:
        ARTEFACTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=ARTEFACTS / f"{name}.png")

    def _hear(self, message: ConsoleMessage) -> None:
        said = message.text
        # The browser tells of every answer that is an error; who is not signed in yet gets a 401.
        if message.type == "error" and "401" not in said and not any(part in said for part in self.expected):
            self.wrong.append(f"console: {said}")


@pytest.fixture
def visit(chromium: Browser, lonja: ServingProcess) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser: ``visit(email, language=, dark=, width=)``; without an address nobody is signed in."""
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
        context.set_default_timeout(30_000)
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=lonja.url)
        visitor = Visitor(context, lonja.url)
        visitors.append(visitor)
        if email is not None:
            visitor.sign_in(email)
        if path != "/" or email is None:
            visitor.go(path)
        return visitor

    yield opening
    for visitor in visitors:
        visitor.context.close()
    assert [wrong for visitor in visitors for wrong in visitor.wrong] == []


def parameters(page: Page) -> str:
    """What the address says after the hash sign."""
    return urlsplit(page.url).fragment
