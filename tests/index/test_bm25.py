"""The word index: what matches what, and how much."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from corpus.index.bm25 import encode_passage, encode_query
from corpus.index.cognates import key
from corpus.index.protocol import SparseVector
from corpus.index.stopwords import STOPWORDS
from corpus.index.terms import terms


def _shared(query: SparseVector, passage: SparseVector) -> float:
    """The score without IDF."""
    _, of_query, of_passage = np.intersect1d(query.indices, passage.indices, return_indices=True)
    return float(query.values[of_query] @ passage.values[of_passage])


def _matches(question: str, asked_in: str, text: str, written_in: str) -> bool:
    return _shared(encode_query(question, asked_in), encode_passage(text, written_in)) > 0


@pytest.mark.parametrize(
    ("question", "asked_in", "text", "written_in"),
    [
        ("certificación", "es", "Los certificados se emiten en línea.", "es"),
        ("exportações", "pt", "Quem exporta precisa de registro.", "pt"),
        ("tariffs", "en", "The tariff is 4 %.", "en"),
        ("пошлины", "ru", "Ставка пошлины составляет 5 %.", "ru"),
        ("原产地证书", "zh", "出口商应当申请原产地证明。", "zh"),
        ("EXPORTACION", "es", "La exportación de café", "es"),  # neither accents nor case matter
    ],
)
def test_forms_of_a_word(question: str, asked_in: str, text: str, written_in: str) -> None:
    assert _matches(question, asked_in, text, written_in)


@pytest.mark.parametrize(
    "relatives",
    [
        {"es": "importaciones", "pt": "importações", "en": "imports", "fr": "importation", "ru": "импорт"},
        {"es": "calidad", "pt": "qualidade", "en": "quality", "fr": "qualité", "it": "qualità"},
        {"es": "información", "pt": "informação", "en": "information", "fr": "informations"},
        {"es": "contrato", "pt": "contratos", "en": "contracts", "fr": "contrat", "ru": "контракт"},
        {"es": "preferencia", "pt": "preferências", "en": "preferences", "fr": "préférence"},
        {"es": "producto", "pt": "produto", "en": "product"},
    ],
)
def test_relatives_in_other_languages_meet(relatives: dict[str, str]) -> None:
    for asked_in, question in relatives.items():
        for written_in, text in relatives.items():
            assert _matches(question, asked_in, text, written_in), (question, text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("HS 0901.21", "090121"),
        ("0901.21.00", "09012100"),
        ("090121", "la subpartida 0901.21.00"),
        ("0901", "partida 090121"),
        ("ISO 9001", "ISO-9001"),
        ("iso9001", "ISO 9001"),
        ("TransferOrder", "transfer_order"),
        ("1,234,567", "1.234.567"),
        ("3200", "3.200 euros"),
        ("GACC", "El GACC registra"),
        ("ley 19210", "UY-ley-19210"),
    ],
)
def test_codes_and_numbers_match_however_they_are_written(one: str, other: str) -> None:
    assert _matches(one, "en", other, "es")
    assert _matches(other, "es", one, "en")


def test_a_code_matches_more_the_more_of_it_is_there() -> None:
    question = encode_query("0901.21", "es")
    assert _shared(question, encode_passage("HS 090121", "en")) > _shared(question, encode_passage("HS 090190", "en"))


@pytest.mark.parametrize("text", ["Artículo 4.13", "Artigo 4.13", "Article 4.13", "art. 4.13", "Статья 4.13"])
def test_an_article_is_found_by_its_number_in_any_language(text: str) -> None:
    assert "§4.13" in terms(text, "es")
    exact = _shared(encode_query("Artículo 4.13", "es"), encode_passage(text, "en"))
    assert exact > _shared(encode_query("Artículo 4.13", "es"), encode_passage("4 personas y 13 mesas", "es"))


@pytest.mark.parametrize(
    ("text", "number"), [("第四条", 4), ("第十二条", 12), ("第二十三条", 23), ("第一百零五条", 105), ("第7条", 7)]
)
def test_chinese_article_numbers(text: str, number: int) -> None:
    assert f"§{number}" in terms(text, "zh")


@pytest.mark.parametrize("language", STOPWORDS)
def test_stopwords_are_left_out_of_passages_and_questions(language: str) -> None:
    text = " ".join(sorted(STOPWORDS[language]))
    assert len(encode_passage(text, language).indices) == 0
    assert len(encode_query(text, language).indices) == 0


def test_a_question_in_no_known_language_loses_its_stopwords_too() -> None:
    assert list(encode_query("the de la que", "und").indices) == []


@pytest.mark.parametrize("text", ["", "   ", "!!! ... ---", "\x00", "a" * 10_000, "._-" * 500, "第条", "§"])
def test_odd_texts_are_encoded_all_the_same(text: str) -> None:
    for encode in (encode_passage, encode_query):
        vector = encode(text, "es")
        assert len(vector.indices) == len(vector.values) == len(set(vector.indices.tolist()))
        assert np.isfinite(vector.values).all()


def test_often_counts_more_and_length_less() -> None:
    question = encode_query("cacao", "es")
    filler = "palta quinua alpaca " * 20
    once = _shared(question, encode_passage("cacao", "es"))
    twice = _shared(question, encode_passage("cacao cacao", "es"))
    long = _shared(question, encode_passage("cacao " + filler, "es"))
    assert twice > once > long > 0


def test_types_and_order() -> None:
    for vector in (encode_passage("café de Nariño 0901.21", "es"), encode_query("café 0901.21", "es")):
        assert vector.indices.dtype == np.uint32
        assert vector.values.dtype == np.float32
        assert (np.diff(vector.indices.astype(np.int64)) > 0).all()


def test_a_question_of_thousands_of_words_is_bounded() -> None:
    question = " ".join(f"palabra{number}" for number in range(5_000))
    assert len(encode_query(question, "es").indices) == 200


def test_the_same_in_every_process() -> None:
    program = (
        "from corpus.index.bm25 import encode_passage as e; v = e('Exportación de café 0901.21, Artículo 4', 'es');"
        "print(v.indices.tolist(), v.values.tolist())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert "[" in outputs.pop()


def test_short_words_keep_apart() -> None:
    assert key("sal", "es") != key("sol", "es")
    assert key("uva", "es") != key("uso", "es")
    assert key("vino", "es") != key("vaca", "es")


def test_threads_do_not_get_each_others_stems(monkeypatch: pytest.MonkeyPatch) -> None:
    """With stemmers in Python, which a change of threads can interrupt in the middle of a word."""
    from concurrent.futures import ThreadPoolExecutor

    import snowballstemmer
    from snowballstemmer.portuguese_stemmer import PortugueseStemmer
    from snowballstemmer.spanish_stemmer import SpanishStemmer

    from corpus.index import cognates

    in_python = {"spanish": SpanishStemmer, "portuguese": PortugueseStemmer}
    monkeypatch.setattr(snowballstemmer, "stemmer", lambda language: in_python[language]())
    monkeypatch.setattr(cognates, "_stemmers", cognates._Stemmers())
    stems = ("exporta", "certific", "arancel", "despach", "declar", "mercanc", "negoci", "import")
    words = [f"{stem}{ending}" for stem in stems for ending in ("ciones", "amientos", "ados", "ería", "aban", "ando")]
    expected = [cognates.key.__wrapped__(word, "es") for word in words]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            found = list(threads.map(lambda word: cognates.key.__wrapped__(word, "es"), words * 100))
    finally:
        sys.setswitchinterval(before)
    assert found == expected * 100
