from __future__ import annotations

import pytest

from ingest.converted import Block, BlockKind
from tests.ingest.structure.reading import sections, texts


@pytest.mark.parametrize(
    ("torn", "mended"),
    [
        ("la exporta-\nción de café", "la exportación de café"),
        ("el artícu-\nlo quinto", "el artículo quinto"),
        ("el período 2019-\n2024 fue bueno", "el período 2019-2024 fue bueno"),
        ("el acuerdo Perú-\nChile se firmó", "el acuerdo Perú-Chile se firmó"),
        ("non-\ntariff measures", "non-tariff measures"),
        ("die Aus\u00ad\nfuhr von Kaffee", "die Ausfuhr von Kaffee"),
        ("medidas fito-\nsanitarias; lo fito-sanitario", "medidas fitosanitarias; lo fito-sanitario"),
        (
            "un enfoque técnico-\neconómico; el plan técnico-económico",
            "un enfoque técnico-económico; el plan técnico-económico",
        ),
    ],
)
def test_hyphens_at_line_ends(torn: str, mended: str) -> None:
    assert texts(sections(torn)) == [mended]


def test_a_portuguese_clitic_keeps_its_hyphen() -> None:
    assert texts(sections("o prazo conta-\nse em dias", language="pt")) == ["o prazo conta-se em dias"]
    assert texts(sections("una conta-\nse en días", language="es")) == ["una contase en días"]


def test_wrapped_lines_become_paragraphs_and_blocks_stay_apart() -> None:
    found = sections(
        Block(
            "El café colombiano se vende en China desde hace\nveinte años, y la demanda crece cada año en toda\nciudad."
        ),
        Block("El té es otra cosa."),
    )
    assert texts(found) == [
        "El café colombiano se vende en China desde hace veinte años, y la demanda crece cada año en toda ciudad.",
        "El té es otra cosa.",
    ]


def test_a_page_made_of_lines_becomes_paragraphs() -> None:
    lines = [
        "1. Cada Parte garantizará que sus laboratorios y organismos de inspección",
        "autorizados observen lo dispuesto en este capítulo, y que las medidas que",
        "Partes y terceros adopten sean compatibles con los compromisos.",
        "2. Las medidas se notificarán con sesenta días de antelación a la otra",
        "Parte, salvo en caso de urgencia que deberá ser debidamente justificada",
        "por la autoridad competente.",
    ] * 6
    found = texts(sections(*lines))
    assert found == [" ".join(lines[:3]), " ".join(lines[3:6])] * 6


def test_lists_keep_their_lines() -> None:
    text = (
        "Se necesitan los papeles siguientes para cada envío:\na) la factura comercial;\n"
        "b) la lista de empaque, con los pesos\ny las medidas;\nc) el certificado."
    )
    assert texts(sections(text)) == [
        "Se necesitan los papeles siguientes para cada envío:",
        "a) la factura comercial;",
        "b) la lista de empaque, con los pesos y las medidas;",
        "c) el certificado.",
    ]


def test_lines_with_labels_stay_apart() -> None:
    text = "De: ventas de la cooperativa <ventas@example.org>\nPara: compras del importador en Italia\nFecha: hoy"
    assert texts(sections(text)) == text.splitlines()


def test_chinese_lines_are_joined_without_a_space() -> None:
    assert texts(sections("哥伦比亚咖啡在中国的销售已经有二十多年的历史而且需求\n每年都在增长。")) == [
        "哥伦比亚咖啡在中国的销售已经有二十多年的历史而且需求每年都在增长。"
    ]


def test_a_paragraph_over_two_pages_knows_both() -> None:
    found = sections(
        Block("El mercado chino de café crece y los importadores de", page=3),
        Block("Shanghái buscan granos lavados de altura.", page=4),
        Block("sin mayúscula sigue", page=4),
    )
    joined = found[0].paragraphs[0]
    assert joined.page_at(0) == 3
    first = sections(Block("los importadores compran\ngranos", page=3), Block("lavados de altura.", page=4))[
        0
    ].paragraphs[0]
    assert first.text == "los importadores compran granos lavados de altura."
    assert (first.page_at(0), first.page_at(len(first.text) - 1)) == (3, 4)
    assert first.page_at(first.text.index("lavados")) == 4
    assert first.page_at(first.text.index("lavados") - 2) == 3


def test_code_and_tables_are_left_alone() -> None:
    code = "if a:\n    b()"
    found = sections(
        Block(code, BlockKind.CODE),
        Block("País | Valor", BlockKind.TABLE_HEADER),
        Block("Chile | 3", BlockKind.TABLE_ROW),
    )
    assert texts(found) == [code, "País | Valor", "Chile | 3"]
