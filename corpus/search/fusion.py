"""PROVISIONAL until the relevance work lands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.index.protocol import Candidate


@dataclass(frozen=True, slots=True)
class Fused:
    candidate: Candidate
    score: float
    by_words: bool
    by_meaning: bool


def fuse(candidates: Sequence[Candidate]) -> list[Fused]:
    if not candidates:
        return []
    dense = np.array([c.dense or 0.0 for c in candidates])
    sparse = np.array([c.sparse or 0.0 for c in candidates])

    def z(x: np.ndarray) -> np.ndarray:
        return (x - x.mean()) / (x.std() + 1e-9)

    score = (z(dense) if candidates[0].dense is not None else 0) + 0.5 * (
        z(sparse) if candidates[0].sparse is not None else 0
    )
    order = np.argsort(-score)
    return [Fused(candidates[i], float(score[i]), bool(sparse[i] > 0), candidates[i].dense is not None) for i in order]
