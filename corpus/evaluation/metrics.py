"""The metrics of one ranked list, as trec_eval computes them.

A ranking is the ids found, the best first; the gains are a question's relevant passages and how relevant each is (> 0).
A question must have at least one relevant passage. Every value is between 0 and 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

Ranking = Sequence[str]
Gains = Mapping[str, int]
Metric = Callable[[Ranking, Gains], float]


def ndcg_at_10(ranking: Ranking, gains: Gains) -> float:
    """Normalised discounted cumulative gain (Järvelin and Kekäläinen 2002), linear gain, log2 discount."""
    discounts = 1.0 / np.log2(np.arange(2, 12))
    found = np.array([gains.get(passage, 0) for passage in ranking[:10]], dtype=np.float64)
    ideal = np.array(sorted(gains.values(), reverse=True)[:10], dtype=np.float64)
    return float(found @ discounts[: len(found)]) / float(ideal @ discounts[: len(ideal)])


def precision_at_1(ranking: Ranking, gains: Gains) -> float:
    return float(bool(ranking) and ranking[0] in gains)


def recall_at_10(ranking: Ranking, gains: Gains) -> float:
    return len(gains.keys() & set(ranking[:10])) / len(gains)


def mrr_at_10(ranking: Ranking, gains: Gains) -> float:
    """One over the place of the first relevant passage; 0 where none is among the first ten."""
    for place, passage in enumerate(ranking[:10], 1):
        if passage in gains:
            return 1.0 / place
    return 0.0


def map_at_100(ranking: Ranking, gains: Gains) -> float:
    """Average precision over the first hundred: the mean, over all relevant passages, of the precision at each."""
    hits = 0
    total = 0.0
    for place, passage in enumerate(ranking[:100], 1):
        if passage in gains:
            hits += 1
            total += hits / place
    return total / len(gains)


METRICS: Mapping[str, Metric] = {
    "nDCG@10": ndcg_at_10,
    "P@1": precision_at_1,
    "recall@10": recall_at_10,
    "MRR@10": mrr_at_10,
    "mAP@100": map_at_100,
}
DEPTH = 100
"""How far down a ranking any metric looks."""
