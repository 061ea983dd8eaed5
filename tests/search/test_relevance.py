"""What is relevant at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from corpus.documents import Audience, Document, DocumentFacts, Passage
from corpus.embedding.projection import CosineScale, LanguageProjection
from corpus.index.bm25 import encode_query
from corpus.index.protocol import Candidate
from corpus.search.fusion import fuse
from corpus.search.relevance import Bar, named_countries, speaks_of_the_countries

SCALE = CosineScale(level=0.78, spread=0.025)
TYPICAL = np.array([0.78, 0.0, 0.0], dtype=np.float32)
PROJECTION = replace(LanguageProjection.identity(3), typical=TYPICAL, scale=SCALE)
QUESTION = np.array([1.0, 0.0, 0.0], dtype=np.float32)  # as near to everything as questions are
WORDS = encode_query("certificado fitosanitario arándanos", "es")


def _relevant(dense: float | None, sparse: float | None, *, bar: Bar | None = None, full: float | None = None) -> bool:
    bar = bar or Bar(PROJECTION, QUESTION, WORDS, "es")
    return bool(bar.relevant(fuse([Candidate(1, "d", 1, "es", dense, sparse)], SCALE, 3), full))


def test_near_in_meaning_is_enough() -> None:
    assert _relevant(0.90, 0.0)
    assert not _relevant(0.80, 0.0)


def test_words_help_where_meaning_is_not_sure() -> None:
    assert not _relevant(0.845, 0.0)
    assert _relevant(0.845, 12.0)


def test_all_of_the_words_are_enough_whatever_their_meaning() -> None:
    assert not _relevant(0.75, 3.0)
    assert _relevant(0.75, 3.0, full=4.0)
    assert _relevant(0.70, 30.0)


def test_a_question_near_to_everything_has_to_be_answered_nearer() -> None:
    general = Bar(replace(PROJECTION, typical=np.array([0.88, 0.0, 0.0], dtype=np.float32)), QUESTION, WORDS, "es")
    assert _relevant(0.86, 0.0)
    assert not _relevant(0.86, 0.0, bar=general)


@pytest.mark.parametrize(("sparse", "found"), [(0.0, False), (0.3, True)])
def test_where_only_words_were_asked_any_of_them_will_do(sparse: float, found: bool) -> None:
    assert _relevant(None, sparse, bar=Bar(PROJECTION, None, WORDS, "es")) is found


def test_without_words_meaning_decides() -> None:
    only_meaning = Bar(PROJECTION, QUESTION, None, "es")
    assert _relevant(0.90, None, bar=only_meaning)
    assert not _relevant(0.80, None, bar=only_meaning)


def test_words_together_help_more_than_words_apart() -> None:
    fused = fuse([Candidate(1, "d", 1, "es", 0.845, 3.0)], SCALE, 3)
    bar = Bar(PROJECTION, QUESTION, WORDS, "es")
    assert not bar.relevant(fused)
    assert bar.relevant([each._replace(neighbours=0.5) for each in fused])


def test_translated_words_together_help_less_than_the_words_themselves() -> None:
    fused = [each._replace(neighbours=0.5) for each in fuse([Candidate(1, "d", 1, "es", 0.825, 3.0)], SCALE, 3)]
    assert Bar(PROJECTION, QUESTION, WORDS, "es").relevant(fused)
    assert not Bar(PROJECTION, QUESTION, WORDS, "pt").relevant(fused)


def test_a_passage_in_another_language_is_not_held_to_the_questions_words() -> None:
    fused = fuse([Candidate(1, "d", 1, "es", 0.855, 0.0)], SCALE, 3)
    assert not Bar(PROJECTION, QUESTION, WORDS, "es").relevant(fused)
    assert Bar(PROJECTION, QUESTION, WORDS, "pt").relevant(fused)


def test_beside_an_answer_more_is_shown_than_would_be_one() -> None:
    near, less = Candidate(1, "d", 1, "es", 0.90, 0.0), Candidate(2, "d", 1, "es", 0.855, 0.0)
    bar = Bar(PROJECTION, QUESTION, WORDS, "es")
    assert len(bar.relevant(fuse([near, less], SCALE, 3))) == 2
    assert bar.relevant(fuse([less], SCALE, 3)) == []


def test_the_order_stays() -> None:
    fused = fuse([Candidate(n, "d", 1, "es", 0.95 - n / 50, 0.0) for n in range(8)], SCALE, 3)
    kept = Bar(PROJECTION, QUESTION, WORDS, "es").relevant(fused)
    assert 0 < len(kept) < 8
    assert kept == fused[: len(kept)]


def _found(text: str, *, language: str = "es", title: str = "Informe", countries: tuple[str, ...] = ()) -> bool:
    """Whether this passage, alone, speaks of the countries of a question about Japan and Germany."""
    named = named_countries("¿Exigen lo mismo en Japón que en Alemania?")
    facts = DocumentFacts(title=title, countries=countries)
    now = datetime(2026, 1, 1, tzinfo=UTC)
    document = Document("d", "alpha", Audience.cluster(), facts, now, now, 1)
    return speaks_of_the_countries(named, [(document, Passage(0, text, language))])


@pytest.mark.parametrize(
    "text", ["Alemania y Japón", "ALEMANIA, JAPÓN", "compradores japoneses en la UE", "Japan; German buyers"]
)
def test_countries_their_people_and_their_unions_are_spoken_of(text: str) -> None:
    assert _found(text)


@pytest.mark.parametrize("text", ["Lo mismo que en Francia", "En Alemania no", "alemanias y japos"])
def test_each_country_has_to_be_spoken_of(text: str) -> None:
    assert not _found(text)


def test_a_document_about_a_country_need_not_name_it_in_every_passage() -> None:
    assert _found("Se exige lo mismo.", countries=("JPN", "DEU"))
    assert _found("Se exige lo mismo.", title="Alemania y Japón")
    assert not _found("Se exige lo mismo.", countries=("JPN",))


def test_where_the_names_are_not_known_it_cannot_be_told() -> None:
    assert _found("日本和德国的要求相同。", language="zh")


def test_a_question_without_a_country_asks_for_none() -> None:
    assert named_countries("certificado fitosanitario para arándanos") == frozenset()
