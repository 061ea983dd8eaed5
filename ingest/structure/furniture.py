"""Running headers, running footers and page numbers: what stands at the edge of page after page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from ingest.converted import BlockKind
from ingest.structure.paragraphs import Line
from ingest.structure.words import PAGE_NUMBER

_EDGE = 4  # lines looked at from the top and from the bottom of a page
_MIN_SHARE = 0.3  # of the pages; headers of left and right pages differ
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
    edges = [*(indices[:_EDGE] for indices in pages.values()), *(indices[::-1][:_EDGE] for indices in pages.values())]
    repeated = _repeated(lines, edges, len(pages))
    dropped: set[int] = set()
    for edge in edges:
        for index in edge:
            if not _may_drop(lines[index]) or not (
                repeated.intersection(_signatures(lines[index])) or _says_its_page(lines[index])
            ):
                break
            dropped.add(index)
    return [line for index, line in enumerate(lines) if index not in dropped]


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
    seen: set[tuple[str, int]] = set()
    for edge in edges:
        for index in edge:
            if _may_drop(lines[index]):
                seen.update((signature, lines[index].block.page or 0) for signature in _signatures(lines[index]))
    counts = Counter(signature for signature, _ in seen)
    enough = max(2, min(3, pages), round(_MIN_SHARE * pages)) if pages > 1 else 2
    return {signature for signature, count in counts.items() if count >= enough}
