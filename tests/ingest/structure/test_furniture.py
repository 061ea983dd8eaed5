from __future__ import annotations

from ingest.converted import Block
from tests.ingest.structure.reading import sections, texts

TOPICS = ["café", "cacao", "fruta", "leche", "lana", "cuero", "carga", "programas"]


def pages(make: object, count: int = 6) -> list[str]:
    """The text that is left of ``count`` pages, each with a paragraph of its own in the middle."""
    assert callable(make)
    blocks = [
        Block(text, page=page)
        for page in range(1, count + 1)
        for text in make(page, f"La demanda de {TOPICS[page % 8]} crece en la región número {page * 7}.")
    ]
    return texts(sections(*blocks, media_type="application/pdf"))


def bodies(count: int = 6) -> list[str]:
    return [f"La demanda de {TOPICS[page % 8]} crece en la región número {page * 7}." for page in range(1, count + 1)]


def test_headers_footers_and_page_numbers_go() -> None:
    assert pages(lambda page, body: ["Boletín de mercados 2026", body, f"Página {page} de 6"]) == bodies()
    assert pages(lambda page, body: [f"Boletín andino | {page}", body, f"- {page} -"]) == bodies()
    assert pages(lambda page, body: [body, f"{page + 10}"]) == bodies()
    assert pages(lambda page, body: [f"第 {page} 页", body]) == bodies()


def test_left_and_right_pages_differ() -> None:
    headers = ["Cámara de comercio", "Informe de mercado"]
    assert pages(lambda page, body: [headers[page % 2], body], 10) == bodies(10)


def test_a_header_of_a_chapter_goes_too() -> None:
    chapters = ["Capital y crédito", "Aduanas y puertos", "Ferias y visitas"]
    assert pages(lambda page, body: [chapters[(page - 1) // 4], body], 12) == bodies(12)


def test_what_occurs_once_stays() -> None:
    first, last = "Nota: cifras provisionales", "Fin del informe"
    found = pages(lambda page, body: ([first] if page == 1 else []) + [body] + ([last] if page == 6 else []))
    assert found == [first, *bodies(), last]


def test_numbers_that_do_not_count_with_the_pages_stay() -> None:
    """Articles at the tops of pages are alike but for a number, and none of them is furniture."""
    numbers = [3, 8, 9, 17, 20, 31]
    found = pages(lambda page, body: [f"Anotación {numbers[page - 1]}", body])
    assert [text for text in found if text.startswith("Anotación")] == [f"Anotación {number}" for number in numbers]


def test_a_document_of_equal_pages_keeps_its_text() -> None:
    blocks = [Block(text, page=page) for page in (1, 2, 3, 4) for text in ("Se vende café tostado", "a buen precio.")]
    assert texts(sections(*blocks, media_type="application/pdf")).count("Se vende café tostado a buen precio.") == 4


def test_a_block_s_first_line_can_be_a_header() -> None:
    blocks = [Block(f"Informe anual\n{body}\n{page}", page=page) for page, body in enumerate(bodies(), start=1)]
    assert texts(sections(*blocks, media_type="application/pdf")) == bodies()


def test_a_single_page_keeps_a_lone_number() -> None:
    assert texts(sections(Block("Total de cajas", page=1), Block("42", page=1), media_type="application/pdf")) == [
        "Total de cajas",
        "42",
    ]
