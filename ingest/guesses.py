"""What can be told of a document from itself: title, date, countries, kind, HS codes; each with where it comes from."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import PurePath
from typing import Generic, TypeVar

from corpus.countries import mentions
from corpus.documents import Kind, Passage
from corpus.language import main_language
from ingest.converted import BlockKind, ConvertedDocument
from ingest.dates_in_text import published_in
from ingest.front_matter import read_front_matter
from ingest.hs_codes import hs_codes_in
from ingest.kinds import kind_of

Value = TypeVar("Value")

_LONGEST_TITLE = 200
_OPENING = 4000  # characters in which title, date and kind are looked for
_WEIGHT_OF_TITLE = 5  # mentions
_MIN_MENTIONS = 3
_MIN_SHARE = 0.2  # of the mentions of the country named most
_MOST_COUNTRIES = 5
_TEXT_FOR_COUNTRIES = 400_000  # characters

_JUNK_TITLE = re.compile(
    r"(?:microsoft (?:word|excel|powerpoint) ?-.*|untitled.*|(?:sin|sem) t[ií]tulo.*|no title|document\d*|documento\d*"
    r"|presentaci[oó]n(?: de powerpoint)?|apresenta[cç][aã]o(?: do powerpoint)?|powerpoint presentation|slide ?1|title"
    r"|index|contents|.*\.(?:docx?|xlsx?|pptx?|pdf|odt|indd|rtf|html?|txt|tmp)|\W*\d*\W*)",
    re.IGNORECASE,
)


class Origin(StrEnum):
    """Where a fact comes from when nobody gave it."""

    FORMAT = "format"  # what the file says of itself in its properties
    GUESS = "guess"  # read from the text


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    value: Value
    origin: Origin


@dataclass(frozen=True, slots=True)
class Guesses:
    title: Found[str]
    kind: Found[Kind]
    language: Found[str] | None = None
    published: Found[date] | None = None
    countries: Found[tuple[str, ...]] | None = None
    hs_codes: Found[tuple[str, ...]] | None = None


def guess(converted: ConvertedDocument, passages: Sequence[Passage], file_name: str) -> Guesses:
    """``file_name`` is what the sender calls it; it names the document where nothing else does."""
    title = guess_title(converted, file_name)
    opening = _beginning(converted, _OPENING)
    articles = sum(bool(passage.heading_path) for passage in passages)
    language = main_language([each.language for each in passages], [len(each.text) for each in passages])
    codes = hs_codes_in("\n".join((title.value, *(passage.text for passage in passages))))
    return Guesses(
        title=title,
        kind=Found(kind_of(title.value, opening, headed_passages=articles), Origin.GUESS),
        language=Found(language, Origin.GUESS) if language else None,
        published=_published(converted, opening),
        countries=_countries(title.value, converted),
        hs_codes=Found(codes, Origin.GUESS) if codes else None,
    )


def guess_title(converted: ConvertedDocument, file_name: str) -> Found[str]:
    """The title of the file's properties unless it is a program's filler; then the first heading or short first line;
    then the file's name.
    """
    declared = _cleaned(converted.title)
    stem = PurePath(file_name).stem
    if declared and not _JUNK_TITLE.fullmatch(declared) and declared.casefold() != stem.casefold():
        return Found(declared, Origin.FORMAT)
    headings = (block for block in converted.blocks[:30] if block.kind is BlockKind.HEADING)
    first_heading = min(headings, key=lambda block: block.level or 1, default=None)
    first_block = converted.blocks[0] if converted.blocks else None
    if first_heading is not None and (text := _cleaned(first_heading.text)):
        return Found(text, Origin.GUESS)
    if first_block is not None and first_block.kind is BlockKind.PARAGRAPH:
        line = _cleaned(first_block.text.splitlines()[0])
        if 4 <= len(line) <= 120 and not line.endswith((".", ",", ";", ":")) and not _JUNK_TITLE.fullmatch(line):
            return Found(line, Origin.GUESS)
    return Found(re.sub(r"[\s_]+", " ", stem).strip() or file_name or "document", Origin.GUESS)


def _cleaned(text: str | None) -> str:
    return " ".join((text or "").split())[:_LONGEST_TITLE].strip()


def _beginning(converted: ConvertedDocument, characters: int) -> str:
    parts: list[str] = []
    length = 0
    for block in converted.blocks:
        parts.append(block.text)
        length += len(block.text) + 1
        if length >= characters:
            break
    return "\n".join(parts)[:characters]


def _published(converted: ConvertedDocument, opening: str) -> Found[date] | None:
    """A date that the text calls its own, then the file's, then one at the head of the text."""
    labelled, first = published_in(opening)
    if labelled is not None:
        return Found(labelled, Origin.GUESS)
    if converted.created is not None:
        return Found(converted.created, Origin.FORMAT)
    return Found(first, Origin.GUESS) if first is not None else None


def _countries(title: str, converted: ConvertedDocument) -> Found[tuple[str, ...]] | None:
    """Those that the file's properties name; else those in the title, and those that the text names again and again."""
    pairs = [(name, value) for name, value in converted.metadata if name.casefold() != "audience"]
    if declared := read_front_matter(pairs, title)[0].countries:
        return Found(declared, Origin.FORMAT)
    in_title = mentions(title)
    counts = Counter({code: _WEIGHT_OF_TITLE * number for code, number in Counter(in_title).items()})
    counts.update(mentions(_beginning(converted, _TEXT_FOR_COUNTRIES)))
    most = max(counts.values(), default=0)
    named = [
        code
        for code, count in counts.most_common()
        if code in in_title or (count >= _MIN_MENTIONS and count >= _MIN_SHARE * most)
    ]
    return Found(tuple(named[:_MOST_COUNTRIES]), Origin.GUESS) if named else None
