"""Asking the cluster: from a search without an answer to the document that another firm points at."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from search_api.access.demonstration import DOMAIN
from tests.ui.conftest import COFFEE, COFFEE_MEMBER, LEATHER_MEMBER, Visitor
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]
TEXTILES = f"tejidos-runa-maki.member@{DOMAIN}"
SLOW = 120_000  # ms, for what waits for ingestion on a busy machine


def entry(page: Page, question: str) -> Locator:
    return page.locator(".list > li").filter(has_text=question)


def ask(visit: Visit, question: str) -> Page:
    page = visit(LEATHER_MEMBER, path="/requests").page
    page.get_by_label("¿Qué necesita saber?").fill(question)
    page.get_by_role("button", name="Preguntar al clúster").click()
    expect(entry(page, question)).to_contain_text("Suya")
    expect(page.get_by_label("¿Qué necesita saber?")).to_have_value("")
    return page


def test_a_search_without_an_answer_leads_to_a_question(visit: Visit) -> None:
    page = visit(LEATHER_MEMBER, path="/#q=cadmio&from=1990-01-01&to=1990-12-31").page
    page.get_by_role("link", name="Preguntar al clúster").click()
    field = page.get_by_label("¿Qué necesita saber?")
    expect(field).to_have_value("cadmio")
    # What is typed is not lost by leaving the page.
    question = f"¿Quién conoce el cadmio {secrets.token_hex(4)}?"
    field.fill(question)
    page.get_by_role("link", name="Buscar", exact=True).click()
    page.get_by_role("link", name="Preguntas del clúster").click()
    expect(field).to_have_value(question)


def test_another_firm_answers_with_a_document_and_the_asker_sees_it(visit: Visit) -> None:
    question = f"¿Qué pide China para el café? {secrets.token_hex(4)} <img src=x onerror=window.executed=1>"
    asker = ask(visit, question)
    visitor = visit(COFFEE, path="/requests", width=390, dark=True)
    page = visitor.page
    expect(entry(page, question)).to_contain_text("Cueros Belén")
    assert violations(page) == []
    visitor.shot("requests-390-dark")
    entry(page, question).get_by_role("button", name="Responder con un documento").click()
    dialog = page.get_by_role("dialog")
    choices = dialog.locator("label", has=page.get_by_role("radio"))
    expect(choices.filter(has_not_text=re.compile("china", re.IGNORECASE))).not_to_have_count(0)
    dialog.get_by_label("Buscar por título").fill("china")
    expect(choices.filter(has_not_text=re.compile("china", re.IGNORECASE))).to_have_count(0)
    choices.first.get_by_role("radio").check()
    assert violations(page) == []
    title = choices.first.inner_text().strip()
    dialog.get_by_role("button", name="Responder", exact=True).click()
    expect(entry(page, question).get_by_role("link", name=title)).to_be_visible()
    assert page.evaluate("window.executed") is None

    taking_back = entry(page, question).get_by_role("button", name=f"Retirar la respuesta «{title}»")
    taking_back.click()
    expect(entry(page, question).get_by_role("link", name=title)).to_have_count(0)
    page.get_by_role("log").get_by_role("button", name="Deshacer").click()
    expect(taking_back).to_be_visible()

    asker.reload()
    expect(entry(asker, question).get_by_role("link", name=title)).to_be_visible()
    entry(asker, question).get_by_role("button", name="Ya está respondida").click()
    expect(entry(asker, question)).to_have_count(0)
    asker.get_by_label("Mostrar").select_option("answered")
    expect(entry(asker, question)).to_be_visible()
    entry(asker, question).get_by_role("button", name="Eliminar").click()
    asker.get_by_role("dialog").get_by_role("button", name="Eliminar").click()
    expect(entry(asker, question)).to_have_count(0)


def test_who_asked_takes_an_answer_away_and_other_firms_do_not(visit: Visit) -> None:
    question = f"¿Qué pide China para el cacao? {secrets.token_hex(4)}"
    asker = ask(visit, question)
    page = visit(COFFEE, path="/requests").page
    entry(page, question).get_by_role("button", name="Responder con un documento").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Buscar por título").fill("CAFE chino")  # accents and case do not matter
    choices = dialog.locator("label", has=page.get_by_role("radio"))
    expect(choices).to_have_count(1)
    expect(choices).to_contain_text("mercado chino del café")
    dialog.get_by_label("Buscar por título").fill("quinua de la luna")
    expect(dialog).to_contain_text("Ningún documento coincide")
    dialog.get_by_label("Buscar por título").fill("cafe chino")  # one that who asked may see
    expect(choices).to_have_count(1)
    choices.get_by_role("radio").check()
    dialog.get_by_role("button", name="Responder", exact=True).click()
    expect(entry(page, question).locator(".answers li")).to_have_count(1)
    other = visit(TEXTILES, path="/requests").page
    expect(entry(other, question).locator(".answers li")).to_have_count(1)
    expect(entry(other, question).get_by_role("button", name="Retirar")).to_have_count(0)
    asker.reload()
    entry(asker, question).get_by_role("button", name="Retirar").click()
    expect(entry(asker, question).locator(".answers li")).to_have_count(0)
    expect(asker.get_by_role("log")).to_contain_text("La respuesta se retiró")


def test_a_list_without_questions_says_what_to_do(visit: Visit) -> None:
    page = visit(TEXTILES).page
    page.locator("header nav").get_by_role("link", name="Preguntas").click()
    page.route("**/api/v1/requests?*", lambda route: route.fulfill(json={"items": [], "next_cursor": None}))
    page.get_by_label("Mostrar").select_option("answered")
    expect(page.get_by_text("Aún no se ha respondido ninguna pregunta")).to_be_visible()
    page.get_by_label("Mostrar").select_option("open")
    expect(page.get_by_text("Ahora nadie espera una respuesta")).to_be_visible()


def test_a_note_answers_a_question(visit: Visit) -> None:
    question = f"¿Cuánto tarda Rumichaca un lunes {secrets.token_hex(4)}?"
    asker = ask(visit, question)
    page = visit(COFFEE_MEMBER, path="/requests").page
    entry(page, question).get_by_role("link", name="Responder con una nota").click()
    expect(page.get_by_label("Título")).to_have_value(question)
    page.get_by_label("Texto", exact=True).fill("Dos horas si se llega antes de las seis.")
    page.get_by_role("button", name="Compartir la nota").click()
    page.wait_for_url("**/requests", timeout=SLOW)
    expect(entry(page, question).get_by_role("link", name=question)).to_be_visible()
    asker.reload()
    expect(entry(asker, question).get_by_role("link", name=question)).to_be_visible()
