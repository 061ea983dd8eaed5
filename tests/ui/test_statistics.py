"""Growth, use and reuse as charts with a table beside each, for administrators."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import ADMINISTRATOR, COFFEE, COFFEE_MEMBER, Visitor
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]


def beside(page: Page, title: str) -> Locator:
    """A chart and the table beside it."""
    return page.locator(".beside").filter(has=page.get_by_role("heading", name=title, exact=True))


@pytest.mark.parametrize(("language", "dark", "width"), [("es", False, 1440), ("pt", True, 390), ("en", False, 768)])
def test_charts_have_a_table_beside_each(visit: Visit, language: str, dark: bool, width: int) -> None:
    visitor = visit(ADMINISTRATOR, path="/administration/statistics", language=language, dark=dark, width=width)
    page = visitor.page
    for key in ("growth", "use", "reuse"):
        section = beside(page, visitor.text(f"statistics.{key}"))
        expect(section.locator("figure")).to_be_visible()
        expect(section.locator("table").last).to_be_visible()
    expect(page.get_by_role("heading", name=visitor.text("statistics.missing"))).to_be_visible()
    empty = page.locator(".bars li").filter(has=page.locator(".value", has_text=re.compile("^0$")))
    expect(empty.first).to_be_visible()
    expect(empty.locator(".bar").locator("visible=true")).to_have_count(0)
    expect(page.locator(".bars .bar").locator("visible=true").first).to_be_visible()
    assert violations(page) == []
    assert not page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    visitor.shot(f"statistics-{language}-{width}")


def test_the_numbers_are_those_of_the_cluster(visit: Visit) -> None:
    visit(COFFEE_MEMBER).search("límites de cadmio en cacao")
    page = visit(ADMINISTRATOR, path="/administration/statistics").page
    growth = beside(page, "Crecimiento")
    latest = growth.locator("tbody tr").first
    expect(latest.locator("td").nth(1)).to_have_text(re.compile(r"^[1-9]\d*$"))  # documents
    months = growth.locator("tbody tr").count()
    page.get_by_label("Intervalo").select_option("week")
    expect(growth.locator("tbody tr").nth(months)).to_be_visible()
    expect(beside(page, "Reutilización entre empresas")).to_contain_text("Café Alto Juanambú")


def test_they_are_for_administrators_alone(visit: Visit) -> None:
    page = visit(COFFEE, path="/administration/statistics").page
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Uso", exact=True)).to_have_count(0)
    expect(page.get_by_role("heading", name="Reutilización entre empresas")).to_have_count(0)
