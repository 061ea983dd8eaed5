"""Running headers, running footers and page numbers: what stands at the edge of page after page."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import takewhile

from ingest.converted import BlockKind
from ingest.structure.paragraphs import Line
from ingest.structure.words import PAGE_NUMBER

_LINES = 3  # of a header or footer; where more repeat, a page's text is repeated
_MIN_PAGES = 3
_MIN_DENSITY = 0.3  # of the pages from its first to its last; left and right pages differ, and so do chapters
_MAX_SHARE = 0.5  # of the document's characters: a document of equal pages has no furniture
_LONGEST = 160  # characters; a longer line is text, however often it comes

_PAGE_NUMBER = re.compile(rf"\W{{0,3}}(?:{PAGE_NUMBER})\W{{0,3}}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_ROMAN_PAGE = re.compile(r"[-–—\s]*[ivxl]{1,7}[-–—\s]*")


def without_furniture(lines: Sequence[Line]) -> list[Line]:
    """``lines`` without what repeats at the edges of pages. A line whose text occurs once is never dropped, unless it
    says nothing but its page's number.

    Two lines are the same when their text is, or when they differ in one number that counts with the pages: so
    "Informe 2026 - 3" repeats and "Artículo 3" at the top of a page does not.
    """
    pages: dict[int, list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if line.block.page is not None:
            pages[line.block.page].append(index)
    if not pages:
        return list(lines)
    edges = [
        edge for indices in pages.values() for edge in (indices[: _LINES + 1], indices[::-1][: _LINES + 1]) if edge
    ]
    repeated = _repeated(lines, edges, len(pages))
    dropped: set[int] = set()
    for edge in edges:
        furniture = list(takewhile(lambda index: _is_furniture(lines[index], repeated), edge))
        if len(furniture) <= _LINES:
            dropped.update(furniture)
    characters = sum(len(line.text) for line in lines)
    if sum(len(lines[index].text) for index in dropped) > _MAX_SHARE * characters:
        dropped = {index for index in dropped if _says_its_page(lines[index])}
    return [line for index, line in enumerate(lines) if index not in dropped]


def _is_furniture(line: Line, repeated: set[str]) -> bool:
    return _may_drop(line) and (_says_its_page(line) or not repeated.isdisjoint(_signatures(line)))


def _may_drop(line: Line) -> bool:
    return line.block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM) and len(line.text) <= _LONGEST


def _says_its_page(line: Line) -> bool:
    return bool(_PAGE_NUMBER.fullmatch(line.text))


def _signatures(line: Line) -> Iterable[str]:
    """The line as it is, and with each number replaced by its distance from the page's: constant where it counts."""
    text = " ".join(line.text.casefold().split())
    yield text
    page = line.block.page or 0
    numbers = list(_NUMBER.finditer(text))
    for number in numbers[-2:] if len(numbers) > 2 else numbers:
        if len(number[0]) <= 4:
            yield f"{text[: number.start()]}\0{int(number[0]) - page}\0{text[number.end() :]}"
    if _ROMAN_PAGE.fullmatch(line.text):
        yield "\0roman"


def _repeated(lines: Sequence[Line], edges: Iterable[Sequence[int]], pages: int) -> set[str]:
    """The signatures that stand at the edge of enough pages."""
    seen: dict[str, set[int]] = defaultdict(set)
    for edge in edges:
        for index in edge:
            page = lines[index].block.page
            if page is not None and _may_drop(lines[index]):
                for signature in _signatures(lines[index]):
                    seen[signature].add(page)
    enough = min(_MIN_PAGES, max(2, pages))
    return {
        signature
        for signature, where in seen.items()
        if len(where) >= enough and len(where) >= _MIN_DENSITY * (max(where) - min(where) + 1)
    }
