"""An address that there is nothing at: a page that says so, with a way back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from search_api.access.demonstration import PASSWORD
from tests.ui.conftest import COFFEE_MEMBER, Visitor
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]


def test_it_is_told_in_the_reader_s_language_and_leads_back(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER, language="pt", width=390)
    visitor.expected = ("404",)
    page = visitor.go("/relatorios/2026")
    expect(page.get_by_role("heading", name="Página não encontrada")).to_be_visible()
    expect(page).to_have_title("Página não encontrada · Lonja")
    assert violations(page) == []
    visitor.shot("page-unknown-390-light")
    page.locator("main").get_by_role("link", name="Buscar").click()
    expect(page.locator("#question")).to_be_visible()


def test_who_is_not_signed_in_signs_in_first(visit: Visit) -> None:
    visitor = visit()
    visitor.expected = ("404",)
    page = visitor.go("/nowhere")
    page.locator("input[type=email]").fill(COFFEE_MEMBER)
    page.locator("input[type=password]").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Página no encontrada")).to_be_visible()
