"""How a question is read."""

from __future__ import annotations

from datetime import date

import pytest

from corpus.errors import BadInput
from corpus.index.protocol import Filters
from corpus.search.query import LONGEST_QUERY, Operator, both, parse_query


def test_plain_words_stay_as_they_are() -> None:
    parsed = parse_query("  ¿Cómo exportar café   a China? ")
    assert parsed.text == "¿Cómo exportar café a China?"
    assert parsed.operators == ()
    assert parsed.filters == Filters()


def test_everything_at_once_and_where_it_stood() -> None:
    typed = 'café "certificado de origen" -soluble empresa:runa-maki país:chn hs:0901.21 desde:2025-01-01'
    parsed = parse_query(typed)
    assert parsed.text == "café certificado de origen"
    assert parsed.phrases == ("certificado de origen",)
    assert parsed.left_out == ("soluble",)
    assert parsed.filters == Filters(
        organisations=("runa-maki",), countries=("CHN",), hs_codes=("090121",), published_from=date(2025, 1, 1)
    )
    assert [typed[each.start : each.end] for each in parsed.operators] == [
        '"certificado de origen"',
        "-soluble",
        "empresa:runa-maki",
        "país:chn",
        "hs:0901.21",
        "desde:2025-01-01",
    ]
    assert parsed.operators[0] == Operator("phrase", "certificado de origen", 5, 28)


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("x company:acme", Filters(organisations=("acme",))),
        ("x Empresa:acme", Filters(organisations=("acme",))),
        ('x organização:"acme"', Filters(organisations=("acme",))),
        ("x idioma:es lang:pt", Filters(languages=("es", "pt"))),
        ("x language:portugués", Filters(languages=("pt",))),
        ("x tipo:informe", Filters(kinds=("market_report",))),
        ("x kind:trade_agreement", Filters(kinds=("trade_agreement",))),
        ("x setor:coffee", Filters(sectors=("coffee",))),
        ("x hasta:2024-12-31", Filters(published_to=date(2024, 12, 31))),
    ],
)
def test_filters_in_three_languages(typed: str, filters: Filters) -> None:
    parsed = parse_query(typed)
    assert parsed.text == "x"
    assert parsed.filters == filters


@pytest.mark.parametrize(
    "typed",
    [
        "https://example.org/a",
        "Artículo 4: objeto",
        "nota:importante",
        "COVID-19",
        "cocoa - chocolate",
        "-5 grados",
        "empresa: runa",
        'pantalla de 15"',
        "e-mail",
    ],
)
def test_what_is_no_operator_stays_text(typed: str) -> None:
    parsed = parse_query(typed)
    assert parsed.text == typed
    assert parsed.operators == ()


@pytest.mark.parametrize("typed", ["", "   ", "?!", "\x00", "-café", "empresa:acme", '""'])
def test_nothing_to_look_for(typed: str) -> None:
    with pytest.raises(BadInput) as caught:
        parse_query(typed)
    assert caught.value.code == "empty_query"


def test_a_question_of_a_hundred_thousand_characters() -> None:
    with pytest.raises(BadInput) as caught:
        parse_query("a" * 100_000)
    assert caught.value.code == "query_too_long"
    assert parse_query("a " * (LONGEST_QUERY // 2)).text


@pytest.mark.parametrize("typed", ["café pais:Chile", "café hs:9", "café desde:ayer", "café tipo:poema"])
def test_a_wrong_value_is_said(typed: str) -> None:
    with pytest.raises(BadInput):
        parse_query(typed)


@pytest.mark.parametrize("quotes", ['"{}"', "“{}”", "«{}»"])
def test_phrases_and_words_left_out_know_neither_case_nor_accents(quotes: str) -> None:
    parsed = parse_query(f"leche {quotes.format('Régimen de Origen')} -cacao")
    assert parsed.reads_passages
    passages = {
        1: "Del regimen   de origen, capítulo 4",
        2: "El régimen del origen",
        3: "Régimen de origen del CACAO",
    }
    assert parsed.admitted(passages)[0] == {1}
    assert not parse_query("leche").reads_passages


@pytest.mark.parametrize(
    ("typed", "passage", "admitted"),
    [
        ("puerto -sal", "la salida del puerto", True),  # whole words
        ("puerto -sal", "sal en el puerto", False),
        ("vaso -origen", "el vaso de origenes", True),
        ("договор -пошлина", "Пошлина по договору", False),
        ("сертификат -происхождения", "Сертификат  происхождения, форма А", False),
        ("证书 -原产地证书", "应当提交原产地证书。", False),  # a script that does not part words
        ("芒果 -檢疫", "芒果需要檢疫證書", False),
    ],
)
def test_words_left_out_are_whole_words_where_there_are_words(typed: str, passage: str, admitted: bool) -> None:
    assert (parse_query(typed).admitted({1: passage})[0] == {1}) is admitted


PASSAGES = {
    1: "El certificado de origen y la guía de embarque.",
    2: "El certificado de origen, sellado.",
    3: "Una guía de embarque.",
    4: "原产地证书",
}


@pytest.mark.parametrize(
    ("typed", "admitted", "applied"),
    [
        ('"certificado de origen"', {1, 2}, [True]),
        ('"certificado de origen" "guía de embarque"', {1}, [True, True]),
        ('"原产地证书"', {4}, [True]),
        ('"certificate of origin"', {1, 2, 3, 4}, [False]),  # it stands nowhere
        ('"certificate of origin" -sellado', {1, 3, 4}, [False, True]),
        ('"certificate of origin" "guía de embarque"', {1, 3}, [False, True]),
        ('"certificado de origen, sellado" "guía de embarque"', {1, 2, 3, 4}, [False, False]),  # never together
        ('"guía de embarque" -origen', {3}, [True, True]),
    ],
)
def test_a_phrase_that_stands_nowhere_is_not_asked_for_and_that_is_told(
    typed: str, admitted: set[int], applied: list[bool]
) -> None:
    found, taken = parse_query(typed).admitted(PASSAGES)
    assert found == admitted
    assert [operator.applied for operator in taken.operators] == applied


def test_filters_beside_and_in_the_question_narrow_each_other() -> None:
    asked = Filters(languages=("es", "pt"), published_from=date(2024, 1, 1))
    typed = Filters(languages=("pt", "en"), countries=("CHN",), published_from=date(2025, 1, 1))
    assert both(asked, typed) == Filters(languages=("pt",), countries=("CHN",), published_from=date(2025, 1, 1))
    assert both(Filters(languages=("es",)), Filters(languages=("en",))) is None
    assert both(asked, Filters()) == asked
