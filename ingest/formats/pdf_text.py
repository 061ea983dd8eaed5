"""From a page of a PDF to paragraphs, by where its lines stand.

A PDF knows no paragraphs: it draws pieces of text at places. pypdf puts the pieces in lines, in the order in which they
are drawn, which for what word processors and typesetters write is the reading order, columns included. Lines become
paragraphs by what a reader sees: the space between them, indentation, the size of the type, marks of lists.
"""

from __future__ import annotations

import math
import re
import statistics
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from pypdf import PageObject

from ingest.formats.blocks import clean_text

_SENTENCE_END = re.compile(r"[.:;!?…。；：！？][)\]»”\"']?\d*$")
_ITEM_START = re.compile(
    r"(?:[–—*-]\s|\(?(?:[a-zñ]|[ivxlIVXL]{1,5}|\d{1,3}(?:\.\d{1,3})*)[.)°º]\s+\S|§\s*\d|"
    r"(?:art[íi]culo|art[íi]go|article|art\.|cl[áa]usula|статья|section|secci[óo]n|cap[íi]tulo|chapter|anexo|annex)\s+[\dIVXLivxl]|"
    r"第[一二三四五六七八九十百零〇\d]+[条章节])",
    re.I,
)
BULLET_START = re.compile(r"[•◦▪■●○‣\uf0b7\uf0a7\uf0d8]\s*\S")
_BOLD_FONT = re.compile(r"bold|medi(?!um)|black|heavy|demi|cmbx|sfbx|sfsx", re.I)
_ALL_BOLD = 0.95  # of the characters of a line
_WIDE_GAP = 1.4  # of the usual distance of lines
_WIDE_GAP_IN_LARGE_TYPE = 1.5  # of the size of the type, where that asks for more
_COLUMN_JUMP = 0.5  # of the size of the type, upwards
_INDENT = 0.8  # of the size of the type
_SAME_SIZE = 0.12  # relative
_SHORT_LINE = 0.75  # of the usual length


@dataclass(slots=True)
class Line:
    """A line of a page. Lengths in points, along and across the direction in which it is written."""

    text: str
    along: float
    across: float
    size: float
    bold: bool
    angle: int  # degrees from which it is written, in steps of 90


@dataclass(slots=True, eq=False)
class Paragraph:
    lines: list[Line] = field(default_factory=list)

    @property
    def size(self) -> float:
        return self.lines[0].size

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


def paragraphs_of(page: PageObject) -> list[Paragraph]:
    """The paragraphs of a page in reading order; none where it has no text."""
    lines = _lines_of(page)
    leading = _usual_distance(lines)
    length = statistics.median_high([len(line.text) for line in lines]) if lines else 0
    paragraphs: list[Paragraph] = []
    for line in lines:
        if not paragraphs or _begins_paragraph(paragraphs[-1], line, leading, length):
            paragraphs.append(Paragraph())
        paragraphs[-1].lines.append(line)
    return paragraphs


class _Collector:
    """Takes the pieces of text as pypdf finds them, and makes lines of them."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self._text: list[str] = []
        self._place: _Place | None = None
        self._sizes: Counter[tuple[float, bool]] = Counter()

    def take(self, text: str, cm: Sequence[float], tm: Sequence[float], font: Any, size: float) -> None:
        for number, part in enumerate(text.split("\n")):
            if number:
                self.end_line()
            if part.strip():
                place = _place(cm, tm)
                if self._place is None:
                    self._place = place
                name = str(font.get("/BaseFont", "")) if isinstance(font, dict) else ""
                self._sizes[round(abs(size) * place.scale, 1), _BOLD_FONT.search(name) is not None] += len(part.strip())
            self._text.append(part)

    def end_line(self) -> None:
        text = clean_text("".join(self._text))
        if text and self._place is not None:
            (size, _), _ = self._sizes.most_common(1)[0]
            in_bold = sum(count for (_, bold), count in self._sizes.items() if bold)
            bold = in_bold >= _ALL_BOLD * self._sizes.total()
            self.lines.append(Line(text, self._place.along, self._place.across, size, bold, self._place.angle))
        self._text, self._place, self._sizes = [], None, Counter()


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a piece stands along and across its own direction of writing, and how much its type is enlarged."""

    along: float
    across: float
    scale: float
    angle: int


def _place(cm: Sequence[float], tm: Sequence[float]) -> _Place:
    a = tm[0] * cm[0] + tm[1] * cm[2]
    b = tm[0] * cm[1] + tm[1] * cm[3]
    x = tm[4] * cm[0] + tm[5] * cm[2] + cm[4]
    y = tm[4] * cm[1] + tm[5] * cm[3] + cm[5]
    scale = math.hypot(a, b)
    if not math.isfinite(scale) or scale == 0 or not math.isfinite(x) or not math.isfinite(y):
        return _Place(0.0, 0.0, 1.0, 0)
    angle = round(math.degrees(math.atan2(b, a)) / 90) % 4 * 90
    return _Place((x * a + y * b) / scale, (y * a - x * b) / scale, scale, angle)


def _lines_of(page: PageObject) -> list[Line]:
    collector = _Collector()
    page.extract_text(visitor_text=collector.take)
    collector.end_line()
    return collector.lines


def _usual_distance(lines: Sequence[Line]) -> float:
    """The distance from line to line within paragraphs: the commonest one, in points."""
    distances = [
        round((upper.across - lower.across) * 2) / 2
        for upper, lower in pairwise(lines)
        if 0.5 * lower.size < upper.across - lower.across < 2.5 * lower.size
    ]
    if not distances:
        return 0.0
    (common, times), *_ = Counter(distances).most_common(1)
    return common if times > 1 else min(distances)


def _begins_paragraph(above: Paragraph, line: Line, leading: float, usual_length: float) -> bool:
    previous = above.lines[-1]
    distance = previous.across - line.across
    ends_sentence = _SENTENCE_END.search(previous.text) is not None
    if abs(previous.size - line.size) > _SAME_SIZE * max(previous.size, line.size, 1.0):
        return not _is_note_mark(previous, line)
    if previous.angle != line.angle or (previous.bold != line.bold and len(line.text) > 3 and len(previous.text) > 3):
        return True
    if distance < -_COLUMN_JUMP * line.size:  # the next column, or a piece drawn out of order
        return ends_sentence or not line.text[:1].islower()
    if distance > max(_WIDE_GAP * (leading or 1.2 * line.size), _WIDE_GAP_IN_LARGE_TYPE * line.size):
        return True
    if BULLET_START.match(line.text):
        return True
    if _ITEM_START.match(line.text) and (ends_sentence or _is_item(above.lines[0].text)):
        return True
    if ends_sentence and line.along > previous.along + _INDENT * line.size:
        return True
    return ends_sentence and len(previous.text) < _SHORT_LINE * usual_length and len(above.lines) > 1


def _is_item(text: str) -> bool:
    return bool(_ITEM_START.match(text) or BULLET_START.match(text))


def _is_note_mark(previous: Line, line: Line) -> bool:
    """A raised figure drawn on a line by itself does not end the paragraph."""
    return (
        abs(previous.across - line.across) < 0.6 * max(previous.size, line.size)
        and min(len(previous.text), len(line.text)) <= 3
    )
