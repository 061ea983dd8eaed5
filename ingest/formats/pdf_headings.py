"""Which paragraphs of a PDF are headings: those that its outline names, or those in larger type."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import Destination

from ingest.formats.pdf_text import Paragraph

_LARGER = 1.15  # than the type of most of the text
_MOST_HEADINGS = 0.3  # of all paragraphs: beyond it, large type means nothing
_LONGEST_HEADING = 200
_MOST_HEADING_LINES = 4
_MOST_LEVELS = 4
_MOST_ENTRIES = 20_000


@dataclass(frozen=True, slots=True)
class _Entry:
    title: str
    level: int
    page: int  # 0-based


def headings_by_outline(reader: PdfReader, pages: list[list[Paragraph]]) -> dict[int, int]:
    """Levels of the paragraphs (by ``id``) that the outline names; a heading run into its text is split off in ``pages``.

    An entry whose title does not stand on the page that it points to is left out: what a passage is said to stand under
    must be there.
    """
    levels: dict[int, int] = {}
    reached: dict[int, int] = {}
    for entry in _entries(reader):
        if not 0 <= entry.page < len(pages):
            continue
        page = pages[entry.page]
        found = _find(entry.title, page, reached.get(entry.page, 0))
        if found is None:
            found = _find(entry.title, page, 0)
        if found is None:
            continue
        at, first, last = found
        at = _split_off(page, at, first, last)
        levels[id(page[at])] = entry.level
        reached[entry.page] = at + 1
    return levels


def _entries(reader: PdfReader) -> Iterator[_Entry]:
    numbers = {page.indirect_reference.idnum: at for at, page in enumerate(reader.pages) if page.indirect_reference}
    waiting = [(reader.outline, 1)]
    left = _MOST_ENTRIES
    while waiting and left:
        entries, level = waiting.pop()
        for at, item in enumerate(entries):
            left -= 1
            if isinstance(item, list):
                waiting += [(entries[at + 1 :], level), (item, level + 1)]
                break
            if isinstance(item, Destination) and isinstance(item.title, str):
                number = _page_number(item, numbers)
                if number is not None:
                    yield _Entry(item.title, min(level, 6), number)


def _page_number(destination: Destination, numbers: dict[int, int]) -> int | None:
    page = destination.get("/Page")
    reference = getattr(page, "idnum", None)
    if reference is not None:
        return numbers.get(reference)
    return int(page) if isinstance(page, int) else None


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


_NUMBERING = re.compile(r"^\W*(?:[A-Z]|[IVXLC]+|\d+(?:\.\d+)*)[.):\s-]\s*")


def _find(title: str, page: list[Paragraph], start: int) -> tuple[int, int, int] | None:
    """Where the title stands on the page: its paragraph and the first and last of its lines there.

    Numbering may be only in the outline or only on the page; a title may take several lines.
    """
    wanted = _key(title)
    if not wanted:
        return None
    also = _key(_NUMBERING.sub("", title, count=1))
    for at in range(start, len(page)):
        lines = page[at].lines
        for first in range(len(lines)):
            text = ""
            for last in range(first, min(first + _MOST_HEADING_LINES, len(lines))):
                text += lines[last].text + " "
                key = _key(text)
                bare = _key(_NUMBERING.sub("", text, count=1))
                if key == wanted or (bare and bare == wanted) or (also and key == also):
                    return at, first, last
                if len(key) > len(wanted) + 12:
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


def headings_by_size(pages: list[list[Paragraph]]) -> dict[int, int]:
    """Levels of the paragraphs (by ``id``) set in larger type than most of the text; the largest is level 1."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for paragraph in page:
            for line in paragraph.lines:
                sizes[line.size] += len(line.text)
    if not sizes:
        return {}
    usual = sizes.most_common(1)[0][0]
    candidates = [paragraph for page in pages for paragraph in page if _looks_like_heading(paragraph, usual)]
    if len(candidates) > _MOST_HEADINGS * sum(map(len, pages)) or len(candidates) < 1:
        return {}
    ranks = {size: rank for rank, size in enumerate(sorted({p.size for p in candidates}, reverse=True), 1)}
    return {id(paragraph): min(ranks[paragraph.size], _MOST_LEVELS) for paragraph in candidates}


def _looks_like_heading(paragraph: Paragraph, usual: float) -> bool:
    text = paragraph.text
    return (
        paragraph.size >= usual * _LARGER
        and len(text) <= _LONGEST_HEADING
        and len(paragraph.lines) <= _MOST_HEADING_LINES
        and len(re.findall(r"[^\W\d_]", text)) >= 3
        and not text.rstrip().endswith((".", ",", ";"))
    )
