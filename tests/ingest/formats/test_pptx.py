"""Presentations."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.presentation import Presentation as Deck
from pptx.util import Inches

from ingest.limits import Limits
from tests.ingest.formats.making import LAUGHS, package
from tests.ingest.formats.reading import headings, kinds, read, refuse, table, texts


def saved(deck: Deck) -> bytes:
    out = BytesIO()
    deck.save(out)
    return out.getvalue()


def test_slides_are_pages_and_titles_headings() -> None:
    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[0])
    first.shapes.title.text = "El mercado chino"
    first.placeholders[1].text = "Informe 2026"
    second = deck.slides.add_slide(deck.slide_layouts[1])
    second.shapes.title.text = "Requisitos"
    frame = second.placeholders[1].text_frame
    frame.text = "Registro"
    inner = frame.add_paragraph()
    inner.text, inner.level = "GACC", 1
    second.notes_slide.notes_text_frame.text = "Decir que tarda meses."
    document = read(saved(deck))
    assert headings(document) == [(1, "El mercado chino"), (1, "Requisitos")]
    assert [(block.kind.value, block.text, block.page, block.level) for block in document.blocks] == [
        ("heading", "El mercado chino", 1, 1),
        ("paragraph", "Informe 2026", 1, None),
        ("heading", "Requisitos", 2, 1),
        ("list_item", "Registro", 2, 1),
        ("list_item", "GACC", 2, 2),
        ("paragraph", "Decir que tarda meses.", 2, None),
    ]
    assert (document.pages, document.title) == (2, "El mercado chino")


def test_tables_groups_and_charts_are_read() -> None:
    deck = Presentation()
    shapes = deck.slides.add_slide(deck.slide_layouts[6]).shapes
    grid = shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for at, text in enumerate(["País", "Toneladas", "Perú", "12"]):
        grid.cell(at // 2, at % 2).text = text
    outer = shapes.add_group_shape()
    inner = outer.shapes.add_group_shape()
    inner.shapes.add_textbox(0, 0, Inches(1), Inches(1)).text_frame.text = "Deep in groups"
    data = CategoryChartData()
    data.categories = ["2023", "2024"]
    data.add_series("Café", (1.5, 2.25))
    shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)
    document = read(saved(deck))
    assert table(document) == (["País | Toneladas", "| Café"], ["Perú | 12", "2023 | 1.5", "2024 | 2.25"])
    assert "Deep in groups" in texts(document)


def test_the_order_is_that_of_the_presentation_not_of_the_files() -> None:
    deck = Presentation()
    for number in range(12):
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = f"Slide {number}"
    ids = deck.slides._sldIdLst
    ids.insert(0, ids[11])
    document = read(saved(deck))
    assert texts(document) == ["Slide 11", *(f"Slide {number}" for number in range(11))]


def test_dates_numbers_and_footers_of_slides_are_left_out() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Title"
    for kind, text in (("sldNum", "7"), ("ftr", "Company"), ("dt", "2026")):
        box = slide.shapes.add_textbox(0, 0, Inches(1), Inches(1))
        box.text_frame.text = text
        nv = box._element.nvSpPr.nvPr
        nv.append(nv.makeelement("{http://schemas.openxmlformats.org/presentationml/2006/main}ph", {"type": kind}))
    assert kinds(read(saved(deck))) == [("heading", "Title")]


def test_slides_without_text_say_so() -> None:
    deck = Presentation()
    deck.slides.add_slide(deck.slide_layouts[6])
    assert refuse(saved(deck)).code == "no_text"


def test_too_many_slides_are_refused() -> None:
    deck = Presentation()
    for _ in range(4):
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "x"
    assert refuse(saved(deck), limits=Limits(pages=3)).code == "too_many_pages"


def _with_slides(*slides: str) -> bytes:
    p = "xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main'"
    r = "xmlns:r='http://schemas.openxmlformats.org/officeDocument/2006/relationships'"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    ids = "".join(f"<p:sldId id='{256 + n}' r:id='s{n}'/>" for n in range(len(slides)))
    relations = "".join(
        f"<Relationship Id='s{n}' Type='{base}/slide' Target='slides/{n}.xml'/>" for n in range(len(slides))
    )
    return package(
        {
            "[Content_Types].xml": "<x/>",
            "ppt/presentation.xml": f"<p:presentation {p} {r}><p:sldIdLst>{ids}</p:sldIdLst></p:presentation>",
            "ppt/_rels/presentation.xml.rels": "<Relationships "
            f"xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>{relations}</Relationships>",
            **{f"ppt/slides/{n}.xml": slide for n, slide in enumerate(slides)},
        }
    )


def _slide(text: str) -> str:
    return (
        "<p:sld xmlns:p='http://schemas.openxmlformats.org/presentationml/2006/main' "
        "xmlns:a='http://schemas.openxmlformats.org/drawingml/2006/main'><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r>"
        f"<a:t>{text}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>"
    )


def test_a_damaged_slide_does_not_cost_the_others() -> None:
    document = read(_with_slides(_slide("one"), "<broken", _slide("three")))
    assert [(block.page, block.text) for block in document.blocks] == [(1, "one"), (3, "three")]
    assert document.warnings == ("Slide 2 could not be read: damaged.",)


def test_nothing_but_damaged_slides_is_corrupt() -> None:
    assert refuse(_with_slides("<broken")).code == "corrupt"


def test_a_billion_laughs_on_a_slide_are_refused() -> None:
    assert refuse(_with_slides(_slide("one"), LAUGHS + _slide("&a9;"))).code == "bomb"


@pytest.mark.parametrize("target", ["../../../../etc/passwd", "/etc/passwd", "http://example.org/x.xml"])
def test_relations_lead_nowhere_outside_the_file(target: str) -> None:
    data = _with_slides(_slide("one"))
    assert target not in data.decode("latin-1")
    with zipfile.ZipFile(BytesIO(data)) as archive:
        parts = {name: archive.read(name).replace(b"slides/0.xml", target.encode()) for name in archive.namelist()}
    assert refuse(package(parts)).code == "no_text"
