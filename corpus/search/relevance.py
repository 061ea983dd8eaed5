"""What of the candidates is relevant at all: so that search can say honestly that it found nothing.

The nearest passages are always some passages. Two things are held against chance:

- **meaning**: how many spreads a passage's cosine is above what this question has with texts about anything
  (``LanguageProjection.typical``): short and general questions are near to everything;
- **words**: the BM25 score for each of the question's terms, as a share of what a rare word brings.

The bar is where one in fifty of the answerable questions of our collections would be lost; docs/relevance.md says how
many unanswerable ones pass it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from corpus.embedding.embedder import Vector
from corpus.embedding.projection import LanguageProjection
from corpus.index.protocol import Candidate, SparseVector
from corpus.search.fusion import WORDS, Fused

ENOUGH = 2.8  # spreads of meaning, words added at WORDS spreads for a full share
WORDS_ALONE = 0.6  # share of words from which meaning need not agree
NEAR_FULL = 0.5  # of the score of a passage with every word
_RARE = 8.0  # IDF of a word that stands in one passage of a few thousand
_OF_QUESTION = 0.57  # how much of a question's nearness to everything counts against its passages


@dataclass(frozen=True, slots=True)
class Bar:
    """What passages have to reach for one question."""

    projection: LanguageProjection
    dense: Vector | None  # the question's, neutral; None where meaning was not asked
    sparse: SparseVector | None  # the question's terms; None where words were not asked

    def relevant(self, fused: Sequence[Fused], full_match: float | None = None) -> list[Fused]:
        """Those that are, in their order.

        ``full_match`` is the BM25 score of a passage in which every word of the question stands, where one is known:
        whoever asks for a code or a name means just that.
        """
        floor = float("inf") if full_match is None else NEAR_FULL * full_match
        return [each for each in fused if self._is_relevant(each.candidate, floor)]

    def _is_relevant(self, candidate: Candidate, floor: float) -> bool:
        if self.dense is None or candidate.dense is None:
            return (candidate.sparse or 0.0) > 0.0
        words = self._words(candidate)
        if words >= WORDS_ALONE or (candidate.sparse or 0.0) >= floor:
            return True
        return self._meaning(candidate.dense, self.dense) + WORDS * words >= ENOUGH

    def _meaning(self, cosine: float, question: Vector) -> float:
        scale = self.projection.scale
        of_question = float(question @ self.projection.typical) or scale.level  # not measured: as any question
        return (cosine - scale.level - _OF_QUESTION * (of_question - scale.level)) / scale.spread

    def _words(self, candidate: Candidate) -> float:
        if self.sparse is None or not self.sparse.indices.size:
            return 0.0
        return (candidate.sparse or 0.0) / (self.sparse.indices.size * _RARE)
