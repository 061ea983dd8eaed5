"""What every embedder promises, over each of them."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from corpus.embedding.embedder import Embedder
from corpus.embedding.projection import CALIBRATION_LANGUAGES, calibration_texts

from .conftest import with_extra

TEXTS = [
    "El certificado fitosanitario se pide antes de embarcar la fruta.",
    "中国进口乳制品须由海关总署注册的企业生产。",
    "Pago.",
    "Срок рассмотрения заявки составляет тридцать рабочих дней со дня подачи полного комплекта документов.",
    "O conhecimento de embarque deve trazer o número do contêiner, o peso bruto e o porto de destino; sem eles, "
    "a alfândega não libera a carga e o armazém cobra por dia.",
    "☕🚢 Café de altura, SCA 86+",
]
ODD = {
    "empty": "",
    "blank": " \n\t\u3000 ",
    "nul": "a\x00b\x00",
    "lone surrogates": "caf\ud83d \udc00é",
    "control characters": "\x01\x02\x7f\x85",
    "unassigned and private": "\U000e0001 \uf8ff \u0378",
    "one word of 100,000 letters": "x" * 100_000,
    "100,000 characters without a space": "海" * 100_000,
    "100,000 characters": "arancel " * 12_500,
}


def test_vectors_are_unit_rows_in_the_order_of_the_texts(embedder: Embedder) -> None:
    found = embedder.embed_passages(TEXTS)
    assert found.shape == (len(TEXTS), embedder.identity.dimensions)
    assert found.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
    backwards = embedder.embed_passages(TEXTS[::-1])[::-1]
    assert (np.sum(found * backwards, axis=1) > 0.9999).all()
    assert np.sum(found * np.roll(found, 1, axis=0), axis=1).max() < 0.95


def test_a_question_is_one_unit_vector(embedder: Embedder) -> None:
    found = embedder.embed_query(TEXTS[0])
    assert found.shape == (embedder.identity.dimensions,)
    assert found.dtype == np.float32
    assert np.linalg.norm(found) == pytest.approx(1, abs=1e-5)


def test_a_question_is_not_embedded_as_a_passage(embedder: Embedder) -> None:
    assert embedder.embed_query(TEXTS[0]) @ embedder.embed_passages(TEXTS[:1])[0] < 0.999


def test_no_passages_give_no_rows(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, embedder.identity.dimensions)


def test_a_text_has_the_same_vector_alone_and_in_company(embedder: Embedder) -> None:
    together = embedder.embed_passages([*TEXTS, "arancel " * 600])
    alone = np.concatenate([embedder.embed_passages([text]) for text in TEXTS])
    assert np.sum(together[: len(TEXTS)] * alone, axis=1).min() > 0.9999


def test_the_same_text_has_the_same_vector_every_time(embedder: Embedder) -> None:
    np.testing.assert_array_equal(embedder.embed_passages(TEXTS), embedder.embed_passages(TEXTS))
    np.testing.assert_array_equal(embedder.embed_query(TEXTS[0]), embedder.embed_query(TEXTS[0]))


def test_a_passage_is_cut_after_max_tokens_and_not_before(embedder: Embedder) -> None:
    text = " ".join(TEXTS) * 20
    ends = [end for _, end in embedder.token_offsets(text)]
    assert len(ends) > embedder.max_tokens > 400
    fits, shorter = text[: ends[embedder.max_tokens - 1]], text[: ends[embedder.max_tokens - 2]]
    whole, cut, less = embedder.embed_passages([text, fits, shorter])
    assert whole @ cut > 0.9999
    assert whole @ cut > whole @ less


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_odd_texts_have_vectors_like_any_other(embedder: Embedder, text: str) -> None:
    vectors = [*embedder.embed_passages([text, TEXTS[0]]), embedder.embed_query(text)]
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    offsets = embedder.token_offsets(text)
    assert all(0 <= start <= end <= len(text) for start, end in offsets)
    assert [start for start, _ in offsets] == sorted(start for start, _ in offsets)


@pytest.mark.parametrize("text", TEXTS)
def test_tokens_cover_every_letter_of_a_text(embedder: Embedder, text: str) -> None:
    covered = {place for start, end in embedder.token_offsets(text) for place in range(start, end)}
    assert [letter for place, letter in enumerate(text) if place not in covered and not letter.isspace()] == []


def test_offsets_count_characters_also_past_those_that_are_dropped(embedder: Embedder) -> None:
    text = "\x00\ud800 ½ cafe\u0301 café"
    start, end = embedder.token_offsets(text)[-1]
    assert text[start:end].strip() == "café"


def test_a_question_is_nearest_to_the_passage_that_answers_it(embedder: Embedder) -> None:
    passages = embedder.embed_passages(TEXTS)
    for question, answer in {
        "¿Qué datos lleva el conocimiento de embarque?": 4,
        "сколько дней рассматривают заявку": 3,
        "¿Qué papel sanitario necesita la fruta?": 0,
        "谁可以向中国出口奶制品？": 1,
    }.items():
        assert int(np.argmax(passages @ embedder.embed_query(question))) == answer, question


def test_threads_may_ask_while_another_embeds_passages(embedder: Embedder) -> None:
    alone = [embedder.embed_query(text) for text in TEXTS]
    together = embedder.embed_passages(TEXTS * 2)
    start = threading.Barrier(5)

    def ask() -> list[np.ndarray]:
        start.wait()
        return [embedder.embed_query(text) for text in TEXTS]

    def embed() -> np.ndarray:
        start.wait()
        return embedder.embed_passages(TEXTS * 2)

    with ThreadPoolExecutor(5) as threads:
        asked, embedded = [threads.submit(ask) for _ in range(4)], threads.submit(embed)
        for answers in asked:
            np.testing.assert_array_equal(answers.result(), alone)
        np.testing.assert_array_equal(embedded.result(), together)


@with_extra
def test_both_embedders_agree_on_every_language(ours: Embedder, reference: Embedder) -> None:
    for language in CALIBRATION_LANGUAGES:
        passages, questions = calibration_texts("passages", language)[:8], calibration_texts("questions", language)[:5]
        cosines = np.sum(ours.embed_passages(passages) * reference.embed_passages(passages), axis=1)
        assert cosines.mean() > 0.9985, language
        cosines = np.array([ours.embed_query(text) @ reference.embed_query(text) for text in questions])
        assert cosines.mean() > 0.998, language
    assert ours.max_tokens == reference.max_tokens
    for text in TEXTS:  # where a token is a space alone, they differ in where it ends
        assert [start for start, _ in ours.token_offsets(text)] == [start for start, _ in reference.token_offsets(text)]


@with_extra
def test_models_differ_in_identity(ours: Embedder, reference: Embedder) -> None:
    assert ours.identity.digest != reference.identity.digest
