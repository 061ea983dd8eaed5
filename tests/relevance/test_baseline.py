"""No collection falls by more than 0.01 nDCG@10 below what was committed, nor hybrid below the better of its parts.

``baseline.json`` is written by the command in docs/relevance.md; it holds a number for each question, and no text. The
parts are the committed ones: they are asked again when a new baseline is written.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from corpus.evaluation.collection import load_collection
from corpus.evaluation.comparison import Run, compare, load_runs
from corpus.evaluation.evaluate import Evaluation, evaluate
from corpus.search.results import Mode
from search_api.cli.demo import samples_folder
from search_api.evaluation.collections import indexed
from search_api.evaluation.documents import ingested
from search_api.evaluation.searcher import Searched

HERE = Path(__file__).parent
BASELINE = load_runs(HERE / "baseline.json")
BETTER_PART = 0.005


def _has_not_fallen(source: AbstractContextManager[Searched]) -> Evaluation:
    with source as searched:
        hybrid = evaluate(searched.collection, searched.searcher(Mode.HYBRID), depth=10)
    run = Run.of(f"{searched.collection.name} hybrid", hybrid)
    difference = compare(BASELINE[run.name], run)
    assert not difference.has_fallen, difference
    parts = [BASELINE.get(f"{searched.collection.name} {part.value}") for part in (Mode.SEMANTIC, Mode.KEYWORD)]
    assert all(run.mean >= part.mean - BETTER_PART for part in parts if part is not None)
    return hybrid


@pytest.mark.timeout(1200)
def test_our_own_questions() -> None:
    hybrid = _has_not_fallen(ingested(HERE / "samples" / "questions.jsonl", samples_folder()))
    assert hybrid.lost <= 0.04 * len(hybrid.answers)


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("pira-pt-en", marks=pytest.mark.timeout(1200)),
        pytest.param("faquad-pt", marks=[pytest.mark.slow, pytest.mark.timeout(1200)]),
        pytest.param("business-es-pt", marks=[pytest.mark.slow, pytest.mark.timeout(3600)]),
    ],
)
def test_a_collection_that_is_not_ours(name: str, shared: Path) -> None:
    folder = shared / "relevance" / name
    if not folder.is_dir():
        pytest.skip(f"the collection {name} is not here")
    hybrid = _has_not_fallen(indexed(load_collection(folder)))
    assert hybrid.lost <= 0.02 * len(hybrid.answers)
