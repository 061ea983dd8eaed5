"""Thumbs on a hit, with a reason; and the firm that shared the document reads what was said, never by whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from search_api.access.demonstration import DOMAIN
from tests.ui.conftest import COFFEE_MEMBER, LEATHER_MEMBER, Visitor
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]
CACAO = f"cacao-bahia-verde@{DOMAIN}"
QUESTION = "límites de cadmio en cacao Reglamento 2023/915"
TITLE = "Cadmio en cacao y chocolate"


def said_of(visit: Visit, question: str = QUESTION, title: str = TITLE) -> Page:
    """The details of the document, as its firm's coordinator sees them."""
    page = visit(CACAO).search(question)
    page.locator("article h2 a", has_text=title).click()
    page.get_by_role("tab", name="Detalles").click()
    section = page.get_by_role("heading", name="Si sirvió")
    expect(section).to_be_visible()
    return page


def test_a_thumb_up_is_counted_and_can_be_taken_back(visit: Visit) -> None:
    page = visit(LEATHER_MEMBER).search(QUESTION)
    thumb = page.locator("article").filter(has_text=TITLE).first.get_by_role("button", name="Me sirvió", exact=True)
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_role("status").first).to_have_text("Gracias: queda anotado.")
    expect(said_of(visit).get_by_text("Sirvió 1 vez.")).to_be_visible()
    thumb.click()
    expect(thumb).to_have_attribute("aria-pressed", "false")
    expect(said_of(visit).get_by_text("Nadie lo ha dicho todavía.")).to_be_visible()


@pytest.mark.parametrize(("dark", "width"), [(False, 390), (True, 1440)])
def test_a_thumb_down_asks_why_and_is_all_done_by_keyboard(visit: Visit, dark: bool, width: int) -> None:
    question = "China Ecuador FTA cacao tariff"
    visitor = visit(COFFEE_MEMBER, dark=dark, width=width)
    page = visitor.search(question)
    card = page.locator("article").filter(has=page.locator(".facts", has_text="Cacao Bahía Verde")).first
    name = card.locator("h2").inner_text()
    card.get_by_role("button", name="No me sirvió").focus()
    page.keyboard.press("Enter")
    expect(card.get_by_label("Otro tema")).to_be_focused()
    visitor.shot(f"verdict-{width}-{'dark' if dark else 'light'}")
    page.evaluate("scrollTo(0, 0)")  # what lies half under the bar has small targets
    assert violations(page) == []
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    expect(card.get_by_label("Desactualizado")).to_be_checked()
    page.keyboard.press("Tab")
    page.keyboard.type("La tasa cambió <img src=x onerror=window.executed=1>")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("se envió sin su nombre")
    expect(card.get_by_label("Otro tema")).to_have_count(0)
    owner = said_of(visit, question, name)
    expect(owner.get_by_text("Desactualizado: 1")).to_be_visible()
    expect(owner.get_by_text("La tasa cambió <img")).to_be_visible()
    assert owner.evaluate("window.executed") is None
    assert "Café Alto" not in owner.get_by_role("tabpanel").inner_text()
    card.get_by_role("button", name="No me sirvió").click()  # the same question is asked once more at the other width
    expect(card.get_by_role("button", name="No me sirvió")).to_have_attribute("aria-pressed", "false")


def test_one_s_own_word_is_there_again_and_can_be_withdrawn(visit: Visit) -> None:
    question = "plazos para presentar los documentos de una carta de crédito"
    page = visit(COFFEE_MEMBER).search(question)
    name = page.locator("article h2").first.inner_text()

    def thumb(seen: Page, said: str) -> Locator:
        return seen.locator("article").filter(has_text=name).first.get_by_role("button", name=said, exact=True)

    thumb(page, "No me sirvió").click()
    expect(thumb(page, "No me sirvió")).to_have_attribute("aria-pressed", "true")
    page.wait_for_function("() => location.hash.includes('carta')")
    page.reload()
    expect(thumb(page, "No me sirvió")).to_have_attribute("aria-pressed", "true")
    other = visit(LEATHER_MEMBER).search(question)
    expect(thumb(other, "No me sirvió")).to_have_attribute("aria-pressed", "false")

    thumb(page, "Me sirvió").click()
    expect(thumb(page, "Me sirvió")).to_have_attribute("aria-pressed", "true")
    again = visit(COFFEE_MEMBER).search(question)
    expect(thumb(again, "Me sirvió")).to_have_attribute("aria-pressed", "true")
    expect(thumb(again, "No me sirvió")).to_have_attribute("aria-pressed", "false")
    thumb(again, "Me sirvió").click()
    expect(thumb(again, "Me sirvió")).to_have_attribute("aria-pressed", "false")
    page.reload()
    expect(thumb(page, "Me sirvió")).to_have_attribute("aria-pressed", "false")


def test_who_does_not_curate_the_document_is_told_nothing(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER).search(QUESTION)
    page.locator("article h2 a", has_text=TITLE).click()
    page.get_by_role("tab", name="Detalles").click()
    expect(page.get_by_role("heading", name="Versiones")).to_be_visible()
    expect(page.get_by_role("heading", name="Si sirvió")).to_have_count(0)
