from __future__ import annotations

from datetime import date

import pytest

from corpus.countries import ALPHA3, NAMES, alpha3, mentions
from corpus.documents import Kind, Passage
from ingest.converted import Block, BlockKind, ConvertedDocument
from ingest.dates_in_text import dates_in
from ingest.guesses import Guesses, Origin, guess, guess_title
from ingest.hs_codes import hs_codes_in, is_hs_code


def guessed(
    *blocks: Block | str, title: str | None = None, created: date | None = None, name: str = "informe.pdf"
) -> Guesses:
    made = tuple(each if isinstance(each, Block) else Block(each) for each in blocks)
    passages = [Passage(number, block.text, "es", heading_path=("Art.",)) for number, block in enumerate(made)]
    return guess(ConvertedDocument("application/pdf", made, title=title, created=created), passages, name)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("El café tostado se clasifica en la partida 09.01.", ("0901",)),
        ("subpartidas 0803.90.11, 0804.50 y 0810.90", ("08039011", "080450", "081090")),
        ("HS code 0901", ("0901",)),
        ("NCM: 4202.21.00", ("42022100",)),
        ("classified under heading 18.06", ("1806",)),
        ("Código arancelario 180631", ("180631",)),
        ("posição tarifária 0901.21", ("090121",)),
        ("код ТН ВЭД 0901 21", ("0901",)),
        ("税号 0901.21", ("090121",)),
        ("se exporta 0901.21.00 tostado", ("09012100",)),
    ],
)
def test_hs_codes(text: str, codes: tuple[str, ...]) -> None:
    assert hs_codes_in(text) == codes


@pytest.mark.parametrize(
    "text",
    [
        "El 2026.03.14 se firmó",
        "el 14.03.2026 y el 01.12.2025",
        "Decreto 0312.45 y Ley 1819.10",
        "US$ 1806.32 por tonelada",
        "HS 2012 y HS 2007",
        "partida de nacimiento 7712, teléfono 0994 123 456",
        "en 2009 y en 1806 hubo sequía",
        "artículo 09.01 del Tratado y párrafo 4.02",
        "la partida 99.99 no existe",
        "desde las 09.01 hasta las 18.06",
    ],
)
def test_other_numbers_are_no_hs_codes(text: str) -> None:
    assert hs_codes_in(text) == ()


def test_hs_codes_come_by_frequency() -> None:
    assert hs_codes_in("partida 18.06. subpartida 0901.21; subpartida 0901.21") == ("090121", "1806")


def test_which_digits_can_be_an_hs_code() -> None:
    assert all(is_hs_code(code) for code in ("09", "0901", "090121", "09012100", "0901210010"))
    assert not any(is_hs_code(code) for code in ("77", "99", "0911", "901", "0901211", "ab", ""))


def test_countries_are_found_by_name_and_adjective_in_three_languages() -> None:
    text = "TRATADO PERÚ - CHILE; empresas colombianas; Brazilian buyers; os exportadores equatorianos; Países Baixos"
    assert mentions(text) == ["PER", "CHL", "COL", "BRA", "ECU", "NLD"]


@pytest.mark.parametrize("text", ["ají o chile seco", "turkey sandwich", "inglés y portugués", "la guinea", "Peruvia"])
def test_words_that_only_look_like_countries(text: str) -> None:
    assert mentions(text) == []


def test_every_named_country_has_a_code_and_every_code_is_known() -> None:
    assert len(NAMES) >= 60
    assert set(NAMES) <= ALPHA3
    assert [alpha3(value) for value in ("col", "UY", "Alemania", "Rusia", "Wonderland")] == [
        "COL",
        "URY",
        "DEU",
        "RUS",
        None,
    ]


def test_countries_of_a_document_are_those_of_its_title_and_those_named_again_and_again() -> None:
    found = guessed(
        "China compra. Los importadores de China pagan; China crece. Francia no.", title="El cacao en Rusia"
    )
    assert found.countries is not None
    assert set(found.countries.value) == {"RUS", "CHN"}


def test_countries_that_the_file_s_properties_name() -> None:
    page = ConvertedDocument(
        "text/html", (Block("Perú, Perú y Perú."),), metadata=(("parties", "CHL CHN"), ("audience", "?"))
    )
    found = guess(page, [], "x.html").countries
    assert found is not None
    assert (found.value, found.origin) == (("CHL", "CHN"), Origin.FORMAT)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("el 14 de marzo de 2026", date(2026, 3, 14)),
        ("14 de março de 2026", date(2026, 3, 14)),
        ("March 14, 2026", date(2026, 3, 14)),
        ("14 mars 2026", date(2026, 3, 14)),
        ("14 марта 2026", date(2026, 3, 14)),
        ("2026年3月14日", date(2026, 3, 14)),
        ("2026-03-14", date(2026, 3, 14)),
        ("14/03/2026", date(2026, 3, 14)),
        ("03/14/2026", date(2026, 3, 14)),
        ("1º de abril de 2021", date(2021, 4, 1)),
        ("marzo de 2026", date(2026, 3, 1)),
    ],
)
def test_dates_as_people_write_them(text: str, found: date) -> None:
    assert [each for each, _, _ in dates_in(text)] == [found]


def test_an_impossible_date_is_none() -> None:
    assert list(dates_in("31/02/2026, 45/13/2026")) == []


def test_the_date_that_a_text_calls_its_own_goes_before_the_file_s() -> None:
    file_date = date(2020, 1, 1)
    labelled = guessed("Fecha de publicación: 14 de marzo de 2026", created=file_date).published
    spoken_of = guessed("La ley de 2 de enero de 1999 fue derogada.", created=file_date).published
    assert labelled is not None
    assert (labelled.value, labelled.origin) == (date(2026, 3, 14), Origin.GUESS)
    assert spoken_of is not None
    assert (spoken_of.value, spoken_of.origin) == (file_date, Origin.FORMAT)


@pytest.mark.parametrize(
    ("declared", "blocks", "title", "origin"),
    [
        ("El café en China", (), "El café en China", Origin.FORMAT),
        ("Microsoft Word - borrador.docx", (Block("Guía", BlockKind.HEADING, 1),), "Guía", Origin.GUESS),
        ("informe", (Block("Mercado ruso", BlockKind.HEADING, 2),), "Mercado ruso", Origin.GUESS),
        (None, (Block("Exportar a Italia"), Block("Texto.")), "Exportar a Italia", Origin.GUESS),
        (None, (Block("Este texto empieza sin título."),), "informe final", Origin.GUESS),
    ],
)
def test_titles(declared: str | None, blocks: tuple[Block, ...], title: str, origin: Origin) -> None:
    found = guess_title(
        ConvertedDocument("application/pdf", blocks, title=declared),
        "informe_final.pdf" if title == "informe final" else "informe.pdf",
    )
    assert (found.value, found.origin) == (title, origin)


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Informe de mercado: cacao en Rusia", Kind.MARKET_REPORT),
        ("Relatório de mercado de café", Kind.MARKET_REPORT),
        ("Market brief: leather in Italy", Kind.MARKET_REPORT),
        ("Cómo registrar la planta ante la GACC", Kind.KNOW_HOW),
        ("Lista de verificación para contenedores", Kind.KNOW_HOW),
        ("How to read a letter of credit", Kind.KNOW_HOW),
        ("Boletín interno", Kind.OTHER),
    ],
)
def test_kinds_by_title(title: str, kind: Kind) -> None:
    assert guessed("Texto cualquiera de una página.", title=title).kind.value is kind


def test_an_agreement_is_told_by_its_parties_and_articles() -> None:
    article = "Las Partes eliminarán sus aranceles. Las Partes se consultarán."
    assert guessed(*[article] * 12, title="Chile - Japón").kind.value is Kind.TRADE_AGREEMENT
    assert guessed(article, title="Chile - Japón").kind.value is Kind.OTHER
