"""Words as they are written."""

from __future__ import annotations

import pytest

from corpus.embedding.projection import CosineScale
from corpus.index.protocol import Candidate
from corpus.search.fusion import COMPARED, fuse, join_written, written_candidates
from corpus.search.written import share_written, written_words

SCALE = CosineScale(level=0.78, spread=0.025)


def _candidates(*languages: str) -> list[Candidate]:
    """The best first, close to each other."""
    return [
        Candidate(id_, f"d{id_}", 1, language, 0.90 - id_ / 1000, 10.0)
        for id_, language in enumerate(languages, start=1)
    ]


@pytest.mark.parametrize(
    ("question", "language", "expected"),
    [
        ("¿Qué exportadores piden la Licencia?", "es", ["exportadores", "piden", "licencia"]),
        ("café e Café", "pt", ["café"]),
        ("de la", "es", []),
        ("0901.21 snake_case", "en", ["0901", "21", "snake", "case"]),
    ],
)
def test_the_words_of_a_question(question: str, language: str, expected: list[str]) -> None:
    assert written_words(question, language) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("El exportador pide una licencia.", 1.0),
        ("Los exportadores piden LICENCIA", 0.5),  # another form is another word
        ("sublicencia, licencias, exportador_", 0.5),
        ("licenciatura y licencia: exportador", 1.0),  # what only begins like it is passed over
        ("", 0.0),
    ],
)
def test_the_share_that_stands_in_a_text(text: str, expected: float) -> None:
    assert share_written(["exportador", "licencia"], text) == expected


def test_of_no_words_none_stands() -> None:
    assert share_written([], "whatever") == 0.0


def test_who_has_the_very_words_goes_before_who_has_other_forms() -> None:
    fused = fuse(_candidates("es", "es", "es"), SCALE, 3)
    joined = join_written(fused, {1: 0.0, 2: 0.5, 3: 1.0})
    assert [each.candidate.passage_id for each in joined] == [3, 2, 1]
    assert [each.score for each in joined] == [each.score for each in fused]


def test_another_language_keeps_its_place() -> None:
    fused = fuse(_candidates("es", "pt", "es", "pt"), SCALE, 3)
    assert written_candidates(fused, "es") == [1, 3]
    joined = join_written(fused, {1: 0.0, 3: 1.0})
    assert [each.candidate.passage_id for each in joined] == [3, 2, 1, 4]


def test_what_is_far_ahead_stays_ahead() -> None:
    near, far = _candidates("es", "es")
    fused = fuse([near._replace(dense=0.99), far], SCALE, 3)
    assert [each.candidate.passage_id for each in join_written(fused, {1: 0.0, 2: 1.0})] == [1, 2]


def test_a_passage_that_is_gone_meanwhile_keeps_its_place() -> None:
    fused = fuse(_candidates("es", "es", "es"), SCALE, 3)
    assert [each.candidate.passage_id for each in join_written(fused, {1: 0.0, 3: 1.0})] == [3, 2, 1]
    assert join_written(fused, {}) == fused


def test_the_best_alone_are_compared_and_only_where_both_legs_were_asked() -> None:
    candidates = _candidates(*("es",) * (COMPARED + 4))
    fused = fuse(candidates, SCALE, 3)
    assert written_candidates(fused, "es") == list(range(1, COMPARED + 1))
    assert written_candidates(fuse([each._replace(sparse=None) for each in candidates], SCALE, 3), "es") == []
    assert written_candidates(fuse([each._replace(dense=None) for each in candidates], SCALE, 3), "es") == []
