"""Sharing in the browser: files of mixed quality, audiences, notes."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import ROOT
from tests.ui.conftest import COFFEE, COFFEE_MEMBER, LEATHER_MEMBER, Visitor

Visit = Callable[..., Visitor]
SAMPLES = ROOT / "corpus" / "samples"
SLOW = 180_000  # ms, for what waits for ingestion on a busy machine


def ten_files(folder: Path) -> list[Path]:
    """Six that can be read, one of them twice, and four that cannot, each for a reason of its own."""
    for name, content in {
        "notas-de-viaje.md": "# Notas de viaje\n\nEn Tulcán la fila empieza a las cinco de la mañana.\n",
        "precios.csv": "producto;precio\ncafé verde;4,10\ncafé tostado;9,80\n",
        "acta.txt": "Acta de la reunión del 3 de marzo de 2026. Se acordó compartir el transporte a Guayaquil.\n",
        "page.html": "<html><body><h1>Tarifas</h1><p>El arancel general es del 12 %.</p></body></html>",
        "empty.pdf": "",
        "broken.pdf": "%PDF-1.7\n" + "rubbish " * 100,
        "picture.png": "\x89PNG\r\n\x1a\n" + "x" * 200,
    }.items():
        (folder / name).write_bytes(content.encode("latin-1"))
    (folder / "again.md").write_bytes((folder / "notas-de-viaje.md").read_bytes())
    (folder / "fake.docx").write_bytes(b"PK\x03\x04 this is no archive")
    (folder / "seguro.html").write_bytes(
        (SAMPLES / "logistica-rumichaca" / "seguro-de-carga-e-nimf15.html").read_bytes()
    )
    return sorted(folder.iterdir())


def test_ten_files_each_end_as_ready_or_with_their_reason(visit: Visit, tmp_path: Path) -> None:
    visitor = visit(COFFEE, path="/share")
    visitor.expected = ("422",)  # refused at the door, which is told in the page
    page = visitor.page
    page.locator("input[type=file]").set_input_files(ten_files(tmp_path))
    rows = page.locator(".files > li")
    expect(rows).to_have_count(10)
    for name, ended in {
        "notas-de-viaje.md": "Listo|Ya estaba",
        "again.md": "Listo|Ya estaba",
        "precios.csv": "Listo",
        "acta.txt": "Listo",
        "page.html": "Listo",
        "seguro.html": "Listo",
        "empty.pdf": "Rechazado",
        "broken.pdf": "Rechazado|Falló",
        "picture.png": "Rechazado|Falló",
        "fake.docx": "Rechazado|Falló",
    }.items():
        row = rows.filter(has=page.get_by_text(name, exact=False))
        expect(row.locator(".badge")).to_have_text(re.compile(ended), timeout=SLOW)
    for row in rows.filter(has=page.locator(".badge.danger")).all():
        assert len(row.locator(".reason").inner_text()) > 20
    expect(rows.filter(has_text="empty.pdf")).to_contain_text("El archivo está vacío")
    visitor.shot("upload-ended")
    page.get_by_role("button", name=re.compile(r"Compartir \d documentos")).click()
    expect(page.get_by_role("log")).to_contain_text("Se compartieron")
    found = visit(LEATHER_MEMBER).search("fila en Tulcán a las cinco de la mañana")
    expect(found.locator("article h2").first).to_contain_text("viaje")


def hidden_sheet(path: Path) -> Path:
    book = openpyxl.Workbook()
    first = book.active
    assert first is not None
    first.append(["Producto", "Precio"])
    first.append(["Café verde", 4.1])
    book.create_sheet("Costos <b>").sheet_state = "hidden"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt", ("Os dados do começo não podem ser lidos", "As planilhas ocultas ficaram de fora: Costos <b>.")),
        ("es", ("Los datos del comienzo no se pueden leer", "Se omitieron las hojas ocultas: Costos <b>.")),
        ("en", ("The data at its beginning cannot be read", "Hidden sheets were left out: Costos <b>.")),
    ],
)
def test_what_was_left_out_is_told_in_the_reader_s_language(
    visit: Visit, tmp_path: Path, language: str, said: tuple[str, str]
) -> None:
    note = tmp_path / f"acta-{language}.md"
    note.write_text(f"---\ntitle: [sin cerrar\n---\n\n# Acta {secrets.token_hex(4)}\n\nSe comparte el flete a Manta.\n")
    sheet = hidden_sheet(tmp_path / f"precios-{language}.xlsx")
    visitor = visit(COFFEE, path="/share", language=language)
    page = visitor.page
    page.locator("input[type=file]").set_input_files([note, sheet])
    for file, text in zip((note, sheet), said, strict=True):
        row = page.locator(".files > li").filter(has_text=file.name)
        expect(row).to_contain_text(text, timeout=SLOW)


def write_note(page: Page, title: str, text: str) -> str:
    """The id of the note, once it is found."""
    page.get_by_label("Título").fill(title)
    page.get_by_label("Texto", exact=True).fill(text)
    page.get_by_role("button", name="Compartir la nota").click()
    page.wait_for_url("**/documents/*", timeout=SLOW)
    return page.url.rsplit("/", 1)[1]


def test_a_member_s_note_is_found_a_moment_later(visit: Visit) -> None:
    word = f"quimbaya{secrets.token_hex(3)}"
    page = visit(COFFEE_MEMBER, path="/notes/new").page
    page.get_by_label("Texto", exact=True).fill("## Qué pasó\n\n- **frío**\n- [enlace](https://lonja.example)")
    preview = page.get_by_role("region", name="Vista previa")
    expect(preview.get_by_role("heading", name="Qué pasó")).to_be_visible()
    expect(preview.locator("li strong")).to_have_text("frío")
    expect(preview.get_by_role("link")).to_have_attribute("href", "https://lonja.example/")
    write_note(page, f"La bodega {word}", f"En la bodega {word} se descarga por la puerta norte.")
    found = visit(LEATHER_MEMBER).search(word)
    expect(found.locator("article h2").first).to_contain_text(word)


def test_a_narrowed_audience_takes_a_document_from_another_firm(visit: Visit) -> None:
    word = f"palenque{secrets.token_hex(3)}"
    page = visit(COFFEE, path="/notes/new").page
    document = write_note(page, f"Ruta {word}", f"La ruta {word} evita el peaje de Pasto.")
    other = visit(LEATHER_MEMBER)
    expect(other.search(word).locator("article h2").first).to_contain_text(word)
    page.goto(f"{other.url}/mine")
    card = page.locator(".list > li").filter(has_text=word)
    card.get_by_role("button", name="Acciones").click()
    card.get_by_role("button", name="Cambiar quién puede verlo").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Solo mi empresa").check()
    expect(dialog).to_contain_text("Solo lo encontrará gente de Café Alto Juanambú")
    dialog.get_by_role("button", name="Guardar").click()
    expect(card).to_contain_text("Solo Café Alto Juanambú")
    searched = other.search(word)
    expect(searched.locator("article").filter(has_text=word)).to_have_count(0)
    other.expected = ("404",)
    other.go(f"/documents/{document}")
    expect(other.page.get_by_role("alert")).to_contain_text("Ese documento no existe, o usted no puede verlo")


def test_what_was_deleted_can_be_taken_back(visit: Visit) -> None:
    word = f"guadua{secrets.token_hex(3)}"
    page = visit(COFFEE, path="/notes/new").page
    write_note(page, f"Empaque {word}", f"El empaque {word} resiste la humedad.")
    page.goto(page.url.split("/documents")[0] + "/mine")
    card = page.locator("ul.list").first.locator("> li").filter(has_text=word)
    card.get_by_role("button", name="Acciones").click()
    card.get_by_role("button", name="Eliminar").click()
    expect(card).to_have_count(0)
    page.get_by_role("button", name="Deshacer").click()
    expect(card).to_have_count(1)


def test_facts_are_corrected(visit: Visit) -> None:
    word = f"arrayan{secrets.token_hex(3)}"
    page = visit(COFFEE, path="/notes/new").page
    write_note(page, f"Sello {word}", f"El sello {word} se pide en línea.")
    page.goto(page.url.split("/documents")[0] + "/mine")
    card = page.locator("ul.list").first.locator("> li").filter(has_text=word)
    card.get_by_role("button", name="Acciones").click()
    card.get_by_role("button", name="Corregir los datos").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Tipo").select_option("market_report")
    dialog.get_by_label("Países").fill("Chile")
    dialog.get_by_label("Países").press("Enter")
    dialog.get_by_label("Códigos SA").fill("0901.21")
    dialog.get_by_label("Códigos SA").press("Enter")
    dialog.get_by_role("button", name="Guardar").click()
    expect(dialog).to_have_count(0)
    expect(card).to_contain_text("Informe de mercado")
    found = visit(COFFEE, path=f"/#q={word}&country=CHL&hs=090121").page
    expect(found.locator("article h2").first).to_contain_text(word)
