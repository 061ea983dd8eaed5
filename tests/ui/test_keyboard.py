"""Nothing but keys: signing in, a note, who sees it, dialogs, tabs. Searching by keys is in test_searching."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable

from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import COFFEE, COFFEE_MEMBER, PASSWORD, Visitor

Visit = Callable[..., Visitor]
SEEN = """() => [document.activeElement, document.activeElement.closest('form, .box, label')]
  .some((one) => one !== null && getComputedStyle(one).outlineStyle !== 'none')"""
MANY = 80  # presses of Tab: more than any of these pages takes


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """Where the next key goes. What gets the focus on the way must be seen to have it."""
    expect(wanted).to_be_visible()
    element = wanted.element_handle()
    for _ in range(MANY):
        page.keyboard.press(key)
        if page.evaluate("wanted => document.activeElement === wanted", element):
            break
    expect(wanted).to_be_focused()
    assert page.evaluate(SEEN), "the focus is not seen"


def test_signing_in_and_to_the_content(visit: Visit) -> None:
    page = visit().page
    tab_to(page, page.locator("input[type=email]"))
    page.keyboard.type(COFFEE_MEMBER)
    tab_to(page, page.locator("input[type=password]"))
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#question")).to_be_focused()
    page.reload()
    page.locator("header nav").wait_for()
    page.locator("body").focus()
    page.evaluate("document.activeElement.blur()")
    tab_to(page, page.get_by_role("link", name="Saltar al contenido"), "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_a_note_is_shared_and_narrowed(visit: Visit) -> None:
    word = f"chaquiñan{secrets.token_hex(3)}"
    page = visit(COFFEE, path="/notes/new").page
    tab_to(page, page.get_by_label("Título"))
    page.keyboard.type(f"Senda {word}")
    tab_to(page, page.get_by_label("Texto", exact=True))
    page.keyboard.type(f"La senda {word} se cierra con lluvia.")
    tab_to(page, page.get_by_role("button", name="Compartir la nota"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/*", timeout=180_000)

    tab_to(page, page.locator("header").get_by_role("link", name="Nuestros documentos"), "Shift+Tab")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Buscar por título"))
    page.keyboard.type(word)
    actions = page.locator("ul.list").first.get_by_role("button", name="Acciones")
    expect(actions).to_have_count(1)
    tab_to(page, actions)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="Cambiar quién puede verlo"))
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    tab_to(page, dialog.get_by_label("Todo el clúster"))
    page.keyboard.press("ArrowUp")  # round to the last one
    expect(dialog.get_by_label("Solo mi empresa")).to_be_checked()
    tab_to(page, dialog.get_by_role("button", name="Guardar"))
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    expect(actions).to_be_focused()
    expect(page.locator("ul.list > li").first).to_contain_text("Solo Café Alto Juanambú")


def test_a_dialog_keeps_the_focus_and_gives_it_back(visit: Visit) -> None:
    page = visit(COFFEE, path="/administration").page
    invite = page.get_by_role("button", name="Invitar a alguien")
    tab_to(page, invite)
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        # The browser's own bar is part of the round; what lies behind the dialog is not.
        assert page.evaluate(
            "() => document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(invite).to_be_focused()


def test_the_views_of_a_document_are_tabs(visit: Visit) -> None:
    page = visit(COFFEE_MEMBER, path="/#q=l%C3%ADmites+de+cadmio+en+cacao").page
    page.locator("article").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("tab", selected=True))
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Páginas")).to_be_focused()
    expect(page.get_by_role("img", name=re.compile("Página"))).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("tab", name="Texto")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("article h2 a").first).to_be_focused()
