"""The contract of every embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
"""Shape ``(dimensions,)``, L2-normalised."""

Matrix = NDArray[np.float32]
"""Shape ``(n, dimensions)``, each row L2-normalised."""


@dataclass(frozen=True, slots=True)
class PackIdentity:
    """Which model made a vector. Vectors of different packs are never compared."""

    name: str
    digest: str  # SHA-256 over the files that decide the vectors
    dimensions: int


class Embedder(Protocol):
    """Turns questions and passages into raw vectors: not yet language-neutral, that is the projection's work."""

    @property
    def identity(self) -> PackIdentity: ...

    @property
    def max_tokens(self) -> int:
        """How many tokens of text fit in one passage, prefix and special tokens already taken off."""
        ...

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        """Where each token of ``text`` starts and ends, in characters; without prefix and special tokens, never cut."""
        ...

    def embed_query(self, text: str) -> Vector: ...

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        """One row a text, in their order. Text past ``max_tokens`` is cut."""
        ...

    def close(self) -> None: ...
