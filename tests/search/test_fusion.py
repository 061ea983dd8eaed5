"""Words and meaning in one order."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.embedding.projection import CosineScale
from corpus.index.bm25 import term_id
from corpus.index.protocol import Candidate
from corpus.search.fusion import fuse, join_neighbours, join_siblings, neighbour_candidates, sibling_candidates

SCALE = CosineScale(level=0.78, spread=0.025)


def _candidate(id_: int, dense: float | None, sparse: float | None, language: str = "es") -> Candidate:
    return Candidate(id_, f"d{id_}", 1, language, dense, sparse)


def _order(candidates: list[Candidate]) -> list[int]:
    return [fused.candidate.passage_id for fused in fuse(candidates, SCALE, 1)]


def test_no_candidates() -> None:
    assert fuse([], SCALE, 1) == []
    assert join_siblings([], {}, SCALE) == []


def test_where_no_word_occurs_meaning_decides_alone() -> None:
    assert _order([_candidate(1, 0.84, 0.0), _candidate(2, 0.86, 0.0), _candidate(3, 0.85, 0.0)]) == [2, 3, 1]


def test_words_decide_between_passages_alike_in_meaning() -> None:
    assert _order([_candidate(1, 0.860, 2.0), _candidate(2, 0.858, 14.0)]) == [2, 1]


def test_meaning_overrules_a_chance_match() -> None:
    assert _order([_candidate(1, 0.93, 0.0), _candidate(2, 0.85, 3.0)]) == [1, 2]


def test_words_count_for_less_where_even_the_best_has_few_of_them() -> None:
    chance = [_candidate(1, 0.850, 4.0), _candidate(2, 0.875, 0.0)]
    assert [each.candidate.passage_id for each in fuse(chance, SCALE, 1)] == [1, 2]  # half of a rare word
    assert [each.candidate.passage_id for each in fuse(chance, SCALE, 10)] == [2, 1]  # a twentieth of ten


def test_only_the_legs_that_were_asked_count() -> None:
    only_words = [_candidate(1, None, 3.0), _candidate(2, None, 9.0)]
    assert _order(only_words) == [2, 1]
    assert not any(fused.by_meaning for fused in fuse(only_words, SCALE, 1))
    only_meaning = [_candidate(1, 0.8, None), _candidate(2, 0.9, None)]
    assert _order(only_meaning) == [2, 1]
    assert not any(fused.by_words for fused in fuse(only_meaning, SCALE, 1))


def test_the_best_of_another_language_is_not_held_against_words_it_cannot_have() -> None:
    same = _candidate(1, 0.85, 10.0, "es")
    other = _candidate(2, 0.87, 6.0, "pt")  # the best in Portuguese, nearer in meaning
    assert _order([same, other]) == [2, 1]
    assert _order([same, _candidate(2, 0.87, 6.0, "es")]) == [1, 2]  # in Spanish, its words would count for less


def test_a_language_in_which_next_to_nothing_matches_is_not_lifted() -> None:
    assert _order([_candidate(1, 0.85, 10.0, "es"), _candidate(2, 0.86, 0.5, "ru")]) == [1, 2]


def test_equal_scores_keep_one_order() -> None:
    candidates = [_candidate(id_, 0.85, 1.0) for id_ in (3, 1, 2)]
    assert _order(candidates) == _order(candidates[::-1]) == [1, 2, 3]


def test_why() -> None:
    by_word, by_meaning = fuse([_candidate(1, 0.80, 20.0), _candidate(2, 0.86, 0.0)], SCALE, 1)
    if by_word.candidate.passage_id == 2:
        by_word, by_meaning = by_meaning, by_word
    assert (by_word.by_words, by_word.by_meaning) == (True, False)
    assert (by_meaning.by_words, by_meaning.by_meaning) == (False, True)


def _at_cosine(cosine: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    return (
        np.array([1.0, 0.0], dtype=np.float32),
        np.array([cosine, np.sqrt(1 - cosine**2)], dtype=np.float32),
    )


@pytest.mark.parametrize(("cosine", "language", "expected"), [(0.98, "pt", [1, 3, 2]), (0.98, "es", [1, 2, 3])])
def test_the_translation_of_the_best_follows_it(cosine: float, language: str, expected: list[int]) -> None:
    candidates = [_candidate(1, 0.90, 12.0), _candidate(2, 0.86, 2.0, "pt"), _candidate(3, 0.84, 0.0, language)]
    fused = fuse(candidates, SCALE, 1)
    assert sibling_candidates(fused) == [1, 2, 3]
    best, sibling = _at_cosine(cosine)
    unrelated = np.array([0.0, 1.0], dtype=np.float32)
    joined = join_siblings(fused, {1: best, 2: unrelated, 3: sibling}, SCALE)
    assert [each.candidate.passage_id for each in joined] == expected


def test_a_translation_shares_in_what_words_side_by_side_brought() -> None:
    candidates = [_candidate(1, 0.86, 12.0), _candidate(2, 0.86, 12.0), _candidate(3, 0.84, 0.0, "pt")]
    fused = fuse(candidates, SCALE, 1)
    best, sibling = _at_cosine(0.98)
    vectors = {1: best, 2: np.array([0.0, 1.0], dtype=np.float32), 3: sibling}
    of_translation = [
        next(each.score for each in join_siblings(told, vectors, SCALE) if each.candidate.passage_id == 3)
        for told in (fused, join_neighbours(fused, *_read("a b", {1: "a b"})))
    ]
    assert of_translation[1] > of_translation[0] + 1


def test_a_related_passage_in_another_language_is_no_sibling() -> None:
    fused = fuse([_candidate(1, 0.90, 12.0), _candidate(2, 0.86, 2.0), _candidate(3, 0.85, 0.0, "pt")], SCALE, 1)
    best, related = _at_cosine(0.88)
    joined = join_siblings(fused, {1: best, 2: related, 3: related}, SCALE)
    assert [each.candidate.passage_id for each in joined] == [each.candidate.passage_id for each in fused]


def test_no_vectors_are_asked_for_where_there_is_one_language_or_no_meaning() -> None:
    assert sibling_candidates(fuse([_candidate(1, 0.9, 1.0), _candidate(2, 0.8, 1.0)], SCALE, 1)) == []
    assert sibling_candidates(fuse([_candidate(1, None, 1.0), _candidate(2, None, 1.0, "pt")], SCALE, 1)) == []


def test_a_passage_gone_meanwhile_keeps_its_place() -> None:
    fused = fuse([_candidate(1, 0.90, 12.0), _candidate(2, 0.86, 2.0, "pt")], SCALE, 1)
    assert join_siblings(fused, {}, SCALE) == fused


def _read(asked: str, found: dict[int, str]) -> tuple[list[int], dict[int, NDArray[np.uint32]]]:
    """Terms as they stand in a sparse vector."""
    ids = {id_: np.array([term_id(term) for term in text.split()], np.uint32) for id_, text in found.items()}
    return [term_id(term) for term in asked.split()], ids


def test_words_side_by_side_as_in_the_question_bring_a_passage_forward() -> None:
    fused = fuse([_candidate(1, 0.860, 12.0), _candidate(2, 0.855, 12.0)], SCALE, 3)
    assert neighbour_candidates(fused) == [1, 2]
    apart, together = "cafe a b c d certif e f g h origen", "x certif origen y cafe"
    joined = join_neighbours(fused, *_read("certif origen cafe", {1: apart, 2: together}))
    assert [each.candidate.passage_id for each in joined] == [2, 1]


@pytest.mark.parametrize("asked", ["", "cafe", "cafe cafe"])
def test_a_question_of_one_word_has_no_neighbours(asked: str) -> None:
    fused = fuse([_candidate(1, 0.860, 12.0), _candidate(2, 0.855, 12.0)], SCALE, 1)
    assert join_neighbours(fused, *_read(asked, {1: "", 2: "cafe cafe"})) == fused


def test_nothing_is_read_where_one_leg_was_asked_or_no_word_occurs() -> None:
    for candidates in ([_candidate(1, None, 9.0)], [_candidate(1, 0.9, None)], [_candidate(1, 0.9, 0.0)], []):
        assert neighbour_candidates(fuse(candidates, SCALE, 1)) == []
