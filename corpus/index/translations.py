"""What a word is called in the other languages, where spelling does not tell.

*Customs* is *aduana* in Spanish, *alfândega* in Portuguese, *douane* in French, *таможня* in Russian and 海关 in
Chinese, and no key (``cognates``) joins them. The lexicon does: ``lexicon/*.txt``, written for this, a row a meaning, a
column a language. It is a constant. A lexicon learnt from the library would know more of its words, and somebody's rank
would depend on words of documents that they may not see (docs/decisions/0009-translated-words.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from corpus.index.bm25 import add_terms, ids_of, term_id
from corpus.index.passage_words import Terms
from corpus.index.protocol import SparseVector
from corpus.index.terms import terms

LANGUAGES = ("en", "es", "pt", "fr", "ru", "zh")
"""The columns of the lexicon."""

WEIGHT = 0.5
"""Of a translated term; one that was asked has 1. A word has several meanings, and a meaning several words."""

_MOST = 200  # translated terms of one question


@dataclass(frozen=True, slots=True)
class Translated:
    """A question's words in other languages."""

    by_language: Mapping[str, Mapping[str, str]]  # language -> a term there -> the term that was asked

    def added_to(self, question: SparseVector) -> SparseVector:
        """The question's own terms with their weights, and these with ``WEIGHT``."""
        more = [term for of_language in self.by_language.values() for term in of_language]
        return add_terms(question, more[:_MOST], WEIGHT)

    def ids(self, language: str) -> frozenset[int]:
        """Of the terms in one language, as they stand in a sparse vector."""
        return ids_of(self.by_language.get(language, ()))

    def as_asked(self, found: Terms, language: str) -> Terms:
        """A passage's terms in reading order, with the question's own in the place of those that translate them."""
        asked = self.by_language.get(language)
        if not asked:
            return found
        replaced = found.copy()
        for translation, term in asked.items():
            replaced[found == term_id(translation)] = term_id(term)
        return replaced


NOTHING = Translated({})


def translate(text: str, language: str, into: Collection[str]) -> Translated:
    """What the words of a question in ``language`` are called in the languages ``into``, its own excepted."""
    rows = _lexicon()
    asked = terms(text, language)
    own = set(asked)
    found: dict[str, dict[str, str]] = {each: {} for each in LANGUAGES if each in into and each != language}
    for term in dict.fromkeys(asked):
        for row in rows.get((language, term), ()):
            for each, of_language in found.items():
                for translation in row[each]:
                    if translation not in own:
                        of_language.setdefault(translation, term)
    return Translated({each: of_language for each, of_language in found.items() if of_language})


def known_words(text: str, language: str) -> tuple[int, int]:
    """How many different words of a text the lexicon has in a language: in whatever form, and just as written."""
    rows, written = _lexicon(), _written(language)
    known = sum((language, term) in rows for term in set(terms(text, language)))
    return known, len(written.intersection(text.casefold().split()))


@cache
def _written(language: str) -> frozenset[str]:
    return frozenset(word.casefold() for cells in lexicon_rows() for word in cells[language])


@cache
def _lexicon() -> Mapping[tuple[str, str], Sequence[Mapping[str, Sequence[str]]]]:
    """By language and term, the rows in which it stands; a row has its terms by language. A tenth of a second."""
    found: dict[tuple[str, str], list[Mapping[str, Sequence[str]]]] = defaultdict(list)
    for cells in lexicon_rows():
        row = {
            language: tuple(dict.fromkeys(term for word in words for term in terms(word, language)))
            for language, words in cells.items()
        }
        for language, of_row in row.items():
            for term in of_row:
                found[language, term].append(row)
    return dict(found)


def lexicon_rows() -> Iterator[Mapping[str, Sequence[str]]]:
    """The words of each meaning, by language; of a language that has no word of its own for it, none."""
    for file in sorted((files("corpus.index") / "lexicon").iterdir(), key=lambda each: each.name):
        for line in file.read_text(encoding="utf-8").splitlines():
            if not line.startswith("#"):
                cells = line.split("|") + [""] * len(LANGUAGES)
                yield {
                    language: [word.strip() for word in cell.split(",") if word.strip()]
                    for language, cell in zip(LANGUAGES, cells, strict=False)
                }
