"""Whether two runs over the same questions differ by more than chance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

ROUNDS = 10_000
_BLOCK = 500  # rounds at once: 500 x 4,000 questions of float64 is 16 MB


def paired_randomisation_test(before: Sequence[float], after: Sequence[float], *, rounds: int = ROUNDS) -> float:
    """The two-sided p-value of the mean difference (Fisher's randomisation test; Smucker, Allan and Carterette 2007).

    Under the null hypothesis each question's pair of values could as well have been the other way round; p is the share
    of ``rounds`` random exchanges whose mean difference is at least as large as the one seen. Deterministic.

    Raises:
        ValueError: the two runs do not have the same number of questions, or have none.
    """
    difference = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    if len(before) != len(after) or not len(difference):
        raise ValueError("the two runs must have the same questions, at least one")
    seen = abs(float(difference.sum()))
    generator = np.random.default_rng(20_07)
    as_extreme = 0
    for start in range(0, rounds, _BLOCK):
        signs = generator.integers(0, 2, size=(min(_BLOCK, rounds - start), len(difference))) * 2.0 - 1.0
        as_extreme += int((np.abs(signs @ difference) >= seen - 1e-12).sum())
    return (as_extreme + 1) / (rounds + 1)
