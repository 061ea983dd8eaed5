"""Text as numbers, for filters.

A filter is asked of each passage on a search's way through the graph. Whole numbers are compared where they stand; text
is looked up in memory that is cold (docs/decisions/0001-embedded-index.md).
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256


def numbers_of(values: Iterable[str]) -> tuple[int, ...]:
    """In ascending order: 63 bits of each one's SHA-256.

    That any two of ten thousand values share a number has a chance below one in 10^11.
    """
    return tuple(sorted(int.from_bytes(sha256(value.encode()).digest()[:8], "big") >> 1 for value in values))
