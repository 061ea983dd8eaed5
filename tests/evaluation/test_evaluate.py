"""Evaluating a searcher: means, pairs of languages, the worst questions; comparing two runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from corpus.errors import BadInput
from corpus.evaluation.collection import Collection, CollectionPassage, Question
from corpus.evaluation.comparison import Run, compare, load_runs, save_runs
from corpus.evaluation.evaluate import Ranked, evaluate
from corpus.evaluation.significance import paired_randomisation_test

COLLECTION = Collection(
    "tiny",
    tuple(CollectionPassage(f"{n}-{language}", language, "", "x") for n in range(3) for language in ("es", "pt")),
    (Question("q0", "es", "cero"), Question("q1", "pt", "um"), Question("q2", "pt", "nada")),
    {"q0": {"0-es": 1, "0-pt": 1}, "q1": {"1-es": 1, "1-pt": 1}},
)


class Recorded:
    """Answers from a list."""

    def __init__(self, answers: Mapping[str, Sequence[str]]) -> None:
        self._answers = answers

    def search(self, question: str, limit: int) -> list[Ranked]:
        return [Ranked(passage, -float(place)) for place, passage in enumerate(self._answers[question][:limit])]


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


def test_the_worst_first() -> None:
    evaluation = evaluate(COLLECTION, Recorded({"cero": ["0-es", "0-pt"], "um": ["2-es", "1-pt"]}))
    assert [answer.question.id for answer in evaluation.worst(1)] == ["q1"]
    assert evaluation.worst(1)[0].ranking[0].passage_id == "2-es"


def test_a_run_written_down_is_the_same_run(tmp_path: Path) -> None:
    run = Run.of(evaluate(COLLECTION, Recorded({"cero": ["0-pt"], "um": ["2-pt", "1-es"]})))
    save_runs(tmp_path / "baseline.json", {run.collection: run})
    assert load_runs(tmp_path / "baseline.json") == {"tiny": run}


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": 1}', '{"format": 99, "runs": {}}', '{"format": 1, "runs": {"a": 3}}']
)
def test_a_file_that_is_no_saved_run(tmp_path: Path, content: str) -> None:
    (tmp_path / "baseline.json").write_text(content)
    with pytest.raises(BadInput) as caught:
        load_runs(tmp_path / "baseline.json")
    assert caught.value.code == "bad_baseline"


def test_a_comparison_says_how_much_and_how_surely() -> None:
    before = Run("tiny", {"nDCG@10": {f"q{i}": 0.5 for i in range(40)}})
    better = Run("tiny", {"nDCG@10": {f"q{i}": 0.6 for i in range(40)}})
    difference = compare(before, better)
    assert difference.change == pytest.approx(0.1)
    assert difference.p < 0.001
    assert compare(before, before).p == 1.0
    with pytest.raises(BadInput, match="same questions"):
        compare(before, Run("tiny", {"nDCG@10": {"q0": 0.5}}))


def test_chance_is_not_called_a_difference() -> None:
    up_and_down = [0.1, -0.1] * 20
    assert paired_randomisation_test([0.5] * 40, [0.5 + d for d in up_and_down]) == 1.0
    # Exact for three questions all up by the same: 2 of the 8 sign patterns are as extreme, p = 0.25.
    assert paired_randomisation_test([0, 0, 0], [1, 1, 1]) == pytest.approx(0.25, abs=0.02)
    with pytest.raises(ValueError, match="same questions"):
        paired_randomisation_test([1.0], [1.0, 2.0])
