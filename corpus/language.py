"""Tells in which language a passage is written.

py3langid (a naive Bayes classifier over byte n-grams) scores the configured languages and a list of others that turn
up in a cluster's papers, so that a German letter is called German and not Portuguese. A passage that is too short or
too mixed to tell takes the language of its neighbours.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

CONFIGURED = ("es", "pt", "en", "fr", "zh", "ru")
OTHERS = ("de", "it", "nl", "ca", "gl", "ja", "ko", "ar", "tr", "pl", "uk", "vi", "id", "qu", "he", "hi", "el")
"""Told apart, though nobody configured them. Galician and Catalan are near Portuguese and Spanish: they must win
clearly (see ``_MIN_MARGIN_OF_OTHERS``)."""

_ISO_639_1 = """
aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es
et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj
kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv
ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti
tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_ISO_639_1.split())
"""Every code of ISO 639-1."""

UNKNOWN = "und"

_MIN_LETTERS = 25  # fewer say too little, except in a script of its own
_MIN_LETTERS_CJK = 4
_SURE = 0.6  # probability
_LIKELY = 0.5  # probability
_MIN_MARGIN_OF_OTHERS = 0.85  # probability from which a language that is not configured is believed
_SAMPLE = 1500  # characters of a text that are looked at


@dataclass(frozen=True, slots=True)
class Told:
    language: str
    sure: bool
    probability: float = 0.0


class LanguageTeller:
    """Tells languages among ``configured`` and ``others`` (ISO 639-1 codes). Safe for threads."""

    def __init__(self, configured: Sequence[str] = CONFIGURED, others: Sequence[str] = OTHERS) -> None:
        self._configured = tuple(configured)
        self._identifier = _identifier(tuple(sorted({*configured, *others})))

    def tell(self, text: str) -> Told:
        """The language of one text by itself."""
        sample = text[:_SAMPLE]
        letters = sum(map(str.isalpha, sample))
        if not letters:
            return Told(UNKNOWN, sure=False)
        ranked = self._identifier.rank(sample)
        language, probability = ranked[0]
        if language not in self._configured and probability < _MIN_MARGIN_OF_OTHERS:
            language, probability = next(pair for pair in ranked if pair[0] in self._configured)
        enough = letters >= (_MIN_LETTERS_CJK if language in ("zh", "ja", "ko") else _MIN_LETTERS)
        return Told(str(language), sure=enough and probability >= _SURE, probability=float(probability))

    def likelihoods(self, text: str) -> dict[str, float]:
        """How likely each language is, the likeliest first. Of a text without a letter, nothing."""
        sample = text[:_SAMPLE]
        if not any(map(str.isalpha, sample)):
            return {}
        return {str(language): float(probability) for language, probability in self._identifier.rank(sample)}

    def tell_all(self, texts: Sequence[str], hint: str | None = None) -> list[str]:
        """The language of each of a document's passages, in reading order.

        What cannot be told is like the nearest passage that can, the earlier of two; where there is none, like
        ``hint`` (what the format or the contributor says); then like the best guess, unless that is a toss-up, in
        which case it is the first of the configured languages.
        """
        told = [self.tell(text) for text in texts]
        sure = [index for index, each in enumerate(told) if each.sure]
        languages: list[str] = []
        position = 0
        for index, each in enumerate(told):
            if each.sure:
                languages.append(each.language)
                continue
            while position + 1 < len(sure) and abs(sure[position + 1] - index) < abs(sure[position] - index):
                position += 1
            if sure:
                languages.append(told[sure[position]].language)
            else:
                languages.append(hint or (each.language if each.probability >= _LIKELY else self._configured[0]))
        return languages


def main_language(languages: Sequence[str], weights: Sequence[int]) -> str | None:
    """The language of most of the text; ``weights`` are the passages' lengths. None without passages."""
    totals: Counter[str] = Counter()
    for language, weight in zip(languages, weights, strict=True):
        totals[language] += weight
    return totals.most_common(1)[0][0] if totals else None


@cache
def _identifier(languages: tuple[str, ...]) -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second and 40 MB: only where it is needed

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(languages)
    # A text looks up some hundred rows of this table, which lies column by column: a miss of the cache for each entry.
    identifier.nb_ptc = np.ascontiguousarray(identifier.nb_ptc)
    return identifier
