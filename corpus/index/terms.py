"""The terms of a text: what is looked up in the word index, of a passage and of a question alike.

- words: their keys (``cognates``), stopwords left out;
- scripts that do not part words (Chinese, Japanese, Thai): every pair of neighbouring characters;
- numbers and codes, which are the same in all languages: ``0901.21``, ``090121`` and ``0901 21`` have a term in
  common, and so have ``ISO 9001``, ``ISO-9001`` and ``ISO9001``; a tariff code is found by its first four or six;
- identifiers: whole and in their parts (``TransferOrder_v2``, ``UY-ley-19210``);
- articles of a law by their number: *Artículo 4.13*, *Article 4.13*, *Статья 4.13* and 第四条 with 4.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from corpus.index.cognates import fold, key
from corpus.index.stopwords import STOPWORDS

_UNPARTED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0e7f"
_PIECE = re.compile(rf"[{_UNPARTED}]+|[^\W_{_UNPARTED}]+(?:(?:[-._/'’ʼ]|(?<=\d),(?=\d))[^\W_{_UNPARTED}]+)*")
UNPARTED = re.compile(rf"[{_UNPARTED}]+")
"""A run of a script that does not part words."""
_CONNECTOR = re.compile(r"[-._/'’ʼ,]")
_APOSTROPHE = re.compile(r"['’ʼ]")
_INSIDE = re.compile(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Þ])|(?<=[^\W\d_])(?=\d)|(?<=\d)(?=[^\W\d_])")
_NUMBER_IN_GROUPS = re.compile(r"\d{1,3}([.,]\d{3})+$")
_ARTICLE = re.compile(  # begins with a set of letters, which is looked for five times as fast as a choice of words
    r"[aAсС§](?:(?<=§)|(?<!\w.)(?i:(?<=a)(?:rt[ií](?:culos?|gos?|colo|coli)|rticles?|rtikel|rts?\.)|(?<=с)тать[яиею]))"
    r"\s*(?:[nN]?[º°.]\s*)?(\d+(?:[.\-]\d+)*)"
)
_CHINESE_ARTICLE = re.compile(r"第([〇零一二三四五六七八九十百\d]{1,6})条")
_CHINESE_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0}

LONGEST_WORD = 40
"""Characters. What is longer is no word (a line of base64, a run of dots) and is cut."""


def terms(text: str, language: str, stopwords: frozenset[str] | None = None) -> list[str]:
    """The terms, in reading order, as often as they occur. ``stopwords`` (folded) are the language's unless given."""
    text = unicodedata.normalize("NFKC", text)
    skipped = STOPWORDS.get(language, frozenset()) if stopwords is None else stopwords
    found: list[str] = []  # and not yielded one by one: a search reads thousands
    for piece in _PIECE.findall(text):
        found += _of_piece(piece, language, skipped)
    found += _articles(text)
    return found


def is_code(term: str) -> bool:
    """Whether a term stands for a code, an identifier or an article's number as a whole."""
    return term.startswith(("#", "§"))


@lru_cache(maxsize=50_000)
def _of_piece(piece: str, language: str, skipped: frozenset[str]) -> tuple[str, ...]:
    return tuple(_read_piece(piece, language, skipped))


def _read_piece(piece: str, language: str, skipped: frozenset[str]) -> Iterator[str]:
    if UNPARTED.match(piece):
        yield from _pairs(piece)
        return
    if _NUMBER_IN_GROUPS.match(piece):
        yield from _number(_CONNECTOR.sub("", piece))
        return
    parts = [part[:LONGEST_WORD] for chunk in _CONNECTOR.split(piece) for part in _INSIDE.split(chunk) if part]
    for part in parts:
        if part.isdecimal():
            yield from _number(part)
        elif fold(part) not in skipped:
            yield key(part.lower(), language)
    if len(parts) > 1 and not _APOSTROPHE.search(piece):
        joined = fold("".join(parts))
        yield "#" + joined
        if joined.isdecimal() and len(joined) in (8, 10):
            yield "#" + joined[:6]


def _number(digits: str) -> Iterator[str]:
    yield digits if len(digits) < 6 else "#" + digits  # the same with and without dots
    if len(digits) in (6, 8, 10):  # a tariff code, perhaps
        yield digits[:4]
        if len(digits) > 6:
            yield "#" + digits[:6]


def _pairs(run: str) -> Iterator[str]:
    if len(run) == 1:
        yield run
    for at in range(len(run) - 1):
        yield run[at : at + 2]


def _articles(text: str) -> Iterator[str]:
    for match in _ARTICLE.finditer(text):
        yield "§" + match.group(1).replace("-", ".")
    for match in _CHINESE_ARTICLE.finditer(text):
        yield f"§{_chinese_number(match.group(1))}"


def _chinese_number(numeral: str) -> int:
    """第二十三条: 23. Below a thousand, which articles are."""
    if numeral.isdecimal() and numeral.isascii():
        return int(numeral)
    total = 0
    digit = 0
    for character in numeral:
        if character in ("十", "百"):
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        elif character in _CHINESE_DIGITS:
            digit = _CHINESE_DIGITS[character]
    return total + digit
