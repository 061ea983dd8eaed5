"""Documents like a document: about the same, or saying the same in the same words. Both within what may be seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId, Principal, StoredPassage
from corpus.embedding.embedder import Vector
from corpus.index.protocol import Candidate, Filters, IndexQuery, PassageIndex
from corpus.index.visibility import Visibility, visible_to
from corpus.indexing import projection_of

CANDIDATES = 100
SAMPLED = 16  # passages of a document that are looked for elsewhere
NEIGHBOURS = 20  # of each of them
CLOSE = 0.95  # cosine, below which two passages cannot be the same words
SHINGLE = 8  # characters
SAME_WORDS = 0.6  # of the shorter passage's shingles, that stand in the other as well
SAME_DOCUMENT = 0.5  # of the passages looked for
SHORTEST = 60  # characters of a passage that says something


@dataclass(frozen=True, slots=True)
class Similar:
    document: Document
    score: float  # cosine, or the share of passages that are found there as well


class Similarity:
    """Safe for threads."""

    def __init__(self, catalog: Catalog, index: PassageIndex) -> None:
        self._catalog = catalog
        self._index = index
        self._projection = projection_of(index)

    def similar(self, document: Document, principal: Principal, limit: int) -> list[Similar]:
        """By the cosine of a passage to the mean of the document's passages, the nearest document first."""
        if document.current_version is None:
            return []
        vectors = self._vectors(document.current_version)[1]
        if not len(vectors):
            return []
        centre = vectors.mean(axis=0)
        centre /= max(float(np.linalg.norm(centre)), 1e-9)
        visibility = visible_to(principal)
        best: dict[DocumentId, float] = {}
        found = self._search(visibility, centre, CANDIDATES)
        for candidate in found:
            score = candidate.dense or 0.0
            best[candidate.document_id] = max(best.get(candidate.document_id, -1.0), score)
        known = self._known(found, visibility, document)
        ranked = sorted(known, key=lambda each: -best[each])
        return [Similar(known[each], round(best[each], 4)) for each in ranked[:limit]]

    def near_copies(self, document: Document, principal: Principal) -> list[Similar]:
        """Documents that hold at least half of what is looked for of this one, word by word; the fullest first.

        Passages near in meaning are held against each other by their shingles of characters (after Broder 1997, "On the
        resemblance and containment of documents"), so that a translation or another text on the matter is no copy.
        """
        if document.current_version is None:
            return []
        visibility = visible_to(principal)
        passages, vectors = self._vectors(document.current_version)
        rows = [row for row, each in enumerate(passages) if len(each.passage.text) >= SHORTEST]
        rows = [rows[n] for n in np.linspace(0, len(rows) - 1, min(SAMPLED, len(rows)), dtype=int)] if rows else []
        near: dict[int, list[Candidate]] = {
            row: [each for each in self._search(visibility, vectors[row], NEIGHBOURS) if (each.dense or 0.0) >= CLOSE]
            for row in rows
        }
        candidates = [each for found in near.values() for each in found]
        known = self._known(candidates, visibility, document)
        texts = self._catalog.passages.some(each.passage_id for each in candidates if each.document_id in known)
        held: Counter[DocumentId] = Counter()
        for row, found in near.items():
            shingles = _shingles(passages[row].passage.text)
            held.update(
                {
                    each.document_id
                    for each in found
                    if each.passage_id in texts and _same_words(shingles, texts[each.passage_id].passage.text)
                }
            )
        return [
            Similar(known[each], round(count / len(rows), 3))
            for each, count in held.most_common()
            if count >= SAME_DOCUMENT * len(rows)
        ]

    def _vectors(self, version: int) -> tuple[list[StoredPassage], Vector]:
        embedded = self._catalog.passages.embedded(version)
        return embedded.passages, self._projection.apply(embedded.vectors) if embedded.passages else embedded.vectors

    def _search(self, visibility: Visibility, vector: Vector, limit: int) -> list[Candidate]:
        return self._index.search(IndexQuery(visibility, vector, None, Filters(), limit))

    def _known(
        self, candidates: Iterable[Candidate], visibility: Visibility, but: Document
    ) -> dict[DocumentId, Document]:
        """The catalog has the last word, here as well."""
        versions = {each.document_id: each.version_id for each in candidates if each.document_id != but.id}
        found = self._catalog.documents.some(versions, visibility)
        return {each: found[each] for each in found if found[each].current_version == versions[each]}


def _shingles(text: str) -> frozenset[str]:
    plain = "".join(char for char in text.casefold() if char.isalnum())
    return frozenset(plain[start : start + SHINGLE] for start in range(max(1, len(plain) - SHINGLE + 1)))


def _same_words(shingles: frozenset[str], text: str) -> bool:
    other = _shingles(text)
    return len(shingles & other) >= SAME_WORDS * min(len(shingles), len(other))
