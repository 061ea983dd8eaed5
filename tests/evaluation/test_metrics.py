"""Our metrics against those of trec_eval, through ir_measures."""

from __future__ import annotations

import random

import ir_measures
import pytest

from corpus.evaluation.metrics import METRICS

THEIRS = {
    "nDCG@10": ir_measures.nDCG @ 10,
    "P@1": ir_measures.P @ 1,
    "recall@10": ir_measures.R @ 10,
    "MRR@10": ir_measures.RR @ 10,
    "mAP@100": ir_measures.AP @ 100,
}


def _case(seed: int) -> tuple[list[str], dict[str, int]]:
    generator = random.Random(seed)
    passages = [f"p{i}" for i in range(150)]
    relevant = generator.sample(passages, generator.randint(1, 25))
    ranking = generator.sample(passages, generator.choice([1, 4, 10, 99, 100, 130]))
    if generator.random() < 0.5:  # something relevant near the top, as in life
        ranking = [relevant[0], *(p for p in ranking if p != relevant[0])]
        generator.shuffle(ranking[:8])
    return ranking, {p: generator.randint(1, 3) for p in relevant}


@pytest.mark.parametrize("metric", METRICS)
def test_the_same_values_as_trec_eval(metric: str) -> None:
    cases = {f"q{seed}": _case(seed) for seed in range(200)}
    qrels = [ir_measures.Qrel(q, p, gain) for q, (_, gains) in cases.items() for p, gain in gains.items()]
    run = [
        ir_measures.ScoredDoc(q, p, float(-place))
        for q, (ranking, _) in cases.items()
        for place, p in enumerate(ranking)
    ]
    theirs = {m.query_id: m.value for m in ir_measures.iter_calc([THEIRS[metric]], qrels, run)}
    ours = {q: METRICS[metric](ranking, gains) for q, (ranking, gains) in cases.items()}
    assert ours == pytest.approx(theirs, abs=1e-9)
    assert len({round(value, 6) for value in ours.values()}) > 1


@pytest.mark.parametrize("metric", METRICS)
def test_the_ends_of_the_scale(metric: str) -> None:
    gains = {"a": 1}
    assert METRICS[metric](["a", "b"], gains) == 1.0
    assert METRICS[metric](["b", "c"], gains) == 0.0
    assert METRICS[metric]([], gains) == 0.0
