from __future__ import annotations

import pytest

from ingest.converted import Block, BlockKind
from tests.ingest.structure.reading import heading, outline, sections, texts

BODY = "Las Partes acuerdan establecer una zona de libre comercio de conformidad con lo dispuesto en este Tratado."


@pytest.mark.parametrize(
    ("line", "path", "text"),
    [
        ("Artículo 5.- Las Partes eliminarán los aranceles.", "Artículo 5", "Las Partes eliminarán los aranceles."),
        ("ARTICULO 12º. Toda mercancía será inspeccionada.", "ARTICULO 12º", "Toda mercancía será inspeccionada."),
        ("Art. 5º Todos são iguais perante a lei.", "Art. 5º", "Todos são iguais perante a lei."),
        (
            "Art. 1.027: Os herdeiros do cônjuge não podem exigir.",
            "Art. 1.027",
            "Os herdeiros do cônjuge não podem exigir.",
        ),
        ("Artigo 10.º - O presente decreto entra em vigor.", "Artigo 10.º", "O presente decreto entra em vigor."),
        ("Article 3. The Parties shall cooperate closely.", "Article 3", "The Parties shall cooperate closely."),
        ("Article premier - Les Parties coopèrent.", "Article premier", "Les Parties coopèrent."),
        (
            "CLÁUSULA PRIMERA.- El vendedor entrega la mercancía.",
            "CLÁUSULA PRIMERA",
            "El vendedor entrega la mercancía.",
        ),
        (
            "PRIMERA.- El vendedor entrega la mercancía en Callao.",
            "PRIMERA",
            "El vendedor entrega la mercancía en Callao.",
        ),
        (
            "Статья 7. Стороны обмениваются информацией о рынках.",
            "Статья 7",
            "Стороны обмениваются информацией о рынках.",
        ),
        ("第十二条 双方应当在本协定生效后取消关税。", "第十二条", "双方应当在本协定生效后取消关税。"),
        (
            "Artículo 10 bis.- Quedan exentos los envíos urgentes.",
            "Artículo 10 bis",
            "Quedan exentos los envíos urgentes.",
        ),
    ],
)
def test_a_heading_and_its_text_may_stand_in_one_paragraph(line: str, path: str, text: str) -> None:
    found = sections(line)
    assert found[0].heading_path == (path,)
    assert texts(found) == [text]
    assert found[0].is_whole


@pytest.mark.parametrize(
    ("line", "path"),
    [
        ("CAPÍTULO III", "CAPÍTULO III"),
        ("CAPITULO 3 Reglas de origen", "CAPITULO 3 Reglas de origen"),
        ("Sección B - Procedimientos de origen", "Sección B - Procedimientos de origen"),
        ("Artículo 4.13: Verificación", "Artículo 4.13: Verificación"),
        ("SEGUNDA PARTE", "SEGUNDA PARTE"),
        ("Seção II – Da importação", "Seção II – Da importação"),
        ("Chapter 2 Market Access", "Chapter 2 Market Access"),
        ("Annex 4-A", "Annex 4-A"),
        ("ANEXO", "ANEXO"),
        ("Глава III", "Глава III"),
        ("Раздел 2. Общие положения", "Раздел 2. Общие положения"),
        ("第三章 原产地规则", "第三章 原产地规则"),
        ("Título preliminar", "Título preliminar"),
    ],
)
def test_headings_are_recognised_in_plain_paragraphs(line: str, path: str) -> None:
    found = sections(line, BODY, BODY)
    assert found[-1].heading_path == (path,)
    assert texts(found) == [BODY, BODY]


@pytest.mark.parametrize(
    "line",
    [
        "Artículo 5 de la Ley 100 dispone que los exportadores pagarán la tasa.",
        "El artículo 5 no se aplica a los envíos urgentes.",
        "Artículo 12, párrafo 3, del Acuerdo sobre Agricultura.",
        "Artículo 5(2) y sus anexos serán revisados cada año por las Partes.",
        "Capítulo 3 trata de las reglas de origen y de sus excepciones.",
        "artículo 4.- la referencia en minúsculas no abre nada",
        "Section 232 tariffs were imposed on steel in 2018 and have been kept.",
        "Title to the goods passes to the buyer on delivery.",
        "Part of the shipment was lost at the border.",
        "Parte exportadora significa la Parte desde cuyo territorio se exporta.",
        "第五条规定的期限不适用于易腐货物。",
        "Статьями 5 и 6 установлены сроки.",
        "CAPÍTULO I ................................................ 12",
        "Artículo 3. Definiciones . . . . . . . . . . . . 7",
    ],
)
def test_a_reference_is_not_a_heading(line: str) -> None:
    found = sections(BODY, line, BODY)
    assert [section.heading_path for section in found] == [()]
    assert line in texts(found)


def test_a_reference_at_a_line_s_start_is_not_a_heading() -> None:
    lines = [
        "Las disposiciones de este capítulo se aplicarán a las mercancías que cumplan con lo",
        "dispuesto en las reglas que las Partes hayan acordado y notificado, de conformidad con el",
        "Artículo 12",
        "del Acuerdo sobre Normas de Origen, y a las que las autoridades hayan certificado como",
        "originarias del territorio de cualquiera de las Partes según el procedimiento que el",
    ]
    found = sections(*lines * 4)
    assert {section.heading_path for section in found} == {()}


def test_levels_are_consistent() -> None:
    first = ("PRIMERA PARTE", "TÍTULO I: Disposiciones generales")
    assert outline(
        "PRIMERA PARTE",
        "TÍTULO I",
        "Disposiciones generales",
        "CAPÍTULO I",
        "Del comercio",
        "Sección A",
        "Acceso",
        f"Artículo 1.- {BODY}",
        f"Artículo 2.- {BODY}",
        "CAPÍTULO II",
        "Del origen",
        f"Artículo 3.- {BODY}",
        "TÍTULO II",
        "Disposiciones finales",
        f"Artículo 4.- {BODY}",
    )[4:] == [
        (*first, "CAPÍTULO I: Del comercio", "Sección A: Acceso", "Artículo 1"),
        (*first, "CAPÍTULO I: Del comercio", "Sección A: Acceso", "Artículo 2"),
        (*first, "CAPÍTULO II: Del origen"),
        (*first, "CAPÍTULO II: Del origen", "Artículo 3"),
        ("PRIMERA PARTE", "TÍTULO II: Disposiciones finales"),
        ("PRIMERA PARTE", "TÍTULO II: Disposiciones finales", "Artículo 4"),
    ]  # fmt: skip


def test_the_format_s_own_levels_decide() -> None:
    headings = [heading("Guía", 1), heading("Requisitos", 2), heading("Papeles", 3), heading("Costos", 2)]
    assert outline(*(block for each in headings for block in (each, BODY))) == [
        ("Guía",),
        ("Guía", "Requisitos"),
        ("Guía", "Requisitos", "Papeles"),
        ("Guía", "Costos"),
    ]  # fmt: skip


def test_a_title_below_its_number_belongs_to_it_also_over_two_lines_of_capitals() -> None:
    assert outline(
        heading("TÍTULO III", 2),
        "DEL PAGO DE REMUNERACIONES Y HONORARIOS",
        "Y OTRAS PRESTACIONES",
        f"Artículo 10.- {BODY}",
    )[0] == ("TÍTULO III: DEL PAGO DE REMUNERACIONES Y HONORARIOS Y OTRAS PRESTACIONES",)


def test_the_title_in_front_of_an_article_s_text_belongs_to_the_heading() -> None:
    found = sections(heading("Artículo 1", 5), f"(Dinero electrónico).- {BODY}")
    assert found[0].heading_path == ("Artículo 1: Dinero electrónico",)
    assert texts(found) == [BODY]


def test_an_article_s_only_sentence_is_its_text_and_not_its_title() -> None:
    found = sections("Art. 118: Derogado.", "Art. 119: Revogam-se as disposições em contrário.")
    assert [section.heading_path for section in found] == [("Art. 118",), ("Art. 119",)]
    assert texts(found) == ["Derogado.", "Revogam-se as disposições em contrário."]


def test_articles_quoted_in_a_law_that_marks_its_own_stay_text() -> None:
    quoted = "Artículo 40.- Los contribuyentes pagarán el impuesto en el mes siguiente."
    found = sections(
        heading("Artículo 1", 5), "Sustitúyese el artículo 40 de la Ley 9.000 por el siguiente:", quoted,
        heading("Artículo 2", 5), BODY, heading("Artículo 3", 5), BODY,
    )  # fmt: skip
    assert [section.heading_path for section in found] == [("Artículo 1",), ("Artículo 2",), ("Artículo 3",)]
    assert quoted in texts(found)


def test_a_table_of_contents_is_text_and_the_headings_after_it_are_not() -> None:
    contents = ["CAPÍTULO I Objeto", "CAPÍTULO II Origen", "CAPÍTULO III Aduanas", "CAPÍTULO IV Controversias"]
    found = sections(*contents, "CAPÍTULO I", "Objeto", BODY, "CAPÍTULO II", "Origen", BODY)
    assert [section.heading_path for section in found] == [(), ("CAPÍTULO I: Objeto",), ("CAPÍTULO II: Origen",)]
    assert texts(found)[:4] == contents


def test_numbered_headings() -> None:
    assert outline(
        "1. Resumen", BODY, "2. El mercado", BODY, "2.1 Demanda", BODY, "2.2 Precios", BODY, "3. Conclusiones", BODY
    ) == [
        ("1. Resumen",),
        ("2. El mercado",),
        ("2. El mercado", "2.1 Demanda"),
        ("2. El mercado", "2.2 Precios"),
        ("3. Conclusiones",),
    ]


def test_a_numbered_list_has_no_headings() -> None:
    steps = ["1. Llenar el formulario", "2. Pagar la tasa", "3. Esperar la visita"]
    assert outline(BODY, *steps, BODY) == [()]


def test_numbered_paragraphs_of_an_article_are_its_text() -> None:
    assert outline("Artículo 1", "1. Alcance", BODY, "Artículo 2", "1. Plazo", BODY) == [
        ("Artículo 1",),
        ("Artículo 2",),
    ]


def test_capitals_are_headings_but_not_in_a_text_of_capitals() -> None:
    assert outline("RESUMEN EJECUTIVO", BODY, BODY, "PRECIOS Y MÁRGENES", BODY, BODY) == [
        ("RESUMEN EJECUTIVO",),
        ("PRECIOS Y MÁRGENES",),
    ]
    shouted = ["ATENCIÓN EXPORTADORES", "EL PUERTO CIERRA EL LUNES", "LLAMAR ANTES DE LLEGAR", BODY]
    assert outline(*shouted * 2) == [()]


def test_names_below_a_signature_are_no_headings() -> None:
    assert outline("RESUMEN EJECUTIVO", BODY, BODY, BODY, "MARÍA QUISPE", "Gerente general") == [("RESUMEN EJECUTIVO",)]


def test_an_annex_restarts_the_numbering_or_ends() -> None:
    assert outline("CAPÍTULO I", BODY, "ANEXO I", BODY, "CAPÍTULO II", BODY, "ANEXO II", "CAPÍTULO I", BODY) == [
        ("CAPÍTULO I",),
        ("ANEXO I",),
        ("CAPÍTULO II",),
        ("ANEXO II",),
        ("ANEXO II", "CAPÍTULO I"),
    ]


def test_list_items_and_rows_are_never_headings() -> None:
    found = sections(
        Block("Artículo 5.- Uno", BlockKind.LIST_ITEM), Block("CAPÍTULO III | 12", BlockKind.TABLE_ROW), BODY
    )
    assert [section.heading_path for section in found] == [()]


def test_each_slide_and_each_sheet_is_a_section() -> None:
    slides = sections(
        Block("Uno", page=1), Block("dos", page=1), Block("Tres", page=2),
        media_type="application/vnd.openxmlformats-officedocument.presentationml.presentation",
    )  # fmt: skip
    assert [section.page for section in slides] == [1, 2]
    assert all(section.is_whole for section in slides)
    sheets = sections(
        Block("a | b", BlockKind.TABLE_ROW, sheet="Precios"), Block("c | d", BlockKind.TABLE_ROW, sheet="Costos")
    )
    assert [section.sheet for section in sheets] == ["Precios", "Costos"]
