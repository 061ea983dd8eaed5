"""What of the candidates is relevant at all: so that search can say honestly that it found nothing.

The nearest passages are always some passages. What is held against chance, in spreads of the cosine:

- **meaning**: how far a passage's cosine is above what this question has with texts about anything
  (``LanguageProjection.typical``): short and general questions are near to everything;
- **words**: how much of what rare words would bring the question's words bring (``coverage``), and whether words
  that stand together in the question stand together in the passage, which chance seldom does. In a passage of another
  language what the words are called there stands for them (``corpus.index.translations``): fewer are found, so less is
  asked of it, and a word called by several others turns up more easily, so it counts less.

Something is found where one passage is over ``ENOUGH``; what else is shown then is over ``BESIDES``, since only
the best are read for words that stand together. docs/relevance.md says how many questions without an answer pass.

Beyond that, what is found has to speak of the countries that the question names (:func:`speaks_of_the_countries`): the
duty in one country is as near as can be to a question for the duty in another, and no answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from corpus.countries import LANGUAGES, mentions, speaks_of
from corpus.documents import Document, Passage
from corpus.embedding.embedder import Vector
from corpus.embedding.projection import LanguageProjection
from corpus.index.protocol import SparseVector
from corpus.search.fusion import Fused, coverage

ENOUGH = 3.1
BESIDES = 2.9
WORDS_ALONE = 0.6  # coverage from which meaning need not agree
NEAR_FULL = 0.5  # of the score of a passage with every word
SPEAKING = 12  # passages, the best, one of which has to speak of a country that the question names
_OF_QUESTION = 0.5  # how much of a question's nearness to everything counts against its passages
_COVERED = 1.0  # spreads for full coverage
_TOGETHER = 2.0  # spreads for all words together; the square root of the share counts, as a few already are no chance
_TOGETHER_TRANSLATED = 1.25  # the same in a passage of another language
_FOREIGN = 0.15  # spreads for being in another language


@dataclass(frozen=True, slots=True)
class Bar:
    """What passages have to reach for one question."""

    projection: LanguageProjection
    dense: Vector | None  # the question's, neutral; None where meaning was not asked
    sparse: SparseVector | None  # the question's terms; None where words were not asked
    language: str  # the question's

    def relevant(self, fused: Sequence[Fused], full_match: float | None = None) -> list[Fused]:
        """Those that are, in their order.

        ``full_match`` is the BM25 score of a passage in which every word of the question stands, where one is known:
        whoever asks for a code or a name means just that.
        """
        if not fused:
            return []
        heights = self._heights(fused, float("inf") if full_match is None else NEAR_FULL * full_match)
        if heights.max() < ENOUGH:
            return []
        return [each for each, is_over in zip(fused, (heights >= BESIDES).tolist(), strict=True) if is_over]

    def _common(self) -> float:
        """The cosine that this question has with texts about anything."""
        if self.dense is None:
            return 0.0
        level = self.projection.scale.level
        of_question = float(self.dense @ self.projection.typical) or level  # not measured: as any question
        return level + _OF_QUESTION * (of_question - level)

    def _heights(self, fused: Sequence[Fused], floor: float) -> NDArray[np.float64]:
        """In spreads; endless for what needs no more evidence."""
        sparse = np.array([each.candidate.sparse or 0.0 for each in fused])
        if self.dense is None or fused[0].candidate.dense is None:
            return np.where(sparse > 0.0, np.inf, -np.inf)
        cosines = np.array([each.candidate.dense for each in fused], np.float64)
        meaning = (cosines - self._common()) / self.projection.scale.spread
        covered = sparse * (0.0 if self.sparse is None else coverage(1.0, self.sparse.indices.size))
        together = np.sqrt([each.neighbours for each in fused])
        is_foreign = np.array([each.candidate.language != self.language for each in fused])
        weight = np.where(is_foreign, _TOGETHER_TRANSLATED, _TOGETHER)
        heights = meaning + _COVERED * covered + weight * together + _FOREIGN * is_foreign
        return np.where((covered >= WORDS_ALONE) | (sparse >= floor), np.inf, heights)


def named_countries(question: str) -> frozenset[str]:
    """Those that something that answers has to speak of."""
    return frozenset(mentions(question))


def speaks_of_the_countries(named: frozenset[str], found: Iterable[tuple[Document, Passage]]) -> bool:
    """Whether each of the countries is spoken of in one of the passages, or their documents are about it.

    True as well where that cannot be told: the names are known in some languages only.
    """
    missing = set(named)
    for document, passage in found:
        if passage.language not in LANGUAGES:
            return True
        text = "\n".join((document.facts.title, *passage.heading_path, passage.text))
        missing -= {country for country in missing if country in document.facts.countries or speaks_of(text, country)}
        if not missing:
            return True
    return not missing
