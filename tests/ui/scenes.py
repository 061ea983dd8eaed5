"""Every page and its main states, each a few steps from its address: for axe and for the pictures."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.ui.conftest import ADMINISTRATOR, COFFEE, COFFEE_MEMBER, Visitor

CADMIUM = "/#q=l%C3%ADmites+de+cadmio+en+cacao"
NARROW = 1000  # px: below it, filters come in a dialog
SLOW = 180_000  # ms, for what waits for ingestion on a busy machine


@dataclass(frozen=True)
class Scene:
    name: str
    email: str | None
    play: Callable[[Visitor], None]


def settle(visitor: Visitor) -> Page:
    """Nothing is loading any more; a stream of events that stays open does not count."""
    page = visitor.page
    page.wait_for_function(
        """loading => document.body.innerText.trim() !== ''
            && !document.querySelector('[aria-busy=true], .skeletons')
            && !document.body.innerText.includes(loading)
            && [...document.images].every((image) => image.complete)
            && document.getAnimations().every((one) => one.playState !== 'running')""",
        arg=visitor.text("state.loading"),
    )
    return page


def at(path: str, wait: str = "h1") -> Callable[[Visitor], None]:
    def play(visitor: Visitor) -> None:
        visitor.go(path).locator(wait).first.wait_for(state="attached")

    return play


def _beside(visitor: Visitor) -> None:
    page = visitor.go(CADMIUM)
    page.locator("article h2 a").first.click()
    page.locator(".here").wait_for()


def _filters(visitor: Visitor) -> None:
    page = visitor.go(CADMIUM + "&kind=market_report&from=2025-01-01")
    page.locator("article").first.wait_for()
    button = page.locator(".filter-button")
    if button.is_visible():
        button.click()
        page.get_by_role("dialog").wait_for()


def _shortcuts(visitor: Visitor) -> None:
    page = visitor.go("/account")
    page.locator("main h1").wait_for()
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _account_menu(visitor: Visitor) -> None:
    page = visitor.go("/account")
    page.locator("header .menu button").first.click()
    page.locator("header .sheet").wait_for()


def _tab(name: str) -> Callable[[Visitor], None]:
    def play(visitor: Visitor) -> None:
        page = visitor.go(CADMIUM + "+Reglamento+2023%2F915")
        link = page.locator("article h2 a", has_text="Cadmio en cacao y chocolate")
        link.wait_for()
        address = page.evaluate("link => new URL(link.href).hash", link.element_handle())
        document = address.split("open=")[1].split("&")[0]
        visitor.go(f"/documents/{document}?passage=2")
        page.get_by_role("tab", name=visitor.text(f"document.tab.{name}"), exact=True).click()
        page.get_by_role("tab", selected=True).wait_for()

    return play


def _share_table(visitor: Visitor) -> None:
    page = visitor.go("/share")
    files = [
        {"name": "precios-2026.csv", "mimeType": "text/csv", "buffer": b"producto;precio\ncaf\xc3\xa9 verde;4,10\n"},
        {
            "name": "acta-de-marzo.txt",
            "mimeType": "text/plain",
            "buffer": b"Se comparte el flete a Guayaquil en marzo.",
        },
        {"name": "empty.pdf", "mimeType": "application/pdf", "buffer": b""},
        {"name": "broken.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n" + b"rubbish " * 99},
    ]
    page.locator("input[type=file]").set_input_files(files)  # type: ignore[arg-type]
    page.wait_for_function(
        "() => { const rows = [...document.querySelectorAll('.files > li')];"
        " return rows.length === 4 && rows.every((row) => !row.querySelector('progress')); }",
        timeout=SLOW,
    )


def _questions(visitor: Visitor) -> None:
    """One with an answer: the first look asks it."""
    page = visitor.go("/requests")
    page.locator(".list > li").first.wait_for()
    if page.locator(".answers li").count() == 0:
        page.locator("textarea").fill("¿Quién ha exportado panela orgánica a Corea, y con qué certificado?")
        page.locator("form button[type=submit]").click()
        asked = page.locator(".list > li").filter(has_text="panela orgánica a Corea").first
        asked.get_by_role("button", name=visitor.text("requests.answer.document")).click()
        page.get_by_role("dialog").get_by_role("radio").first.check()
        page.get_by_role("dialog").get_by_role("button", name=visitor.text("requests.answer"), exact=True).click()
    page.locator(".answers li").first.wait_for()
    page.get_by_role("dialog").wait_for(state="detached")


def _note(visitor: Visitor) -> None:
    page = visitor.go("/notes/new")
    page.locator("form input").first.fill("Cadena de frío en Rumichaca")
    page.locator("textarea").fill(
        "## Qué pasó\n\n- Tres **demoras**\n- un remedio\n\n| Hora | Fila |\n|---|---|\n| 5:00 | 12 |"
    )
    switch = page.locator(".narrow-only")
    if switch.is_visible():
        switch.click()
    page.locator(".shown strong").wait_for()


def _actions(visitor: Visitor) -> None:
    page = visitor.go("/mine")
    page.locator(".list .menu button").first.click()
    page.locator(".list .sheet").first.wait_for()


def _action(number: int) -> Callable[[Visitor], None]:
    def play(visitor: Visitor) -> None:
        _actions(visitor)
        visitor.page.locator(".list .sheet button").nth(number).click()
        visitor.page.get_by_role("dialog").wait_for()

    return play


def _press(path: str, key: str) -> Callable[[Visitor], None]:
    def play(visitor: Visitor) -> None:
        visitor.go(path).get_by_role("button", name=visitor.text(key), exact=True).first.click()
        visitor.page.get_by_role("dialog").wait_for()

    return play


def _nowhere(visitor: Visitor) -> None:
    page = visitor.go("/account")
    page.locator("main h1").wait_for()
    page.evaluate("history.pushState(null, '', '/nowhere'); dispatchEvent(new PopStateEvent('popstate'))")
    page.get_by_role("heading", name=visitor.text("unknown.title")).wait_for()


def _session_ended(visitor: Visitor) -> None:
    page = visitor.go("/notes/new")
    page.locator("form input").first.fill("Rumichaca")
    page.locator("textarea").fill("Llegar antes de las seis.")
    cookies = visitor.context.cookies()
    visitor.context.clear_cookies()
    page.locator("button[type=submit]").click()
    page.get_by_role("dialog").wait_for()
    visitor.context.add_cookies([{"name": one["name"], "value": one["value"], "url": visitor.url} for one in cookies])


SCENES = [
    Scene("sign-in", None, at("/", "input[type=password]")),
    Scene("start", COFFEE, at("/", "#question")),
    Scene("results", COFFEE, at(CADMIUM, "article")),
    Scene("operators", COFFEE, at("/#q=caf%C3%A9+-soluble+empresa%3Acafe-alto-juanambu", "article")),
    Scene("mended", COFFEE, at("/#q=l%C3%ADmites+de+cadmoi+en+cacao", ".meant")),
    Scene("document-beside", COFFEE_MEMBER, _beside),
    Scene("filtered", COFFEE, _filters),
    Scene("nothing-found", COFFEE, at("/#q=cadmio&from=1990-01-01&to=1990-12-31", ".empty")),
    Scene("document-text", COFFEE_MEMBER, _tab("text")),
    Scene("document-pages", COFFEE_MEMBER, _tab("pages")),
    Scene("document-facts", COFFEE, _tab("facts")),
    Scene("document-related", COFFEE_MEMBER, _tab("related")),
    Scene("document-unknown", COFFEE, at("/documents/nowhere", "[role=alert]")),
    Scene("page-unknown", COFFEE, _nowhere),
    Scene("requests", COFFEE, _questions),
    Scene("share", COFFEE, at("/share")),
    Scene("share-table", COFFEE, _share_table),
    Scene("share-of-a-member", COFFEE_MEMBER, at("/share")),
    Scene("note", COFFEE_MEMBER, _note),
    Scene("mine", COFFEE, at("/mine", ".list h2")),
    Scene("mine-actions", COFFEE, _actions),
    Scene("mine-facts", COFFEE, _action(1)),
    Scene("mine-audience", COFFEE, _action(0)),
    Scene("members", COFFEE, at("/administration", "tbody td")),
    Scene("members-invite", COFFEE, _press("/administration", "members.invite")),
    Scene("organisations", ADMINISTRATOR, at("/administration/organisations", "tbody td")),
    Scene("keys", COFFEE, at("/administration/keys", "table")),
    Scene("keys-make", COFFEE, _press("/administration/keys", "keys.make")),
    Scene("jobs", COFFEE, at("/administration/jobs", "tbody td")),
    Scene("activity", ADMINISTRATOR, at("/administration/activity", "figure")),
    Scene("use", ADMINISTRATOR, at("/administration/statistics", "figure")),
    Scene("audit", ADMINISTRATOR, at("/administration/audit", "tbody td")),
    Scene("account", COFFEE, at("/account", "table")),
    Scene("account-menu", COFFEE, _account_menu),
    Scene("shortcuts", COFFEE, _shortcuts),
    Scene("session-ended", COFFEE, _session_ended),
]
