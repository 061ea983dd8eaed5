"""PROVISIONAL until the relevance work lands."""

from __future__ import annotations

from functools import cache

import numpy as np
from qdrant_edge import Bm25, Bm25Config, TokenizerType

from corpus.index.protocol import SparseVector

LEXICAL_VERSION = "0"
_NAMES = {"es": "spanish", "pt": "portuguese", "en": "english", "fr": "french", "ru": "russian"}


@cache
def _encoder(language: str) -> Bm25:
    if language in _NAMES:
        return Bm25(Bm25Config(language=_NAMES[language], ascii_folding=True))
    return Bm25(Bm25Config(tokenizer=TokenizerType.Multilingual))


def encode_passage(text: str, language: str) -> SparseVector:
    v = _encoder(language).embed_document(text)
    return SparseVector(np.array(v.indices, np.uint32), np.array(v.values, np.float32))


def encode_query(text: str, language: str) -> SparseVector:
    v = _encoder(language).embed_query(text)
    return SparseVector(np.array(v.indices, np.uint32), np.array(v.values, np.float32))
