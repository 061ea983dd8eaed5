"""Which paragraphs of a PDF are headings: those that its outline names, or those in larger or bolder type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from pypdf import PdfReader
from pypdf.generic import Destination

from ingest.formats.pdf_text import BULLET_START, Paragraph

_LARGER = 1.15  # than the type of most of the text
_HARDLY_SMALLER = 0.97
_MOST_HEADINGS = 0.2  # of all characters: beyond it, large or bold type means nothing
_LEAST_LETTERS = 3
_MOST_BOLD_LINES = 2
_LONGEST_HEADING = 200
_MOST_HEADING_LINES = 4
_MOST_LEVELS = 6
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    level: int
    page: int  # 0-based


def headings_by_outline(reader: PdfReader, pages: list[list[Paragraph]]) -> dict[int, int]:
    """Levels of the paragraphs (by ``id``) that the outline names; one run into its text is split off in ``pages``.

    An entry whose title does not stand on the page that it points to is left out: what a passage is said to stand under
    must be there.
    """
    levels: dict[int, int] = {}
    reached: dict[int, int] = {}
    for entry in _entries(reader):
        if not 0 <= entry.page < len(pages):
            continue
        page = pages[entry.page]
        start = reached.get(entry.page, 0)
        places = ((start, False), (0, False), (start, True), (0, True))
        found = next((place for at, loosely in places if (place := _find(entry.title, page, at, loosely))), None)
        if found is None:
            continue
        at, first, last = found
        at = _split_off(page, at, first, last)
        levels[id(page[at])] = entry.level
        reached[entry.page] = at + 1
    return levels


def _entries(reader: PdfReader) -> Iterator[_Entry]:
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
    path: list[Iterator[Any]] = [iter(reader.outline)]
    for _ in range(_MOST_ENTRIES):
        item = next(path[-1], None)
        if item is None:
            path.pop()
            if not path:
                return
        elif isinstance(item, list):
            path.append(iter(item))
        elif isinstance(item, Destination) and isinstance(item.title, str):
            number = _page_number(item, numbers)
            if number is not None:
                yield _Entry(item.title, min(len(path), 6), number)


def _page_number(destination: Destination, numbers: dict[int, int]) -> int | None:
    page = destination.get("/Page")
    reference = getattr(page, "idnum", None)
    if reference is not None:
        return numbers.get(reference)
    return int(page) if isinstance(page, int) else None


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


_NUMBERING = re.compile(r"^\W*(?:[A-Z]|[IVXLC]+|\d+(?:\.\d+)*)[.):\s-]\s*")


def _find(title: str, page: list[Paragraph], start: int, loosely: bool) -> tuple[int, int, int] | None:
    """Where the title stands on the page: its paragraph and the first and last of its lines there.

    A title may take several lines. Numbering may be only in the outline or only on the page; only ``loosely`` looks
    past that, because running headers repeat titles with a number as well.
    """
    wanted = _key(_NUMBERING.sub("", title, count=1) if loosely else title)
    for at in range(start, len(page) if wanted else 0):
        lines = page[at].lines
        for first in range(len(lines)):
            text = ""
            for last in range(first, min(first + _MOST_HEADING_LINES, len(lines))):
                text += lines[last].text + " "
                if _key(_NUMBERING.sub("", text, count=1) if loosely else text) == wanted:
                    return at, first, last
                if len(text) > 2 * len(title) + 20:
                    break
    return None


def _split_off(page: list[Paragraph], at: int, first: int, last: int) -> int:
    """Make the lines ``first`` to ``last`` of a paragraph one of their own; returns where it is on the page now."""
    lines = page[at].lines
    parts = [lines[:first], lines[first : last + 1], lines[last + 1 :]]
    if not parts[0] and not parts[2]:
        return at
    page[at : at + 1] = [Paragraph(part) for part in parts if part]
    return at + bool(parts[0])


def headings_by_type(pages: list[list[Paragraph]]) -> dict[int, int]:
    """Levels of the paragraphs (by ``id``) set in larger or bolder type than most text; the largest is level 1."""
    types: Counter[tuple[float, bool, int]] = Counter()
    for page in pages:
        for paragraph in page:
            for line in paragraph.lines:
                types[line.size, line.bold, line.angle] += len(line.text)
    if not types:
        return {}
    (size, bold, angle), _ = types.most_common(1)[0]
    usual = _Type(size, bold, angle)
    candidates = [
        paragraph
        for page in pages
        for paragraph, following in zip_longest(page, page[1:])
        if _looks_like_heading(paragraph, usual) and not (following and following.text[:1].islower())
    ]
    if sum(len(paragraph.text) for paragraph in candidates) > _MOST_HEADINGS * types.total():
        return {}
    kinds = sorted({(paragraph.size, paragraph.bold) for paragraph in candidates}, reverse=True)
    ranks = {kind: rank for rank, kind in enumerate(kinds, 1)}
    return {id(paragraph): min(ranks[paragraph.size, paragraph.bold], _MOST_LEVELS) for paragraph in candidates}


@dataclass(frozen=True, slots=True)
class _Type:
    """What most of the text is set in."""

    size: float
    bold: bool
    angle: int


def _looks_like_heading(paragraph: Paragraph, usual: _Type) -> bool:
    text = paragraph.text
    larger = paragraph.size >= usual.size * _LARGER
    bolder = paragraph.bold and not usual.bold and paragraph.size >= usual.size * _HARDLY_SMALLER
    return (
        (larger or (bolder and len(paragraph.lines) <= _MOST_BOLD_LINES))
        and paragraph.lines[0].angle == usual.angle  # what runs up the margin is a stamp
        and len(text) <= _LONGEST_HEADING
        and len(paragraph.lines) <= _MOST_HEADING_LINES
        and len(re.findall(r"[^\W\d_]", text)) >= _LEAST_LETTERS
        and not text.rstrip().endswith((".", ",", ";", ":", "-"))
        and not BULLET_START.match(text)
    )
