"""Recognises the opening of a part, chapter, section, article, clause or annex at the start of a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from ingest.structure.words import (
    CHINESE_ANNEX,
    CHINESE_UNITS,
    ORDINALS,
    SPANISH_CONTRACT_ORDINALS,
    UNITS,
    Rank,
)

MAX_TITLE = 150  # characters; a longer rest of the line is text, not a title

_ROMAN = r"(?-i:[IVXLCDM]+)(?!\w)"
_DIGITS = (
    r"\d+(?:[.\-–]\d+)*"
    r"(?:[.\s]?(?:[ºª°\ufffd]|(?-i:o|a|ro|er|ère|st|nd|rd|th)\b))?"  # U+FFFD: a º of an encoding that nobody declared
    r"(?:[\s-]?(?:bis|ter|qu[aá]ter|quinquies|sexies)\b)?(?:-?(?-i:[A-Z])\b)?"
)
_LETTER = r"(?-i:[A-ZА-Я](?:[.-]?\d+)?)(?!\w)"
_TERMINAL = re.compile(r"[.;:,?!…。；：，]\s*[\"”»’)]*$")
_NOTE = re.compile(r"\s*\([^()]*\)$")  # "(Vide Lei nº 14.133)", "(*)"
_DOT_LEADER = re.compile(r"(?:\.{4,}|…{2,}|(?:\s\.){4,}|_{4,})\s*\w{0,6}$")
_CHINESE = re.compile(
    rf"第\s*(?P<number>[一二三四五六七八九十百千零〇两\d.]+)\s*(?P<unit>{'|'.join(CHINESE_UNITS)})(?P<rest>.*)$"
    rf"|(?:{CHINESE_ANNEX})\s*(?P<annex>[一二三四五六七八九十\d]*)(?P<annex_rest>[\s：:].*)?$",
    re.DOTALL,
)
_SEPARATOR = re.compile(r"\s*(?:[.:)º°]+\s*[-–—]*|[-–—]+)\s*")
_CONTRACT = re.compile(
    rf"(?P<label>{SPANISH_CONTRACT_ORDINALS})\s*(?:\.\s*[-–—]?|[-–—:])\s*(?P<rest>\S.*)?$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Marker:
    """The name and number that open a part of the text, and what follows them in the same line."""

    rank: Rank
    label: str  # as written: "Artículo 5", "CAPÍTULO III", "第十二条"
    number: str  # "5", "III", "primera"; empty for an annex without one
    rest: str  # what follows, without the separator
    separated: bool  # a dot, dash or colon stood between the label and the rest
    abbreviated: bool  # "Art. 5º": opens an article even with nothing between the number and the text


def is_title(text: str) -> bool:
    """Short, and without a sentence's end. A single dot after few words is still a title ("Definiciones.")."""
    if len(text) > MAX_TITLE or "\n" in text:
        return False
    if not _TERMINAL.search(_NOTE.sub("", text)):
        return True
    return text.endswith(".") and len(text) <= 60 and len(text.split()) <= 6 and ". " not in text


def is_contents_line(text: str) -> bool:
    """Whether this is a line of a table of contents: dots lead to a page number."""
    return bool(_DOT_LEADER.search(text[-80:]))


@cache
def _pattern() -> tuple[re.Pattern[str], tuple[Rank, ...]]:
    """One expression for all languages, so that a line is looked at once. Group ``r<n>`` says which rank it was."""
    ordinals = "|".join(f"(?:{words})" for words in ORDINALS.values())
    names: dict[Rank, list[str]] = {}
    for units in UNITS.values():
        for rank, words in units.items():
            names.setdefault(rank, []).append(words)
    ranks = tuple(names)
    units_expression = "|".join(f"(?P<r{int(rank)}>{'|'.join(names[rank])})" for rank in ranks)
    before = rf"(?:(?P<ordinal>{ordinals})\s+(?P<part>parte|partie|часть|secci[oó]n|se[cç][aã]o)(?!\w))"
    number = rf"(?:n[º°o.]+\s*|№\s*)?(?P<number>{_DIGITS}|{_ROMAN}(?:[.\-]\d+)*|(?:{ordinals})(?!\w)|{_LETTER})"
    expression = rf"(?:{before}|(?:{units_expression})(?:\s+|(?<=\.)){number})"
    return re.compile(expression, re.IGNORECASE), ranks


_ANNEX_ALONE = re.compile(
    rf"(?:{'|'.join(dict.fromkeys(units[Rank.ANNEX] for units in UNITS.values()))})s?$", re.IGNORECASE
)


def marker_at(line: str) -> Marker | None:
    """The marker that ``line`` opens with, or None.

    Only the shape is judged here: "Artículo 5 de la Ley 100" is no marker, because a lower-case word follows the
    number; whether a well-shaped one is a heading depends on what stands around it (:mod:`ingest.structure.headings`).
    """
    text = line.strip()
    if not text or is_contents_line(text):
        return None
    first = text[0]
    if first in "第附":
        return _chinese_marker(text)
    if not first.isupper():
        return None
    if len(text) <= 12 and _ANNEX_ALONE.match(text):
        return Marker(Rank.ANNEX, text, "", "", separated=True, abbreviated=False)
    expression, ranks = _pattern()
    match = expression.match(text)
    if match is None:
        contract = _CONTRACT.match(text)
        if contract is None:
            return None
        return Marker(
            Rank.ARTICLE,
            contract["label"],
            contract["label"],
            contract["rest"] or "",
            separated=True,
            abbreviated=False,
        )
    if match["part"]:
        rank = Rank.SECTION if match["part"].casefold().startswith("se") else Rank.PART
        number = match["ordinal"]
    else:
        rank = next(rank for rank in ranks if match[f"r{int(rank)}"])
        number = match["number"]
    return _with_rest(text, match.end(), rank, number)


def _with_rest(text: str, end: int, rank: Rank, number: str) -> Marker | None:
    label = text[:end]
    separator = _SEPARATOR.match(text, end)
    rest = text[separator.end() if separator else end :].strip()
    abbreviated = label.casefold().startswith(("art.", "ст.")) or label.endswith(("º", "°"))
    if not rest:
        return Marker(rank, label, number, "", separated=True, abbreviated=abbreviated)
    if separator is None and not text[end].isspace():
        return None  # "Artículo 5(2)", "Article 12, paragraph 3"
    opener = rest.lstrip("\"“«‘'([¿¡*_ ")
    strong = separator is not None and any(mark in separator[0] for mark in ":-–—")
    if not opener or (opener[0].islower() and not (strong and rank is Rank.ARTICLE)):
        return None  # a lower-case word: a reference in the middle of a sentence
    if opener[0].isdigit() and separator is None:
        return None
    return Marker(rank, label, number, rest, separated=separator is not None, abbreviated=abbreviated)


def _chinese_marker(text: str) -> Marker | None:
    match = _CHINESE.match(text)
    if match is None:
        return None
    if match["unit"]:
        rest, rank, number = match["rest"], CHINESE_UNITS[match["unit"]], match["number"]
        label = text[: match.start("rest")]
        if rest and not rest[0].isspace() and rest[0] not in "：:【(（、" and rank is Rank.ARTICLE:
            return None  # "第五条规定……": a reference
    else:
        rest, rank, number = match["annex_rest"] or "", Rank.ANNEX, match["annex"]
        label = text[: len(text) - len(rest)]
    return Marker(rank, label, number, rest.strip(" \t\u3000：:"), separated=True, abbreviated=False)
