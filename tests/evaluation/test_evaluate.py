"""Evaluating a searcher: means, pairs of languages, the worst questions; comparing two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from corpus.errors import BadInput
from corpus.evaluation.collection import Collection, CollectionPassage, Question
from corpus.evaluation.comparison import Run, compare, load_runs, save_runs
from corpus.evaluation.evaluate import Answer, Ranked, evaluate
from corpus.evaluation.significance import paired_randomisation_test

COLLECTION = Collection(
    "tiny",
    tuple(CollectionPassage(f"{n}-{language}", language, "", "x") for n in range(3) for language in ("es", "pt")),
    (Question("q0", "es", "cero"), Question("q1", "pt", "um"), Question("q2", "pt", "nada")),
    {"q0": {"0-es": 1, "0-pt": 1}, "q1": {"1-es": 1, "1-pt": 1}},
)


class Recorded:
    """Answers from a list. Whoever is told nothing is told that nothing was found."""

    def __init__(self, answers: Mapping[str, Sequence[str]]) -> None:
        self._answers = {"nada": [], **answers}

    def search(self, question: str, limit: int) -> Answer:
        passages = self._answers[question][:limit]
        ranking = tuple(Ranked(passage, -float(place)) for place, passage in enumerate(passages))
        return Answer(ranking, nothing_found=not ranking)


def test_a_pair_of_languages_leaves_the_other_relevant_passages_out() -> None:
    evaluation = evaluate(COLLECTION, Recorded({"cero": ["0-es", "0-pt"], "um": ["1-pt", "2-es", "1-es"]}))
    assert evaluation.by_pair[("es", "pt")]["P@1"] == 1.0  # 0-es, relevant too, does not stand in the way
    assert evaluation.by_pair[("pt", "es")]["MRR@10"] == 0.5  # 2-es, not relevant, does
    assert evaluation.by_pair[("pt", "pt")]["nDCG@10"] == 1.0
    assert evaluation.count(("es", "pt")) == 1
    assert evaluation.means["recall@10"] == 1.0


def test_questions_without_an_answer_do_not_count() -> None:
    evaluation = evaluate(COLLECTION, Recorded({"cero": ["0-es"], "um": []}))
    assert len(evaluation.answers) == 2
    assert evaluation.means["P@1"] == 0.5


def test_nothing_found_is_counted_where_it_is_wrong_and_missed_where_it_is_right() -> None:
    modest = evaluate(COLLECTION, Recorded({"cero": ["0-es"], "um": []}))
    assert (modest.lost, modest.false_answers, len(modest.unanswerable)) == (1, 0, 1)
    talkative = evaluate(COLLECTION, Recorded({"cero": ["0-es"], "um": ["1-pt"], "nada": ["2-es"]}))
    assert (talkative.lost, talkative.false_answers) == (0, 1)


def test_each_question_is_asked_once() -> None:
    asked = []

    class Counting(Recorded):
        def search(self, question: str, limit: int) -> Answer:
            asked.append(question)
            return super().search(question, limit)

    evaluate(COLLECTION, Counting({"cero": ["0-es"], "um": []}))
    assert asked == ["cero", "um", "nada"]


def test_the_worst_first() -> None:
    evaluation = evaluate(COLLECTION, Recorded({"cero": ["0-es", "0-pt"], "um": ["2-es", "1-pt"]}))
    assert [answer.question.id for answer in evaluation.worst(1)] == ["q1"]
    assert evaluation.worst(1)[0].ranking[0].passage_id == "2-es"


def test_a_run_written_down_is_the_same_run(tmp_path: Path) -> None:
    run = Run.of("tiny hybrid", evaluate(COLLECTION, Recorded({"cero": ["0-pt"], "um": ["2-pt", "1-es"]})))
    save_runs(tmp_path / "baseline.json", {run.name: run})
    assert load_runs(tmp_path / "baseline.json") == {"tiny hybrid": run}
    kept = (tmp_path / "baseline.json").read_text()
    assert "0-pt" not in kept  # a baseline is committed, a collection need not be ours
    assert "q1" not in kept


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 2}', '{"format": 99, "runs": {}}', '{"format": 2, "runs": {"a": 3}}']
)
def test_a_file_that_is_no_saved_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "baseline.json").write_text(content)
    with pytest.raises(BadInput) as caught:
        load_runs(tmp_path / "baseline.json")
    assert caught.value.code == "bad_baseline"


def test_a_comparison_says_how_much_and_how_surely() -> None:
    before = Run("tiny", "digest", (0.5,) * 40)
    better = Run("tiny", "digest", (0.6,) * 40)
    difference = compare(before, better)
    assert difference.change == pytest.approx(0.1)
    assert difference.p < 0.001
    assert not difference.has_fallen
    assert compare(better, before).has_fallen
    assert compare(before, before).p == 1.0
    for other in (Run("tiny", "digest", (0.5,)), Run("tiny", "another", (0.5,) * 40)):
        with pytest.raises(BadInput, match="same questions"):
            compare(before, other)


def test_chance_is_not_called_a_difference() -> None:
    up_and_down = [0.1, -0.1] * 20
    assert paired_randomisation_test([0.5] * 40, [0.5 + d for d in up_and_down]) == 1.0
    # Exact for three questions all up by the same: 2 of the 8 sign patterns are as extreme, p = 0.25.
    assert paired_randomisation_test([0, 0, 0], [1, 1, 1]) == pytest.approx(0.25, abs=0.02)
    with pytest.raises(ValueError, match="same questions"):
        paired_randomisation_test([1.0], [1.0, 2.0])
