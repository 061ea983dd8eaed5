"""Which questions may be kept at all, and under which topic they are counted."""

from __future__ import annotations

import re

from corpus.index.cognates import fold
from corpus.search.query import parse_query

LONGEST = 120  # characters: what is longer is one person's and no frequent question
MOST_WORDS = 12
WORD = re.compile(r"[^\W_]+")

_TELLING = re.compile(
    r"""
      @ | :// | \bwww\. | \b[\w-]+\.(?:com|org|net|info|example|gov|edu|[a-z]{2})\b   # an e-mail, a site
    | (?:\d[\s.,/()+-]*){6,}                                     # a number of six digits or more: a phone, an account
    | \b(?:calle|carrera|cra|avenida|av|avda|jiron|jr|pasaje|rua|travessa|rodovia|alameda|praca|street|road|avenue)\b
      [^\d]{0,40}\d                                              # a street and its number
    """,
    re.VERBOSE,
)


def is_harmless(typed: str) -> bool:
    """Nothing in it looks like an address, a phone, an account; and it is words, without operators.

    What is not harmless is not kept, whoever asks it.
    """
    if len(typed) > LONGEST or _TELLING.search(fold(typed)) or parse_query(typed).operators:
        return False
    return len(topic_of(typed)) >= 3 and len(words_of(typed)) <= MOST_WORDS


def words_of(typed: str) -> list[str]:
    """Lower case, without accents."""
    return WORD.findall(fold(typed))


def topic_of(typed: str) -> str:
    """The same whatever the order of the words, their accents and their case."""
    return " ".join(sorted(set(words_of(typed))))
