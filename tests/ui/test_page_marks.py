"""The passage that answers, marked on the page of a PDF."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from ingest.page_text import read_page
from tests.conftest import ROOT
from tests.ui.conftest import COFFEE_MEMBER, Visitor
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]
QUESTION = "límites de cadmio en cacao Reglamento 2023/915"
TITLE = "Cadmio en cacao y chocolate"
PDF = ROOT / "corpus" / "samples" / "cacao-bahia-verde" / "cadmio-cacao-reglamento-ue.pdf"
MARKED = """() => {
    const paper = document.querySelector('[role=tabpanel] img').getBoundingClientRect();
    return [...document.querySelectorAll('[role=tabpanel] .mark')].map((mark) => {
        const box = mark.getBoundingClientRect();
        return [(box.left - paper.left) / paper.width, (box.top - paper.top) / paper.height,
                (box.right - paper.left) / paper.width, (box.bottom - paper.top) / paper.height];
    });
}"""


def open_pages(visitor: Visitor) -> Page:
    page = visitor.search(QUESTION)
    page.locator("article h2 a", has_text=TITLE).click()
    page.locator(".here").wait_for()
    page.get_by_role("tab").nth(1).click()
    page.locator("[role=tabpanel] .mark").first.wait_for()
    return page


def letters(text: str) -> str:
    return re.sub(r"\W", "", text).lower()


@pytest.mark.parametrize("width", [390, 1440])
def test_the_marks_lie_over_the_words_of_the_passage(visit: Visit, width: int) -> None:
    visitor = visit(COFFEE_MEMBER, width=width)
    page = open_pages(visitor)
    expect(page.locator("[role=tabpanel] .mark").first).to_be_in_viewport()
    expect(page.locator("[role=tabpanel] summary")).to_have_text(
        "El pasaje encontrado está en esta página. Está marcado."
    )
    passage = letters(page.locator("[role=tabpanel] blockquote").text_content() or "")
    number = int(page.get_by_label("Página", exact=True).input_value())
    marked = page.evaluate(MARKED)
    under = "".join(
        each.text
        for each in read_page(PDF, number)
        if any(
            left <= (each.box.left + each.box.right) / 2 <= right
            and top <= (each.box.top + each.box.bottom) / 2 <= bottom
            for left, top, right, bottom in marked
        )
    )
    assert letters(under) in passage
    assert len(letters(under)) > 0.5 * len(passage)
    assert violations(page) == []
    visitor.shot(f"page-marks-{width}")


def test_another_page_has_no_marks_and_a_link_opens_the_marked_one(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER, dark=True)
    page = open_pages(visitor)
    number = page.get_by_label("Página", exact=True).input_value()
    page.get_by_role("button", name="Copiar enlace").last.click()
    expect(page.get_by_role("log")).to_contain_text("El enlace está en el portapapeles")
    link = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name=re.compile("Página (siguiente|anterior)")).and_(
        page.locator(":enabled")
    ).last.click()
    expect(page.get_by_label("Página", exact=True)).not_to_have_value(number)
    expect(page.locator("[role=tabpanel] .mark")).to_have_count(0)
    visitor.go(link[link.index("/documents") :])
    expect(page.locator("[role=tabpanel] .mark").first).to_be_in_viewport()
    expect(page.get_by_label("Página", exact=True)).to_have_value(number)
    visitor.shot("page-marks-dark")
