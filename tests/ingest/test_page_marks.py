"""The passage that answers, marked on the page: found however the page breaks it, and never elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from corpus.errors import DocumentError
from ingest.page_marks import passage_marks
from ingest.page_text import Box, Character, read_page
from tests.conftest import ROOT

PDF = ROOT / "corpus" / "samples" / "cafe-alto-juanambu" / "mercado-china-cafe.pdf"
HEIGHT = 0.02  # of a line
WIDTH = 0.01  # of a character


def page_of(*lines: str) -> list[Character]:
    return [
        Character(char, Box(WIDTH * column, HEIGHT * row, WIDTH * (column + 1), HEIGHT * (row + 0.9)))
        for row, line in enumerate(lines)
        for column, char in enumerate(line)
        if not char.isspace()
    ]


def rows(marks: Sequence[Box]) -> list[int]:
    return [round(mark.top / HEIGHT) for mark in marks]


def test_a_mark_covers_each_line_from_its_first_to_its_last_character() -> None:
    page = page_of(
        "Informe anual", "El café tostado paga un arancel", "del diez por ciento. Otra cosa", "Pie de página"
    )
    marks = passage_marks(page, "El café tostado paga un arancel del diez por ciento.")
    assert rows(marks) == [1, 2]
    assert (marks[0].left, round(marks[0].right, 4)) == (0.0, round(WIDTH * 31, 4))
    assert round(marks[1].right, 4) == round(WIDTH * 19, 4)


@pytest.mark.parametrize(
    "lines",
    [
        ("El certificado fitosani-", "tario se pide diez días an-", "tes del embarque."),
        ("El certificado fito\u00adsanitario", "se pide diez días antes del embar\u00ad", "que."),
        ("E l  c e r t i f i c a d o  f i t o s a n i t a r i o", "sepidediezdías antes del", "embarque."),
        ("El certi\ufb01cado fitosanitario", "se pide diez", "días antes del embarque."),
        ("EL CERTIFICADO FITOSANITARIO", "SE PIDE DIEZ DIAS", "ANTES DEL EMBARQUE."),
    ],
    ids=["hyphens", "soft hyphens", "spaces", "ligature", "capitals without accents"],
)  # fmt: skip
def test_how_the_page_writes_it_does_not_matter(lines: tuple[str, ...]) -> None:
    page = page_of("Lo que viene antes no cuenta", *lines, "Lo que viene después tampoco")
    assert rows(passage_marks(page, "El certificado fitosanitario se pide diez días antes del embarque.")) == [1, 2, 3]


def test_the_same_words_elsewhere_are_not_marked() -> None:
    passage = "Las partes se comprometen a reconocer los certificados de origen que emita la otra parte sin demora."
    filler = [f"Renglón {number} de otro artículo sobre tasas y plazos de pago." for number in range(20)]
    page = page_of("Las partes se comprometen a reconocer", *filler, passage[:50], passage[50:])
    assert rows(passage_marks(page, passage)) == [21, 22]


def test_a_note_within_the_passage_is_left_out() -> None:
    first = "La tarifa para el cuero curtido se reduce en cinco etapas iguales"
    second = "hasta quedar eliminada el primero de enero del quinto año de vigencia."
    note = "Nota de la edición: la numeración sigue la del texto firmado en la capital."
    page = page_of(first, note, second)
    assert rows(passage_marks(page, f"{first} {second}")) == [0, 2]


def test_a_passage_that_goes_on_over_the_page_is_marked_as_far_as_it_goes() -> None:
    passage = "El seguro cubre la carga hasta el puerto de destino. No cubre la demora en la frontera ni la huelga."
    page = page_of("Otro asunto del contrato marco entre las partes.", passage[:52])
    assert rows(passage_marks(page, passage)) == [1]


def test_chinese_needs_no_spaces() -> None:
    page = page_of(
        "进口咖啡的关税", "中国对烘焙咖啡征收的最惠国税率为百分之十五，增值税率为", "百分之十三。协定税率为零。"
    )
    marks = passage_marks(page, "中国对烘焙咖啡征收的最惠国税率为百分之十五，增值税率为百分之十三。")
    assert rows(marks) == [1, 2]


@pytest.mark.parametrize("passage", ["", "…", "Something that this page does not say at all, in any language."])
def test_what_is_not_there_is_not_marked(passage: str) -> None:
    assert passage_marks(page_of("El café tostado paga un arancel", "del diez por ciento."), passage) == []


def test_a_real_page_tells_where_its_characters_stand() -> None:
    page = read_page(PDF, 1)
    assert all(0 <= each.box.left <= each.box.right <= 1 and 0 <= each.box.top <= each.box.bottom <= 1 for each in page)
    beginning = "".join(each.text for each in page)[:60]
    marks = passage_marks(page, beginning)
    assert marks
    assert marks[0].top < 0.25  # it begins at the top


def test_a_page_that_is_not_there_and_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as no_page:
        read_page(PDF, 99)
    assert no_page.value.code == "no_such_page"
    rubbish = tmp_path / "rubbish.pdf"
    rubbish.write_bytes(b"%PDF-1.7 rubbish")
    with pytest.raises(DocumentError) as no_file:
        read_page(rubbish, 1)
    assert no_file.value.code == "corrupt"
