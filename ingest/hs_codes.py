"""Codes of the Harmonised System in a text, told from amounts, dates and the numbers of laws."""

from __future__ import annotations

import re
from collections import Counter

# How many headings each chapter has (HS 2022): chapter 9 ends with 0910. Chapter 77 is reserved.
_HEADINGS = """
6 10 9 10 11 4 14 14 10 8 9 14 2 2 22 5 4 6 5 9 6 9 9 4 30 21 16 53 42 6 5 15 7 7 7 6 7 27 26 17 15 6 4 21 4 2 7 23
11 7 13 12 11 8 16 9 5 11 11 6 17 17 10 6 7 3 4 15 14 20 18 29 26 19 8 16 0 6 7 7 13 15 11 87 49 9 16 7 8 33 14 9
7 6 8 20 6
"""
_LAST_HEADING = {f"{chapter:02}": int(count) for chapter, count in enumerate(_HEADINGS.split(), start=1)}
_EDITIONS = frozenset({"2002", "2007"})  # "HS 2007" is an edition of the nomenclature

_KEYWORD = re.compile(
    r"\b(?:(?:sub)?partidas?|subposi[cç](?:[aã]o|[oõ]es)|(?:sub-?)?headings?|(?:tariff|HS)\s*(?:codes?|lines?|items?))\b"
    r"|\b(?:posici[oó]n|posiciones|posi[cç][aã]o|posi[cç][oõ]es|fracci[oó]n|fracciones|c[oó]digos?)"
    r"\s+(?:arancelari|pautal|tarif|aduaner|HS|SA|SH|NCM)\w*"
    r"|\b(?:(?-i:HS|SA|SH|NCM|NANDINA|NALADISA|HTS|HTSUS|TARIC|NC|CN)|sistema\s+(?:h?armonizado)|harmoni[sz]ed\s+system)\b"
    r"|\bТН\s*ВЭД\b|税号|海关编码|HS编码",
    re.IGNORECASE,
)
# Each begins with a digit, which is looked for five times as fast as what must not stand before it.
_DOTTED = re.compile(r"\d(?<![\d.,/-]\d)\d{3}(?:\.\d{2}){1,3}(?![\d])(?!\.\d)(?!,\d)")
_HEADING_DOTTED = re.compile(r"\d(?<![\d.,/-]\d)\d\.\d{2}(?:\.\d{2}){0,3}(?![\d])(?!\.\d)(?!,\d)")
_PLAIN = re.compile(r"\d(?<![\d.,/-]\d)(?:\d{9}|\d{7}|\d{5}|\d{3})(?![\d])(?![.,/-]\d)")
_NUMBER_OF_LAW = re.compile(
    r"(?:\b(?:ley|lei|decreto(?:-ley)?|decree|law|resoluci[oó]n|resolu[cç][aã]o|resolution|act|circular|portaria|n[º°.o]|no\.)"
    r"|№)[\s:.º°]*$",
    re.IGNORECASE,
)
_REACH = 60  # characters after a keyword, or after a code that follows one
_REACH_OF_PLAIN = 16  # the same for a number without dots, which could be any number
_MOST = 20
_LONGEST = 2_000_000  # characters of a text that are looked at


def hs_codes_in(text: str) -> tuple[str, ...]:
    """The codes in ``text``, digits only, the most frequent first, at most 20.

    A code with three groups (0901.21.00) or a leading zero (0901.21) stands for itself; any other must follow a word
    that announces it, or a code that does.
    """
    counts: Counter[str] = Counter()
    text = text[:_LONGEST]
    reach = -1
    matches = [(match, "keyword") for match in _KEYWORD.finditer(text)]
    matches += [(match, "code") for pattern in (_DOTTED, _HEADING_DOTTED, _PLAIN) for match in pattern.finditer(text)]
    for match, role in sorted(matches, key=lambda pair: pair[0].start()):
        if role == "keyword":
            reach = match.end() + _REACH
            continue
        farthest = reach if "." in match[0] else reach - _REACH + _REACH_OF_PLAIN
        announced = match.start() <= farthest and "\n" not in text[max(0, reach - _REACH) : match.start()]
        if not announced and not _stands_for_itself(match[0]):
            continue
        digits = match[0].replace(".", "")
        if not _exists(digits) or digits in _EDITIONS or _is_date(match[0]):
            continue
        if _NUMBER_OF_LAW.search(text[max(0, match.start() - 16) : match.start()]):
            continue
        counts[digits] += 1
        if announced:
            reach = match.end() + _REACH
    return tuple(code for code, _ in counts.most_common(_MOST))


def is_hs_code(digits: str) -> bool:
    """Whether ``digits`` could be a chapter (2 digits), heading (4), subheading (6) or national line (8 or 10)."""
    if not digits.isdecimal() or len(digits) not in (2, 4, 6, 8, 10):
        return False
    return _LAST_HEADING.get(digits, 0) > 0 if len(digits) == 2 else _exists(digits)


def _stands_for_itself(written: str) -> bool:
    groups = written.split(".")
    if len(groups[0]) != 4 or len(groups) < 2:
        return False
    return len(groups) >= 3 or written.startswith("0")


def _exists(digits: str) -> bool:
    last = _LAST_HEADING.get(digits[:2], 0)
    return 1 <= int(digits[2:4]) <= last


def _is_date(written: str) -> bool:
    groups = written.split(".")
    if len(groups) != 3 or len(groups[0]) != 4:
        return False
    year, month, day = (int(group) for group in groups)
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31
