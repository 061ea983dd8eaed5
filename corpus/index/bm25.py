"""BM25 as sparse vectors: the passage's side here, the words' rarity (IDF) by the index as it stands when it is asked.

Robertson and Zaragoza 2009, "The Probabilistic Relevance Framework: BM25 and Beyond". Encoded by us and not by the
engine, so that both kinds of index rank alike, and because the languages have to meet (``cognates``).
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable

import numpy as np

from corpus.index.protocol import SparseVector
from corpus.index.stopwords import STOPWORDS
from corpus.index.terms import terms

LEXICAL_VERSION = "2"
"""Changes with anything that changes a term or a weight: an index of another version has to be built again."""

K1 = 1.2
B = 0.75
TYPICAL_LENGTH = 100
"""Terms in a passage as the chunker makes them: a constant, so that no passage's vector depends on the others."""

QUERY_LANGUAGES = ("es", "pt", "en")
"""Languages in whose forms a question's words are always looked for, whatever language the question seems to be in:
a question is often too short to tell."""
MOST_QUERY_TERMS = 200

_ANY_STOPWORDS = frozenset().union(*(STOPWORDS[language] for language in QUERY_LANGUAGES))


def encode_passage(text: str, language: str) -> SparseVector:
    """Term weights: how often a term occurs, saturating (``K1``), less in a long text (``B``)."""
    counts = Counter(term_ids(text, language))
    length = counts.total()
    tempered = K1 * (1 - B + B * length / TYPICAL_LENGTH)
    frequencies = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
    indices = np.fromiter(counts.keys(), dtype=np.uint32, count=len(counts))
    return _sorted(indices, frequencies * (K1 + 1) / (frequencies + tempered))


def encode_query(text: str, language: str) -> SparseVector:
    """Each distinct term with weight 1. Empty where the text has only stopwords."""
    skipped = STOPWORDS.get(language, _ANY_STOPWORDS)
    found = _distinct(
        term for each in dict.fromkeys((language, *QUERY_LANGUAGES)) for term in terms(text, each, skipped)
    )
    indices = np.array(found[:MOST_QUERY_TERMS], dtype=np.uint32)
    return _sorted(indices, np.ones(len(indices), dtype=np.float32))


def add_terms(question: SparseVector, more: Iterable[str], weight: float) -> SparseVector:
    """A question with more terms, each of ``weight``. Those that it has already keep theirs."""
    added = np.array(sorted(ids_of(more).difference(question.indices.tolist())), dtype=np.uint32)
    values = np.concatenate([question.values, np.full(added.size, weight, dtype=np.float32)])
    return _sorted(np.concatenate([question.indices, added]), values)


def term_ids(text: str, language: str) -> list[int]:
    """The terms of a passage's text as they stand in its vector, in reading order, as often as they occur."""
    return list(map(term_id, terms(text, language)))


def ids_of(some: Iterable[str]) -> frozenset[int]:
    """Terms as they stand in a sparse vector."""
    return frozenset(map(term_id, some))


def term_id(term: str) -> int:
    """A term as it stands in a sparse vector."""
    return zlib.crc32(term.encode())


def _distinct(found: Iterable[str]) -> list[int]:
    return list(dict.fromkeys(term_id(term) for term in found))


def _sorted(indices: np.ndarray, values: np.ndarray) -> SparseVector:
    order = np.argsort(indices)
    return SparseVector(indices[order], values[order].astype(np.float32))
