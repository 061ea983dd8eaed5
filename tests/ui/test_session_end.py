"""A session ends while somebody works: it says so, and nothing typed is lost, wherever it was typed."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, expect

from tests.ui.conftest import COFFEE, PASSWORD, Visitor

Visit = Callable[..., Visitor]
SLOW = 180_000  # ms, for what waits for ingestion on a busy machine


def end_session(visitor: Visitor) -> None:
    visitor.context.clear_cookies()


def come_back(page: Page) -> None:
    dialog = page.get_by_role("dialog", name="Su sesión ha terminado")
    expect(dialog).to_be_visible()
    dialog.locator("input[type=password]").fill(PASSWORD)
    dialog.get_by_role("button", name="Entrar").click()
    expect(dialog).to_have_count(0)


def uploaded(page: Page, name: str, text: str) -> Locator:
    """The row of a file on its way."""
    file = {"name": name, "mimeType": "text/plain", "buffer": text.encode()}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    return page.locator(".files > li").filter(has_text=name)


@contextmanager
def getting_ready(page: Page) -> Iterator[None]:
    """Around what sends a file: it is ready then, and nothing is asked about it any more.

    What is asked in the background would find the session's end first.
    """
    with page.expect_response("**/copies", timeout=SLOW):
        yield
        expect(page.locator(".files > li .badge")).to_have_text(re.compile("Listo"), timeout=SLOW)


def test_a_file_that_was_chosen_and_what_is_written_about_it(visit: Visit) -> None:
    word = f"arrieros{secrets.token_hex(3)}"
    visitor = visit(COFFEE, path="/share")
    page = visitor.page
    end_session(visitor)
    with getting_ready(page):
        row = uploaded(page, f"{word}.txt", f"Los {word} esperan en Ipiales hasta las seis.")
        come_back(page)

    end_session(visitor)
    row.get_by_label("Título").fill(f"Quiénes son los {word}")
    page.keyboard.press("Tab")
    with page.expect_response("**/copies"):
        come_back(page)
    expect(row.get_by_label("Título")).to_have_value(f"Quiénes son los {word}")

    row.get_by_role("button", name="Todos los datos").click()
    dialog = page.get_by_role("dialog", name="Corregir los datos")
    dialog.get_by_label("Fuente").fill("Cuaderno de viaje")
    dialog.get_by_label("Países").fill("Ecuador")
    dialog.get_by_label("Países").press("Enter")
    end_session(visitor)
    dialog.get_by_role("button", name="Guardar").click()
    with page.expect_response("**/copies"):
        come_back(page)
    expect(dialog).to_have_count(0)

    end_session(visitor)
    page.get_by_role("button", name=re.compile("Compartir 1 documento")).click()
    come_back(page)
    expect(row.locator(".badge")).to_have_text("Compartido")
    visitor.go("/mine")
    card = page.locator(".list > li").filter(has_text=f"Quiénes son los {word}")
    card.get_by_role("button", name="Acciones").click()
    card.get_by_role("button", name="Corregir los datos").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Fuente")).to_have_value("Cuaderno de viaje")
    expect(dialog).to_contain_text("Ecuador")


def test_a_new_version(visit: Visit) -> None:
    word = f"romana{secrets.token_hex(3)}"
    visitor = visit(COFFEE, path="/share")
    page = visitor.page
    with getting_ready(page):
        uploaded(page, f"{word}.txt", f"La {word} pesa en arrobas.")
    visitor.go("/mine")
    card = page.locator(".list > li").filter(has_text=word)
    card.get_by_role("button", name="Acciones").click()
    card.get_by_role("button", name="Nueva versión").click()
    dialog = page.get_by_role("dialog", name="Nueva versión")
    file = {"name": f"{word}.txt", "mimeType": "text/plain", "buffer": f"La {word} pesa en kilos.".encode()}
    dialog.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]
    end_session(visitor)
    dialog.get_by_role("button", name="Enviar").click()
    come_back(page)
    expect(page.get_by_role("log")).to_contain_text("La nueva versión va en camino")


def test_a_question_for_the_cluster(visit: Visit) -> None:
    question = f"¿Quién exporta panela a Corea? {secrets.token_hex(4)}"
    visitor = visit(COFFEE, path="/requests")
    page = visitor.page
    page.get_by_label("¿Qué necesita saber?").fill(question)
    end_session(visitor)
    page.get_by_role("button", name="Preguntar al clúster").click()
    come_back(page)
    expect(page.locator(".list > li").filter(has_text=question)).to_be_visible()


def test_an_invitation_and_a_key(visit: Visit) -> None:
    visitor = visit(COFFEE, path="/administration")
    page = visitor.page
    page.get_by_role("button", name="Invitar a alguien").click()
    form = page.get_by_role("dialog", name="Invitar a alguien")
    form.get_by_label("Correo electrónico").fill(f"{secrets.token_hex(4)}@lonja.example")
    form.get_by_label("Nombre").fill("Rosa Chillambo")
    end_session(visitor)
    form.get_by_role("button", name="Crear el enlace").click()
    come_back(page)
    link = page.get_by_role("dialog", name="La invitación").get_by_label("Se muestra solo esta vez")
    expect(link).to_have_value(re.compile("/invitation#token="))

    visitor.go("/administration/keys")
    page.get_by_role("button", name="Crear una clave").click()
    form = page.get_by_role("dialog", name="Crear una clave")
    name = f"Bot {secrets.token_hex(4)}"
    form.get_by_label("Nombre").fill(name)
    end_session(visitor)
    form.get_by_role("button", name="Crear una clave").click()
    come_back(page)
    expect(page.get_by_role("dialog").get_by_label("Se muestra solo esta vez")).not_to_have_value("")
    page.get_by_role("dialog").get_by_role("button", name="Listo").click()
    expect(page.get_by_role("row").filter(has_text=name)).to_be_visible()


def test_facts_of_the_firm(visit: Visit) -> None:
    visitor = visit(COFFEE, path="/administration/organisations")
    page = visitor.page
    page.get_by_role("button", name="Cambiar Café Alto Juanambú").click()
    form = page.get_by_role("dialog", name="Cambiar la empresa")
    form.get_by_label("Sectores").fill("logistics")
    form.get_by_label("Sectores").press("Enter")
    end_session(visitor)
    form.get_by_role("button", name="Guardar").click()
    come_back(page)
    expect(form).to_have_count(0)
    expect(page.get_by_role("row").filter(has_text="Café Alto Juanambú")).to_contain_text("Logística")


def test_it_has_to_be_answered(visit: Visit) -> None:
    """A browser closes a dialog at the second Escape, whatever the page says: this one stays."""
    visitor = visit(COFFEE, path="/requests")
    page = visitor.page
    page.get_by_label("¿Qué necesita saber?").fill("¿Quién conoce el puerto de Esmeraldas?")
    end_session(visitor)
    page.get_by_role("button", name="Preguntar al clúster").click()
    dialog = page.get_by_role("dialog", name="Su sesión ha terminado")
    expect(dialog).to_be_visible()
    for _ in range(4):
        page.keyboard.press("Escape")
    expect(dialog).to_be_visible()
    come_back(page)
    expect(page.get_by_label("¿Qué necesita saber?")).to_have_value("")
