"""Searching in the browser."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.ui.conftest import COFFEE_MEMBER, LEATHER_MEMBER, Visitor, parameters

Visit = Callable[..., Visitor]


def answered(page: Page, typed: str) -> None:
    """What was typed stands in the address, which follows typing at ease, and the results answer just that."""
    page.wait_for_function("typed => new URLSearchParams(location.hash.slice(1)).get('q') === typed", arg=typed)
    page.locator(".results[aria-busy=false]").wait_for()


def test_results_come_as_one_types_and_the_address_holds_the_question(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    page = visitor.page
    page.locator("#question").press_sequentially("límites de cadmio en cacao", delay=40)
    first = page.locator("article").first
    expect(first).to_contain_text("admio")
    expect(first.locator("mark").first).to_be_visible()
    answered(page, "límites de cadmio en cacao")
    assert "q=l%C3%ADmites+de+cadmio+en+cacao" in parameters(page)
    title = page.locator("article h2").first.inner_text()
    page.reload()
    expect(page.locator("#question")).to_have_value("límites de cadmio en cacao")
    expect(page.locator("article h2").first).to_have_text(title)


def test_filters_are_steps_that_back_takes_back(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    page = visitor.search("exportar a la Unión Europea")
    total = page.locator(".total").inner_text()
    page.get_by_label("Filtros").get_by_label(re.compile("Informe de mercado")).check()
    expect(page.locator(".total")).not_to_have_text(total)
    assert "kind=market_report" in parameters(page)
    expect(page.locator("article .facts").first).to_contain_text("Informe de mercado")
    page.get_by_role("button", name="Quitar filtro: Informe de mercado").click()
    expect(page.locator(".total")).to_have_text(total)
    page.go_back()
    expect(page.get_by_role("button", name="Quitar filtro: Informe de mercado")).to_be_visible()
    page.go_back()
    expect(page.locator(".total")).to_have_text(total)


def test_a_spanish_question_finds_an_answer_in_english_and_says_so(visit: Visit) -> None:
    page = visit(LEATHER_MEMBER).search(
        "¿Qué errores hacen que el banco rechace los documentos de una carta de crédito?"
    )
    titles = page.locator("article").filter(has_text="En otro idioma: inglés").locator("h2")
    expect(titles.filter(has_text="Letters of credit")).to_have_count(1)


def test_a_result_opens_beside_the_list_at_its_passage_and_the_link_shares_it(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    page = visitor.search("límites de cadmio en cacao")
    page.locator("article h2 a").first.click()
    panel = page.get_by_label("Documento", exact=True)
    expect(panel.locator(".here")).to_be_in_viewport()
    expect(page.locator("article").first).to_be_visible()
    panel.get_by_role("button", name="Copiar enlace").click()
    expect(page.get_by_role("log")).to_contain_text("El enlace está en el portapapeles")
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"http://[^/]+/documents/[0-9a-z]+\?passage=\d+", link)
    marked = panel.locator(".here").inner_text()
    other = visit(LEATHER_MEMBER, path=link[link.index("/documents") :]).page
    expect(other.locator(".here")).to_be_in_viewport()
    assert other.locator(".here .body").inner_text().strip() in marked
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator("article h2 a").first).to_be_focused()


def test_the_page_of_a_pdf_is_shown(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    page = visitor.search("límites de cadmio en cacao Reglamento 2023/915")
    page.locator("article h2 a", has_text="Cadmio en cacao y chocolate").click()
    page.get_by_role("tab", name="Páginas").click()
    picture = page.get_by_role("img", name=re.compile("Página 1 de"))
    expect(picture).to_be_visible()
    page.wait_for_function("() => document.querySelector('[role=tabpanel] img')?.naturalWidth > 300")
    visitor.shot("pdf-page")


def test_a_citation_names_title_firm_place_date_and_link(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER).search("límites de cadmio en cacao Reglamento 2023/915")
    card = page.locator("article").first
    card.get_by_role("button", name="Copiar cita").click()
    expect(page.get_by_role("log")).to_contain_text("La cita está en el portapapeles")
    citation = page.evaluate("navigator.clipboard.readText()")
    assert re.fullmatch(r"“.+”, .+, págs?\. [\d–]+, .+20\d\d\. http://\S+/documents/\S+\?passage=\d+", citation)


def test_all_of_it_by_keyboard(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER).page
    page.locator("body").press("Tab")
    page.locator("header .home").focus()
    page.keyboard.press("/")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.type("carta de crédito")
    answered(page, "carta de crédito")
    expect(page.locator("article").nth(1)).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator("article h2 a").first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.locator("article h2 a").nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Documento", exact=True)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("article h2 a").nth(1)).to_be_focused()
    page.keyboard.press("Control+k")
    expect(page.locator("#question")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#question")).to_have_value("")
    page.locator("header .home").focus()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Atajos de teclado")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_the_number_of_results_is_said_aloud(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER).search("carta de crédito")
    expect(page.get_by_role("status").first).to_have_text(re.compile(r"^\d+ documentos?$"))


def test_nothing_found_says_what_to_do(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER, path="/#q=cadmio&from=1990-01-01&to=1990-12-31")
    page = visitor.page
    expect(page.get_by_role("heading", name="No se encontró nada")).to_be_visible()
    visitor.shot("nothing-found")
    page.get_by_role("button", name="Buscar sin filtros").click()
    expect(page.locator("article").first).to_be_visible()


def test_how_a_question_was_read_is_shown(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER).search('café "taza" -soluble empresa:cafe-alto-juanambu desde:2020-01-01')
    shown = page.get_by_text("Leído así:")
    for said in ("«taza» tal cual", "sin «soluble»", "Empresa: Café Alto Juanambú", "Desde 1 ene 2020"):
        expect(shown).to_contain_text(re.compile(said.replace("1 ene 2020", r"1[ /].*2020")))
    page.locator("#question").fill("café")
    expect(shown).to_have_count(0)


def test_a_word_that_stands_nowhere_is_mended(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER).search("límites de cadmoi en cacao")
    offered = page.get_by_role("button", name="límites de cadmio en cacao")
    expect(offered).to_be_visible()
    expect(page.locator(".offers")).to_contain_text("Quizá quiso decir")
    offered.click()
    expect(page.locator("#question")).to_have_value("límites de cadmio en cacao")
    expect(page.locator("article").first).to_contain_text("admio")
    expect(page.locator(".offers")).not_to_contain_text("Quizá quiso decir")
    page.go_back()
    expect(page.locator("#question")).to_have_value("límites de cadmoi en cacao")
    expect(offered).to_be_visible()


def test_a_question_can_be_asked_to_the_cluster(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER, path="/#q=cadmio&from=1990-01-01&to=1990-12-31").page
    page.get_by_role("link", name="Preguntar al clúster").click()
    expect(page.get_by_label("¿Qué necesita saber?")).to_have_value("cadmio")
