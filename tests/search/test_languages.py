"""In which language somebody asks, however little."""

from __future__ import annotations

import pytest

from corpus.language import LanguageTeller
from corpus.search.languages import asked_in

TELLER = LanguageTeller()
LIBRARY = ("en", "es", "pt")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("cuero", "es"),
        ("couro", "pt"),
        ("leather", "en"),
        ("mantequilla", "es"),
        ("manteiga", "pt"),
        ("prazo", "pt"),
        ("кофе", "ru"),  # asked in a language that nothing is written in
        ("咖啡", "zh"),
        ("¿Qué documentos pide la aduana para exportar cuero?", "es"),
        ("Que documentos a alfândega pede para exportar couro?", "pt"),
        ("Sundverzollung der Ware bei der Einfuhr in die Schweiz", "de"),
    ],
)
def test_the_language_of_a_word_and_of_a_sentence(question: str, language: str) -> None:
    asked = asked_in(question, TELLER, LIBRARY)
    assert asked.language == language
    assert asked.perhaps == {language}


def test_a_word_of_several_languages_may_be_in_each() -> None:
    asked = asked_in("café", TELLER, LIBRARY)
    assert {"es", "pt"} <= asked.perhaps
    assert asked.language in {"es", "pt"}
    assert asked_in("café", TELLER, ("fr",)).language == "fr"


def test_what_no_lexicon_has_is_what_it_looks_like() -> None:
    asked = asked_in("0901.21", TELLER, LIBRARY)
    assert asked.perhaps == {asked.language}
