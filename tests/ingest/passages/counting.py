"""A tokenizer for tests: small, and without a model pack."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PIECES = re.compile(r"[^\W_]{1,4}|[^\w\s]|_")


@dataclass(frozen=True)
class FourLetterPieces:
    """Words in pieces of up to four letters, every other sign by itself: about as many tokens as a model makes."""

    max_tokens: int = 500

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        return [match.span() for match in _PIECES.finditer(text)]

    def count(self, text: str) -> int:
        return len(self.token_offsets(text))
