"""A question's words in the other languages."""

from __future__ import annotations

import numpy as np
import pytest

from corpus.index.bm25 import encode_passage, encode_query, term_ids
from corpus.index.passage_words import PassageWords
from corpus.index.stopwords import STOPWORDS
from corpus.index.terms import is_code, terms
from corpus.index.translations import LANGUAGES, WEIGHT, lexicon_rows, translate

SAME = {
    "en": "customs clearance of dairy goods",
    "es": "despacho de mercancías lácteas en la aduana",
    "pt": "desembaraço de mercadorias de laticínios na alfândega",
    "fr": "dédouanement des marchandises laitières",
    "ru": "таможенное оформление молочных товаров",
    "zh": "海关放行牛奶货物",
}


@pytest.mark.parametrize("asked_in", LANGUAGES)
@pytest.mark.parametrize("written_in", LANGUAGES)
def test_languages_that_share_no_spelling_meet(asked_in: str, written_in: str) -> None:
    if asked_in == written_in:
        return
    question = translate(SAME[asked_in], asked_in, LANGUAGES).added_to(encode_query(SAME[asked_in], asked_in))
    passage = encode_passage(SAME[written_in], written_in)
    assert np.intersect1d(question.indices, passage.indices).size >= 2


def test_only_the_languages_that_were_named() -> None:
    assert translate("arancel aduanero", "es", {"pt", "es", "it"}).by_language.keys() == {"pt"}
    assert not translate("arancel aduanero", "es", ()).by_language
    assert not translate("dogana", "it", LANGUAGES).by_language


def test_what_was_asked_weighs_more_than_what_it_is_called_elsewhere() -> None:
    own = encode_query("arancel", "es")
    both = translate("arancel", "es", {"en"}).added_to(own)
    weights = dict(zip(both.indices.tolist(), both.values.tolist(), strict=True))
    assert {weights.pop(term) for term in own.indices.tolist()} == {1.0}
    assert weights
    assert set(weights.values()) == {WEIGHT}
    assert both.indices.tolist() == sorted(both.indices.tolist())


def test_a_word_that_is_the_same_elsewhere_is_not_asked_twice() -> None:
    own = encode_query("certificado", "es")
    both = translate("certificado", "es", {"pt", "en"}).added_to(own)
    assert both.indices.tolist() == own.indices.tolist()


def test_a_passage_is_read_in_the_words_of_the_question() -> None:
    translated = translate("arancel de la leche", "es", {"pt"})
    found = PassageWords.of("a tarifa do leite", "pt").terms
    assert translated.as_asked(found, "pt").tolist() == list(term_ids("arancel leche", "es"))
    assert translated.as_asked(found, "fr").tolist() == found.tolist()


def test_a_long_question_stays_a_question() -> None:
    text = " ".join(word for cells in lexicon_rows() for word in cells["es"])
    own = encode_query(text, "es")
    assert translate(text, "es", LANGUAGES).added_to(own).indices.size <= 400


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_of_the_lexicon_can_be_asked_and_found(language: str) -> None:
    for cells in lexicon_rows():
        for word in cells[language]:
            found = terms(word, language, STOPWORDS.get(language))
            assert len(found) == 1, (language, word)
            assert not is_code(found[0])


def test_every_row_of_the_lexicon_joins_languages() -> None:
    for cells in lexicon_rows():
        assert sum(map(bool, cells.values())) > 1, cells
        assert all(len(set(words)) == len(words) for words in cells.values()), cells
        assert not any("|" in word or word != word.lower() for words in cells.values() for word in words), cells
