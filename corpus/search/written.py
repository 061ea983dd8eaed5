"""Words as they are written: what tells passages of one language apart that have the same words in other forms.

Words meet across languages by keys of six letters, so that *exportador*, *exportados* and *exporters* are one. Of two
paragraphs of one article that is too little: the one that has the question's very words is more often the answer. But a
passage in another language cannot have them. So passages in the question's language change places among themselves
alone: what stands between them stays where it is (:func:`corpus.search.fusion.join_written`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.index.cognates import fold
from corpus.index.stopwords import STOPWORDS

_WORDS = re.compile(r"[^\W_]+")


def written_words(question: str, language: str) -> list[str]:
    """Each of its words once, in lower case, its accents kept; stopwords left out."""
    skipped = STOPWORDS.get(language, frozenset())
    return [word for word in dict.fromkeys(_WORDS.findall(question.lower())) if fold(word) not in skipped]


def share_written(words: Sequence[str], text: str) -> float:
    """How many of the words stand in a text in this very form, as a share of them."""
    text = text.lower()
    return sum(_stands(word, text) for word in words) / len(words) if words else 0.0


def _stands(word: str, text: str) -> bool:
    """Whole words only. (Cutting the text into words takes twenty times as long.)"""
    at = text.find(word)
    while at >= 0:
        end = at + len(word)
        if not text[max(0, at - 1) : at].isalnum() and not text[end : end + 1].isalnum():
            return True
        at = text.find(word, at + 1)
    return False
