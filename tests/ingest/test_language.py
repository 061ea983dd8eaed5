from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from corpus.language import LanguageTeller, main_language

TELLER = LanguageTeller()

SAMPLES = {
    "es": "El exportador debe presentar el certificado de origen antes del despacho de la mercancía en la aduana.",
    "pt": "O exportador deve apresentar o certificado de origem antes do despacho da mercadoria na alfândega.",
    "en": "The exporter shall present the certificate of origin before the goods are released by customs.",
    "fr": "L'exportateur doit présenter le certificat d'origine avant le dédouanement des marchandises.",
    "ru": "Экспортёр обязан представить сертификат происхождения до выпуска товара таможней.",
    "zh": "出口商应当在海关放行货物之前提交原产地证书。",
    "de": "Der Ausführer muss das Ursprungszeugnis vor der Freigabe der Ware durch den Zoll vorlegen.",
    "it": "L'esportatore deve presentare il certificato di origine prima dello sdoganamento della merce.",
    "ja": "輸出者は、税関が貨物を引き渡す前に原産地証明書を提出しなければならない。",
}


@pytest.mark.parametrize(("language", "text"), SAMPLES.items())
def test_a_sentence_is_enough(language: str, text: str) -> None:
    told = TELLER.tell(text)
    assert told.language == language
    assert told.sure


def test_what_says_little_is_like_its_neighbours() -> None:
    assert TELLER.tell_all([SAMPLES["pt"], "Total: 42", "FOB", SAMPLES["pt"]]) == ["pt"] * 4


def test_the_nearer_neighbour_counts_and_of_two_the_earlier() -> None:
    found = TELLER.tell_all([SAMPLES["es"], "1", "2", "3", SAMPLES["en"]])
    assert found == ["es", "es", "es", "en", "en"]


def test_each_passage_of_a_mixed_document_has_its_own() -> None:
    assert TELLER.tell_all([SAMPLES["es"], SAMPLES["zh"], SAMPLES["en"]]) == ["es", "zh", "en"]


def test_what_somebody_says_helps_where_nothing_can_be_told_and_does_not_overrule_the_text() -> None:
    assert TELLER.tell_all(["0901.21", "42"], "pt") == ["pt", "pt"]
    assert TELLER.tell_all([SAMPLES["es"]], "en") == ["es"]


def test_only_configured_languages_where_no_others_are_named() -> None:
    assert LanguageTeller(("es", "pt"), ()).tell(SAMPLES["it"]).language in ("es", "pt")


def test_the_main_language_is_that_of_most_text() -> None:
    assert main_language(["es", "en", "en"], [1000, 10, 10]) == "es"
    assert main_language([], []) is None


@pytest.mark.parametrize(
    ("collection", "least"), [("faquad-pt", 0.999), ("pira-pt-en", 0.999), ("business-es-pt", 0.995)]
)
def test_accuracy_on_texts_whose_language_is_known(shared: Path, collection: str, least: float) -> None:
    with gzip.open(shared / "relevance" / collection / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        texts = [json.loads(line) for line in lines]
    right = sum(TELLER.tell(text["text"]).language == text["language"] for text in texts)
    assert right / len(texts) >= least
