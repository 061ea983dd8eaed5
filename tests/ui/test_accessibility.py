"""axe on every page and state, light and dark, in each language; and nothing that scrolls sideways on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.ui.conftest import COFFEE, COFFEE_MEMBER, Visitor

Visit = Callable[..., Visitor]
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
LOOKS = [("es", False, 1440), ("pt", True, 390), ("en", False, 390), ("es", True, 768)]

PAGES = {
    "start": "/",
    "results": "/#q=l%C3%ADmites+de+cadmio+en+cacao",
    "filtered": "/#q=exportar&kind=market_report&from=2025-01-01",
    "nothing": "/#q=cadmio&from=1990-01-01&to=1990-12-31",
    "share": "/share",
    "note": "/notes/new#ask=flete",
    "mine": "/mine",
    "members": "/administration",
    "organisations": "/administration/organisations",
    "keys": "/administration/keys",
    "jobs": "/administration/jobs",
    "account": "/account",
    "unknown-document": "/documents/nowhere",
}


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one in found for node in one["nodes"]]


def settle(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    page.wait_for_function("!document.querySelector('[aria-busy=true]')")


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS)
def test_every_page_is_without_violations(visit: Visit, language: str, dark: bool, width: int) -> None:
    visitor = visit(COFFEE, language=language, dark=dark, width=width)
    visitor.expected = ("404",)
    page = visitor.page
    found = []
    for name, path in PAGES.items():
        visitor.go(path)
        # A new hash alone loads no page anew; the jobs stream never rests.
        page.reload()
        page.wait_for_timeout(700) if name == "jobs" else settle(page)
        found += [f"{name}: {one}" for one in violations(page)]
        if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            found.append(f"{name}: scrolls sideways at {width}")
        visitor.shot(f"{name}-{language}-{'dark' if dark else 'light'}-{width}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("language", "dark", "width"), LOOKS)
def test_a_document_s_views_are_without_violations(visit: Visit, language: str, dark: bool, width: int) -> None:
    visitor = visit(COFFEE_MEMBER, language=language, dark=dark, width=width)
    page = visitor.search("límites de cadmio en cacao Reglamento 2023/915")
    page.locator("article h2 a", has_text="Cadmio en cacao y chocolate").click()
    page.locator(".here").wait_for()
    found = []
    for number in range(page.get_by_role("tab").count()):
        page.get_by_role("tab").nth(number).click()
        settle(page)
        found += [f"tab {number}: {one}" for one in violations(page)]
        visitor.shot(f"document-{number}-{language}-{'dark' if dark else 'light'}-{width}")
    assert not found, "\n".join(found)


def test_dialogs_and_menus_are_without_violations(visit: Visit) -> None:
    visitor = visit(COFFEE, width=390)
    page = visitor.search("cadmio")
    found = []
    page.get_by_role("button", name="Filtros").click()
    page.get_by_role("dialog").wait_for()
    found += [f"filters: {one}" for one in violations(page)]
    visitor.shot("filters-390")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Su cuenta y preferencias").click()
    found += [f"account: {one}" for one in violations(page)]
    visitor.go("/mine")
    page.get_by_role("button", name="Acciones").first.click()
    found += [f"actions: {one}" for one in violations(page)]
    page.get_by_role("button", name="Corregir los datos").click()
    found += [f"facts: {one}" for one in violations(page)]
    visitor.shot("facts-390")
    assert not found, "\n".join(found)


def test_the_way_in_is_without_violations(visit: Visit) -> None:
    found = []
    for language, dark, width in LOOKS:
        visitor = visit(language=language, dark=dark, width=width)
        visitor.page.locator("input[type=password]").wait_for()
        found += violations(visitor.page)
        visitor.shot(f"sign-in-{language}-{'dark' if dark else 'light'}-{width}")
    assert not found, "\n".join(found)


pytestmark = pytest.mark.skip(reason="written and not yet proven: its first whole run is open (the web UI)")
