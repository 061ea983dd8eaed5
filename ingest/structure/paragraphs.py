"""Lines become paragraphs: hyphens at line ends are mended, wrapped lines joined, lists and tables left alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.converted import Block, BlockKind
from ingest.structure.markers import is_contents_line, is_title, marker_at
from ingest.structure.words import HYPHENATED_PREFIXES, PORTUGUESE_CLITICS

_MIN_WRAPPED_LINES = 8
_SHORTEST_WIDTH, _LONGEST_WIDTH = 35, 160  # characters of a wrapped line
_LONGEST_TITLE_LINE = 60  # characters
_LONG_CHINESE_LINE = 20  # characters

_TAIL = 80  # characters at a line's end that tell how it ends

_LIST_ITEM = re.compile(
    r"(?:[-•–—*·▪◦‣●○■□✓→]\s|\(?(?:[a-zA-Z]|[ivxIVX]{1,5}|\d{1,3})\)\s?|\d{1,3}(?:\.\d{1,3})*[.)]\s|\d{1,2}(?:\.\d{1,2})+\s"
    r"|[a-zA-Z][.]\s|[IVXL]{1,6}\s?[-–—.)]\s|§|Par[aá]grafo\s|[(（][一二三四五六七八九十\d]+[)）]|[一二三四五六七八九十]+、)"
)
_LABELLED = re.compile(r"[^\W\d_][\w ./-]{0,24}:\s")  # "Para: ventas@...", "Fecha: ..."
_CLOSED = re.compile(r"[.;:?!…。；：？！]\s*[\"”»’)\]*]*$")
_HYPHEN = re.compile(r"(?P<head>[^\W_]+)[-\u2010\u00ad\u00ac]$")
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a block as the format gave it."""

    text: str
    block: Block
    number: int  # of its block


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A mended stretch of text that knows on which page each of its characters stood."""

    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None
    pages: tuple[tuple[int, int], ...] = ()  # (offset from which, page), rising
    sheet: str | None = None
    row: int | None = None
    language: str | None = None

    def page_at(self, offset: int) -> int | None:
        """The page of the character at ``offset``; None where the format has no pages."""
        page = None
        for start, number in self.pages:
            if start > offset:
                break
            page = number
        return page


def lines_of(blocks: Iterable[Block]) -> list[Line]:
    """Paragraphs and list items line by line; headings, tables and code whole."""
    lines: list[Line] = []
    for number, block in enumerate(blocks):
        if block.kind in (BlockKind.PARAGRAPH, BlockKind.LIST_ITEM):
            lines.extend(Line(text, block, number) for part in block.text.splitlines() if (text := part.strip()))
        elif block.text.strip():
            lines.append(Line(block.text.strip(), block, number))
    return lines


def paragraphs_of(lines: Sequence[Line], language: str | None = None) -> tuple[list[Paragraph], bool]:
    """Joins what a line break tore apart. Tells as well whether the source makes a block of every line.

    Some sources wrap inside a block (plain text, PDF), some make a block of every line (PDF, and web pages made from
    PDF). Both are seen from the text: where lines of much the same length go on in lower case, the document is
    wrapped, and then a line that reaches the margin goes on in the next.
    """
    plain = [line for line in lines if line.block.kind is BlockKind.PARAGRAPH]
    pairs = list(pairwise(plain))
    widths = {
        same_block: _wrap_width([pair for pair in pairs if (pair[0].number == pair[1].number) is same_block])
        for same_block in (True, False)
    }
    words = _vocabulary(lines)
    paragraphs: list[Paragraph] = []
    run: list[Line] = []
    for line in lines:
        if run and _goes_on(run[-1], line, widths[run[-1].number == line.number]):
            run.append(line)
            continue
        if run:
            paragraphs.append(_joined(run, words, language))
        run = [line]
    if run:
        paragraphs.append(_joined(run, words, language))
    return paragraphs, widths[False] is not None


def opens_list_item(text: str) -> bool:
    return bool(_LIST_ITEM.match(text))


def is_open(text: str) -> bool:
    """Whether a sentence goes on after ``text``: it ends without a full stop or the like."""
    return not _CLOSED.search(text[-_TAIL:])


def _wrap_width(pairs: Sequence[tuple[Line, Line]]) -> int | None:
    """The width at which lines are wrapped, in characters, seen from neighbours; None where they are not."""
    torn = [len(first.text) for first, second in pairs if is_open(first.text) and _starts_low(first.text, second.text)]
    if len(torn) < _MIN_WRAPPED_LINES or len(torn) < 0.15 * len(pairs):
        return None
    width = sorted(torn)[int(0.8 * (len(torn) - 1))]
    return width if _SHORTEST_WIDTH <= width <= _LONGEST_WIDTH else None


def _starts_low(first: str, second: str) -> bool:
    """Whether ``second`` begins as the middle of a sentence does.

    Chinese has no capitals: there a long line decides.
    """
    if _CJK.match(first[-1]) and _CJK.match(second):
        return len(first) >= _LONG_CHINESE_LINE and not opens_list_item(second) and marker_at(second) is None
    return second[0].islower() and not opens_list_item(second)


def _goes_on(first: Line, second: Line, width: int | None) -> bool:
    same_block = first.number == second.number
    if same_block and first.block.kind is BlockKind.LIST_ITEM:
        return True
    if {first.block.kind, second.block.kind} != {BlockKind.PARAGRAPH} or first.block.sheet != second.block.sheet:
        return False
    if is_contents_line(first.text) or is_contents_line(second.text):
        return False
    open_end = is_open(first.text)
    if same_block and _HYPHEN.search(first.text[-_TAIL:]) and second.text[0].isalnum():
        return True  # 2019-/2024
    if open_end and (_starts_low(first.text, second.text) or _is_torn_word(first.text, second.text)):
        return same_block or not _is_heading_like(first.text) or _is_torn_title(first.text, second.text)
    if opens_list_item(second.text) or _LABELLED.match(second.text) or _is_heading_like(first.text):
        return False
    if open_end:
        if width is not None:
            return len(first.text) >= 0.7 * width
        return same_block and marker_at(second.text) is None and len(first.text) >= _SHORTEST_WIDTH
    next_word = second.text.split(maxsplit=1)[0]
    return width is not None and len(first.text) + len(next_word) >= width and marker_at(second.text) is None


def _is_heading_like(text: str) -> bool:
    marker = marker_at(text)
    if marker is not None and (not marker.rest or is_title(marker.rest)):
        return True
    return text.isupper() and len(text) <= 100


def _is_torn_title(first: str, second: str) -> bool:
    """Whether a heading's title goes on: "Sección D - Medidas no" / "arancelarias"."""
    marker = marker_at(first)
    return marker is not None and bool(marker.rest) and len(second) <= _LONGEST_TITLE_LINE and is_open(second)


def _is_torn_word(first: str, second: str) -> bool:
    return bool(_HYPHEN.search(first[-_TAIL:])) and second[0].islower()


def _vocabulary(lines: Sequence[Line]) -> frozenset[str]:
    """The words of the document as they stand within lines: they tell whether a hyphen at a line's end is its own."""
    if not any(_HYPHEN.search(line.text[-_TAIL:]) for line in lines):
        return frozenset()
    words: set[str] = set()
    for line in lines:
        found = _WORD.findall(line.text.casefold())
        words.update(found[:-1] if line.text.endswith("-") else found)
    return frozenset(words)


def _joined(run: Sequence[Line], words: frozenset[str], language: str | None) -> Paragraph:
    block = run[0].block
    parts = [run[0].text]
    length = len(run[0].text)
    pages = [] if block.page is None else [(0, block.page)]
    for line in run[1:]:
        ending, between = _joint(parts[-1], line.text, words, line.block.language or language)
        length += len(ending) - len(parts[-1]) + len(between)
        parts[-1] = ending + between
        if line.block.page is not None and (not pages or pages[-1][1] != line.block.page):
            pages.append((length, line.block.page))
        parts.append(line.text)
        length += len(line.text)
    return Paragraph("".join(parts), block.kind, block.level, tuple(pages), block.sheet, block.row, block.language)


def _joint(text: str, following: str, words: frozenset[str], language: str | None) -> tuple[str, str]:
    """``text`` as it ends where ``following`` goes on, and what stands between the two."""
    torn = _HYPHEN.search(text[-_TAIL:])
    if torn:
        keeps = _keeps_hyphen(torn["head"], following, words, language) and text[-1] not in "\u00ad\u00ac"
        return (text if keeps else text[:-1]), ""
    if _CJK.match(text[-1]) and _CJK.match(following):
        return text, ""
    return text, " "


def _keeps_hyphen(head: str, following: str, words: frozenset[str], language: str | None) -> bool:
    """Whether the hyphen between ``head`` and the next line's first word is part of the word."""
    match = _WORD.match(following)
    tail = match[0] if match else ""
    if not tail or not tail[0].islower() or not head[-1].islower():
        return True  # 2019-2024, Perú-Chile
    first = head.casefold()
    if first + tail.casefold() in words:
        return False
    if f"{first}-{tail.casefold()}" in words or first in HYPHENATED_PREFIXES:
        return True
    if language == "pt" and tail in PORTUGUESE_CLITICS:
        return tail not in {"lo", "la", "los", "las"} or first[-1] in "áêéíôói"
    return False
