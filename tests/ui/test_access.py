"""Who comes in, in which language, and what happens when a session ends."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.ui.conftest import ADMINISTRATOR, COFFEE, COFFEE_MEMBER, Visitor

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(
    ("email", "entries"),
    [
        (ADMINISTRATOR, ["Buscar", "Administración"]),
        (COFFEE, ["Buscar", "Preguntas", "Compartir", "Nuestros documentos", "Administración"]),
        (COFFEE_MEMBER, ["Buscar", "Preguntas", "Compartir", "Nuestros documentos"]),
    ],
)
def test_each_role_finds_what_is_theirs(visit: Visit, email: str, entries: list[str]) -> None:
    page = visit().sign_in(email)
    assert page.locator("header nav a").all_inner_texts() == entries


def test_a_wrong_password_is_told_and_not_kept(visit: Visit) -> None:
    page = visit().page
    page.locator("input[type=email]").fill(COFFEE_MEMBER)
    page.locator("input[type=password]").fill("not this one")
    page.locator("button[type=submit]").click()
    expect(page.get_by_role("alert")).to_contain_text("La dirección o la contraseña no es correcta")
    expect(page.locator("input[type=email]")).to_have_value(COFFEE_MEMBER)
    expect(page.locator("input[type=password]")).to_have_value("")


def test_the_browser_s_language_comes_first_and_a_choice_is_remembered(visit: Visit) -> None:
    visitor = visit(language="pt")
    page = visitor.page
    expect(page.get_by_role("heading", level=1)).to_have_text("Entrar")
    assert page.locator("html").get_attribute("lang") == "pt"
    page.get_by_label("Idioma").select_option("en")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_chosen_theme_is_there_before_anything_is_drawn(visit: Visit) -> None:
    page = visit(dark=False).page
    page.get_by_label("Apariencia").select_option("dark")
    page.reload(wait_until="commit")
    page.wait_for_function("() => document.body !== null")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_session_that_ends_loses_nothing_that_was_typed(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER, path="/notes/new")
    page = visitor.page
    page.get_by_label("Título").fill("Frontera de Ipiales: lo que aprendimos")
    page.get_by_label("Texto", exact=True).fill("Llegar antes de las seis. " * 20)
    visitor.context.clear_cookies()
    page.get_by_role("button", name="Compartir la nota").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Su sesión ha terminado")
    visitor.shot("session-ended")
    dialog.locator("input[type=password]").fill("three condors over Pasto")
    dialog.get_by_role("button", name="Entrar").click()
    # The note that was under way is shared, without another press.
    page.wait_for_url("**/documents/*", timeout=180_000)
    expect(page.get_by_role("heading", name="Frontera de Ipiales: lo que aprendimos").first).to_be_visible()


def test_an_invitation_makes_a_member(visit: Visit) -> None:
    coordinator = visit(COFFEE, path="/administration").page
    coordinator.get_by_role("button", name="Invitar a alguien").click()
    coordinator.get_by_role("dialog").get_by_label("Correo electrónico").fill("nueva@lonja.example")
    coordinator.get_by_role("button", name="Crear el enlace").click()
    link = coordinator.get_by_role("dialog").get_by_label("Se muestra solo esta vez").input_value()
    token = link.split("#", 1)[1]
    page = visit(path=f"/invitation#{token}").page
    expect(page.get_by_text("nueva@lonja.example")).to_be_visible()
    page.get_by_label("Su nombre").fill("Nueva Persona")
    page.get_by_label("Contraseña nueva").fill("siete burros en la plaza")
    page.get_by_role("button", name="Aceptar y entrar").click()
    expect(page.locator("#question")).to_be_visible()


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("es", "Esa dirección ya tiene cuenta o invitación"),
        ("pt", "Esse endereço já tem conta ou convite"),
        ("en", "That address has an account or an invitation already"),
    ],
)
def test_what_the_service_refuses_is_told_in_the_reader_s_language(visit: Visit, language: str, said: str) -> None:
    visitor = visit(COFFEE, path="/administration", language=language)
    visitor.expected = ("409",)
    page = visitor.page
    page.get_by_role("button", name=visitor.text("members.invite"), exact=True).click()
    page.get_by_role("dialog").get_by_label(visitor.text("field.email")).fill(COFFEE_MEMBER)
    page.get_by_role("button", name=visitor.text("members.invite.act"), exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text(said)
    expect(page.get_by_role("dialog").get_by_label(visitor.text("field.email"))).to_have_value(COFFEE_MEMBER)


def test_who_signs_out_is_out(visit: Visit) -> None:
    visitor = visit()
    page = visitor.sign_in(COFFEE_MEMBER)
    page.get_by_role("button", name="Su cuenta y preferencias").click()
    with page.expect_navigation():
        page.get_by_role("button", name="Salir").click()
    expect(page.locator("input[type=password]")).to_be_visible()
    visitor.go("/mine")
    expect(page.locator("input[type=password]")).to_be_visible()
