from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.documents import Passage
from corpus.passage_text import PREFIX_CHARACTERS, embedding_text
from ingest.converted import Block, BlockKind, ConvertedDocument
from ingest.passages import PassageLimits, passages_of
from ingest.structure import structure
from tests.ingest.passages.counting import FourLetterPieces

COUNTER = FourLetterPieces()
LIMITS = PassageLimits(target_tokens=60, max_tokens=90, small_section=15)
SENTENCE = "Las Partes eliminarán los aranceles aduaneros sobre las mercancías originarias del territorio de la otra. "
SLIDES = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def passages(*blocks: Block | str, media_type: str = "text/html", limits: PassageLimits = LIMITS) -> list[Passage]:
    made = tuple(each if isinstance(each, Block) else Block(each) for each in blocks)
    return passages_of(structure(ConvertedDocument(media_type, made)), COUNTER, limits, language="es")


def heading(text: str, level: int) -> Block:
    return Block(text, BlockKind.HEADING, level)


def row(text: str, number: int | None = None, sheet: str | None = None) -> Block:
    return Block(text, BlockKind.TABLE_ROW, row=number, sheet=sheet)


def test_a_passage_never_holds_two_articles() -> None:
    found = passages(*(f"Artículo {number}.- Se permite el tránsito libre." for number in range(1, 6)))
    assert [passage.heading_path for passage in found] == [(f"Artículo {number}",) for number in range(1, 6)]


def test_a_long_article_becomes_several_of_much_the_same_length() -> None:
    found = passages(heading("Artículo 1", 2), *[SENTENCE * 2] * 5)
    lengths = [COUNTER.count(passage.text) for passage in found]
    assert len(found) > 2
    assert max(lengths) <= LIMITS.max_tokens
    assert min(lengths) >= LIMITS.target_tokens / 3
    assert {passage.heading_path for passage in found} == {("Artículo 1",)}
    assert [passage.ordinal for passage in found] == list(range(len(found)))


def test_very_short_siblings_share_a_passage_and_keep_their_headings() -> None:
    lima, quito, la_paz = (heading(city, 2) for city in ("Lima", "Quito", "La Paz"))
    found = passages(heading("Contactos", 1), lima, "Calle 1", quito, "Calle 2", la_paz, SENTENCE * 3)
    assert found[0].heading_path == ("Contactos",)
    assert found[0].text == "Lima\nCalle 1\nQuito\nCalle 2"
    assert found[1].heading_path == ("Contactos", "La Paz")


def test_a_heading_with_nothing_below_is_kept_as_text() -> None:
    found = passages(heading("Guía", 1), SENTENCE, heading("Próximamente: Rusia", 1))
    assert "Próximamente: Rusia" in found[-1].text


def test_what_introduces_a_list_stays_with_it() -> None:
    items = [
        Block(f"el requisito número {number} de la aduana de destino", BlockKind.LIST_ITEM) for number in range(12)
    ]
    found = passages("Se deben cumplir, sin excepción alguna y antes del embarque, los requisitos siguientes:", *items)
    assert not any(passage.text.endswith(":") for passage in found)


def test_a_line_like_a_title_does_not_end_a_passage() -> None:
    found = passages(
        *(text for number in range(6) for text in (f"{number + 1}) Papeles del paso {number}", SENTENCE * 2))
    )
    assert len(found) > 2
    assert not any(passage.text.splitlines()[-1].startswith("Papeles") for passage in found)
    titled = passages(*(text for number in range(6) for text in (f"Los papeles del paso {number}", SENTENCE * 2)))
    assert not any("paso" in passage.text.splitlines()[-1] for passage in titled)


def test_pages_are_those_of_the_text() -> None:
    found = passages(
        *(Block(SENTENCE.strip(), page=page) for page in (1, 1, 2, 3, 3, 4, 7)), media_type="application/pdf"
    )
    assert found[0].first_page == 1
    assert found[-1].last_page == 7
    for first, second in pairwise(found):
        assert first.last_page is not None
        assert second.first_page is not None
        assert first.last_page <= second.first_page


def test_a_cut_paragraph_tells_the_page_of_each_part() -> None:
    start = "el precio del café sube mucho, " * 12
    end = "y el precio del cacao baja poco, " * 12 + "fin."
    found = passages(Block(start.strip() + " y el", page=5), Block(end, page=6), media_type="application/pdf")
    assert found[0].first_page == 5
    assert found[-1].first_page == found[-1].last_page == 6


def test_slides_are_never_put_together() -> None:
    found = passages(*(Block(f"Idea {page}", page=page) for page in (1, 2, 3)), media_type=SLIDES)
    assert [(passage.text, passage.first_page, passage.last_page) for passage in found] == [
        ("Idea 1", 1, 1),
        ("Idea 2", 2, 2),
        ("Idea 3", 3, 3),
    ]


def test_rows_repeat_their_header_and_say_where_they_are() -> None:
    header = Block("Producto | País | Precio", BlockKind.TABLE_HEADER, sheet="Precios", row=1)
    found = passages(
        header,
        *(row(f"Café lavado número {number} | China | {number},50", number, "Precios") for number in range(2, 41)),
    )
    assert len(found) > 3
    assert all(passage.text.startswith("Producto | País | Precio\nCafé lavado") for passage in found)
    assert all(passage.is_table for passage in found)
    places = [passage.place for passage in found]
    assert places[0] is not None
    assert places[0].startswith("Precios, rows 2–")
    assert places[-1] is not None
    assert places[-1].endswith("–40")
    assert sum(passage.text.count("\n") for passage in found) == 39


def test_a_row_without_a_sheet_and_a_single_row() -> None:
    assert passages(row("Chile | 3", 2))[0].place == "row 2"
    assert [passage.place for passage in passages(row("Chile | 3", 2), row("Perú | 4", 3))] == ["rows 2–3"]


def test_two_sheets_are_never_put_together() -> None:
    found = passages(row("Chile | 3", 2, "Uno"), row("Perú | 4", 2, "Dos"))
    assert [passage.place for passage in found] == ["Uno, row 2", "Dos, row 2"]


def test_a_little_table_stays_with_its_text() -> None:
    found = passages("Los aranceles son estos.", row("Café | 0 %"), row("Cacao | 5 %"))
    assert [passage.text for passage in found] == ["Los aranceles son estos.\nCafé | 0 %\nCacao | 5 %"]


def test_a_header_that_would_take_most_of_the_room_is_not_repeated() -> None:
    header = Block(" | ".join(f"columna número {number}" for number in range(20)), BlockKind.TABLE_HEADER)
    found = passages(header, *(row(f"valor {number} | otro valor") for number in range(40)))
    text = "\n".join(passage.text for passage in found)
    assert text.count("columna número 7") == 1
    assert all(COUNTER.count(passage.text) <= LIMITS.max_tokens for passage in found)


def test_limits_follow_the_model() -> None:
    usual = PassageLimits.for_model(FourLetterPieces(max_tokens=507))
    small = PassageLimits.for_model(FourLetterPieces(max_tokens=120))
    assert usual.max_tokens + usual.prefix_characters <= 507
    assert small.max_tokens + small.prefix_characters <= 120
    assert small.target_tokens < small.max_tokens


@pytest.mark.parametrize("title", [None, "Tratado", "T" * 500])
def test_the_embedded_text_leads_with_what_fits_of_title_and_headings(title: str | None) -> None:
    passage = Passage(0, "El texto.", "es", heading_path=("CAPÍTULO I: " + "origen " * 20, "Artículo 5"))
    text = embedding_text(title, passage)
    assert text.endswith("Artículo 5\nEl texto.")
    assert len(text) - len(passage.text) <= PREFIX_CHARACTERS


def test_a_heading_that_repeats_the_title_is_embedded_once() -> None:
    passage = Passage(0, "El texto.", "es", heading_path=("Guía de Rusia", "Pagos"))
    assert embedding_text("guía de rusia", passage).casefold().count("guía de rusia") == 1


BLOCKS = st.lists(
    st.builds(
        Block,
        text=st.one_of(
            st.text(max_size=60),
            st.text(alphabet="aé ñ.;,:-0123456789\n", max_size=400),
            st.sampled_from(
                [
                    "Artículo 5.- Se permite.",
                    "CAPÍTULO I",
                    "ANEXO",
                    "1. Uno",
                    "RESUMEN",
                    "第三章 总则",
                    "- cosa",
                    "x" * 700,
                ]
            ),
            st.just(SENTENCE * 5),
        ),
        kind=st.sampled_from([*BlockKind, BlockKind.PARAGRAPH, BlockKind.PARAGRAPH]),
        level=st.one_of(st.none(), st.integers(1, 6)),
        sheet=st.sampled_from([None, None, "Uno", "Dos"]),
        row=st.one_of(st.none(), st.integers(1, 50)),
    ),
    max_size=25,
)


@settings(max_examples=300, deadline=None)
@given(BLOCKS, st.sampled_from(["text/html", SLIDES]))
def test_all_text_is_there_in_order_and_nothing_is_too_long(blocks: list[Block], media_type: str) -> None:
    """Letters and digits of what is no heading are in the passages' text, once and in order; headings are in paths."""
    sections = structure(ConvertedDocument(media_type, tuple(blocks)))
    found = passages_of(sections, COUNTER, LIMITS, language="es")
    for passage in found:
        assert passage.text.strip()
        assert COUNTER.count(passage.text) <= LIMITS.max_tokens
    letters = "".join(_letters(paragraph.text) for section in sections for paragraph in section.paragraphs)
    if not any(block.kind is BlockKind.TABLE_HEADER for block in blocks):
        assert _is_subsequence(letters, "".join(_letters(passage.text) for passage in found))
    everything = _letters("".join([*(passage.text for passage in found), *(h for p in found for h in p.heading_path)]))
    for block in blocks:
        for word in block.text.split():
            if len(word) < 20 and word.isalnum():
                assert word in everything


def _letters(text: str) -> str:
    return "".join(character for character in text if character.isalnum())


def _is_subsequence(part: str, whole: str) -> bool:
    rest = iter(whole)
    return all(character in rest for character in part)
