"""Searches that somebody keeps: saved with their filters, opened, renamed, deleted and taken back."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from search_api.access.demonstration import DOMAIN
from tests.ui.conftest import Visitor, parameters
from tests.ui.test_accessibility import violations

Visit = Callable[..., Visitor]
TEXTILES = f"tejidos-runa-maki.member@{DOMAIN}"


def test_a_search_is_kept_with_its_filters_until_it_is_deleted(visit: Visit) -> None:
    visitor = visit(TEXTILES, path="/#q=exportar+caf%C3%A9&kind=market_report&sort=date")
    page = visitor.page
    page.locator("article").first.wait_for()
    page.get_by_role("button", name="Guardar la búsqueda").click()
    name = page.get_by_role("dialog").get_by_label("Nombre")
    expect(name).to_have_value("exportar café")
    name.fill("Mercados <b>del café</b>")
    assert violations(page) == []
    page.keyboard.press("Enter")
    expect(page.get_by_role("log")).to_contain_text("quedó guardada")
    expect(page.get_by_role("dialog")).to_have_count(0)

    # On another browser as well: it is the person's, not the browser's.
    visitor = visit(TEXTILES, dark=True, width=390)
    page = visitor.page
    link = page.get_by_role("link", name="Mercados <b>del café</b>")
    expect(link).to_be_visible()
    assert violations(page) == []
    visitor.shot("saved-searches-390-dark")
    page.locator("#question").fill("mercados")
    page.get_by_role("button", name="Mercados <b>del café</b>").click()
    expect(page.locator("#question")).to_have_value("exportar café")
    expect(page.get_by_role("button", name="Quitar filtro: Informe de mercado")).to_be_visible()
    page.wait_for_function("location.hash.includes('sort=date')")
    assert "kind=market_report" in parameters(page)

    visitor.go("/")
    page.reload()
    page.get_by_role("button", name="Cambiar el nombre de «Mercados").click()
    page.get_by_role("dialog").get_by_label("Nombre").fill("Café por fecha")
    page.get_by_role("dialog").get_by_role("button", name="Guardar").click()
    expect(page.get_by_role("link", name="Café por fecha")).to_be_visible()
    page.get_by_role("button", name="Eliminar «Café por fecha»").click()
    expect(page.get_by_role("link", name="Café por fecha")).to_have_count(0)
    page.get_by_role("log").get_by_role("button", name="Deshacer").click()
    expect(page.get_by_role("link", name="Café por fecha")).to_be_visible()
    page.get_by_role("button", name="Eliminar «Café por fecha»").click()
    expect(page.get_by_role("link", name="Café por fecha")).to_have_count(0)
    page.reload()
    expect(page.get_by_role("link", name="Preguntas del clúster")).to_be_visible()
    expect(page.get_by_role("link", name="Café por fecha")).to_have_count(0)
