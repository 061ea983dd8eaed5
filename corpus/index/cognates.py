"""A word's key: the same for its forms, and for its relatives in the other languages.

Spanish *importaciones*, Portuguese *importações*, English *imports* and Russian *импорт* are one word in four
spellings, and so are most of the words that trade agreements and market reports are made of. A stemmer alone leaves
them apart. The key is made in three steps, none of which looks at any collection:

1. two stems: that of the language's Snowball stemmer, and the word without the ending that Latin left in it in that
   language (*-ción*, *-ção*, *-tion*; *-dad*, *-dade*, *-ty*): of the two keys that come of them the shorter is taken;
2. one spelling for what the languages spell differently (*ph* and *f*, *qu* and *c*, *ll* and *l*; Cyrillic in Latin
   letters), without accents;
3. the first six letters, where the endings of long words no longer matter.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from functools import lru_cache
from typing import Any

LENGTH = 6
_SHORTEST_STEM = 3

_STEMMERS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hi": "hindi",
    "hu": "hungarian",
    "id": "indonesian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "pl": "polish",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
    "tr": "turkish",
}

# Ending -> what is left of it. Rows: a Latin ending in Spanish, Portuguese, English, French, singular and plural.
_ENDINGS = {
    ending: rest
    for endings, rest in (
        ("aciones acion acoes acao ations ation azioni azione", "ac"),
        ("iciones icion icoes icao itions ition izioni izione", "ic"),
        ("ciones cion coes cao tions tion zioni zione", "c"),
        ("siones sion soes sao sions sioni sione", "s"),
        ("amientos amiento amentos amento amenti", "am"),
        ("imientos imiento imentos imento imenti", "im"),
        ("mentos mento ments ment menti", "m"),
        ("idades idade idad ities ity ites ite ita", "id"),
        ("dades dade dad", "d"),
        ("encias encia ences ence ency enza enze", "enc"),
        ("ancias ancia ances ance ancy anza anze", "anc"),
        ("amente mente", ""),
        ("ablemente ables able aveis avel abili abile", "abl"),
        ("ibles ible iveis ivel ibili ibile", "ibl"),
        ("arios arias ario aria aries ary aires aire", "ar"),
        ("icos icas ico ica ical iques ique", "ic"),
        ("osos osas oso osa ous", "os"),
        ("ivos ivas ivo iva ives ive", "iv"),
        ("ales ais als", "al"),
        ("adores adoras adora", "ador"),
        ("ados adas ado ada", "ad"),
        ("idos idas ido ida", "id"),
        ("ando", "a"),
        ("endo iendo", "e"),
        ("indo", "i"),
        ("ares ar", "ar"),
        ("eres", "er"),
        ("ing ed as os es is a o e s i y", ""),
        ("er", "e"),
        ("ir", "i"),
    )
    for ending in endings.split()
}
_LONGEST_ENDING = max(map(len, _ENDINGS))

_SPELLINGS = tuple(
    tuple(pair.split(">"))
    for pair in "ph>f th>t lh>l nh>n gn>n qu>c k>c y>i ch>c ct>t pt>t ie>e ue>o cs>s z>c x>s".split()
)
_DOUBLED = re.compile(r"(.)\1")

_CYRILLIC = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэіїєґ", "abvgdeziiklmnoprstufhieiieg", strict=True))
    | dict(zip("ёжцчшщъьюя", ("e", "zh", "ts", "ch", "sh", "sh", "", "", "iu", "ia"), strict=True))
)


def fold(text: str) -> str:
    """Lower case, without accents; Cyrillic ё is е, and й stays."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("й", "\0"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("\0", "й")


@lru_cache(maxsize=200_000)
def key(word: str, language: str) -> str:
    """The key of one word: letters only, lower case, accents kept. Without a stemmer, its endings alone."""
    folded = fold(word)
    latin = folded.translate(_CYRILLIC)
    if not latin.isascii():
        return fold(_stem(word, language))
    by_ending = _one_spelling(_without_ending(latin)) if latin == folded else ""
    by_stemmer = _without_last_vowel(_one_spelling(fold(_stem(word, language)).translate(_CYRILLIC)))
    return min(filter(None, (by_ending, by_stemmer)), key=len, default=latin)[:LENGTH]


def _without_ending(word: str) -> str:
    if len(word) <= _SHORTEST_STEM:
        return word
    for length in range(min(_LONGEST_ENDING, len(word) - 1), 0, -1):
        rest = _ENDINGS.get(word[-length:])
        if rest is not None and len(word) - length + len(rest) >= _SHORTEST_STEM:
            word = word[:-length] + rest
            break
    return _without_last_vowel(word)


def _without_last_vowel(word: str) -> str:
    return word[:-1] if len(word) > _SHORTEST_STEM and word[-1] in "aeiou" else word


def _one_spelling(word: str) -> str:
    if len(word) <= _SHORTEST_STEM:
        return word
    word = _DOUBLED.sub(r"\1", word)
    for spelling, common in _SPELLINGS:
        word = word.replace(spelling, common)
    return word


def _stem(word: str, language: str) -> str:
    stemmer = _stemmers.of(language)
    return word if stemmer is None else str(stemmer.stemWord(word))


class _Stemmers(threading.local):
    """A stemmer keeps the word at hand in itself: two threads with one would get each other's stems."""

    def __init__(self) -> None:
        self._made: dict[str, Any] = {}

    def of(self, language: str) -> Any:
        if language not in _STEMMERS:
            return None
        if language not in self._made:
            import snowballstemmer  # on first use: the command line answers --help without it

            self._made[language] = snowballstemmer.stemmer(_STEMMERS[language])
        return self._made[language]


_stemmers = _Stemmers()
