"""Cuts a text that is too long for one passage: at lines, sentences, clauses, words; not inside a letter or number."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

import sentencex

_CLAUSE_END = re.compile(r"[;:,，；：、—–]\s*(?=\S)|\s(?=[(\[«“])")
_CJK_SENTENCE_END = re.compile(r"[。！？]\s*")
_LINE_END = re.compile(r"\n+")
_SPACE = re.compile(r"\s+")
_STRETCH = 20_000  # characters
_ZERO_WIDTH_JOINER = "\u200d"


def cuts(text: str, tokens: Sequence[tuple[int, int]], aim: int, limit: int, language: str) -> list[tuple[int, int]]:
    """The ranges (start, end, in characters) that ``text`` is cut into: all of it, in order.

    ``tokens`` are the ranges of its tokens. No range has more than ``limit`` of them, and they are of much the same
    length, about ``aim`` tokens. ``language`` (ISO 639-1) tells where sentences end.
    """
    if len(tokens) <= limit:
        return [(0, len(text))]
    token_starts = [start for start, _ in tokens]
    ways = _WaysToCut(text, token_starts, language)
    ranges: list[tuple[int, int]] = []
    start, first = 0, 0
    while len(tokens) - first > limit:
        remaining = len(tokens) - first
        wanted = min(limit, remaining / -(-remaining // aim))
        end = _best_cut(ways, token_starts, start, first, wanted, limit)
        ranges.append((start, end))
        start, first = end, bisect_left(token_starts, end)
    ranges.append((start, len(text)))
    return ranges


def stretches(text: str) -> Iterator[tuple[int, str]]:
    """``text`` in pieces that a tokenizer can hold, each with where it starts: at a space where there is one."""
    start = 0
    while len(text) - start > _STRETCH:
        end = start + _STRETCH
        space = text.rfind(" ", start + _STRETCH // 2, end)
        if space > 0:
            end = space + 1
        else:
            while end < len(text) and _inside_letter(text, end) and end - start < 2 * _STRETCH:
                end += 1
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _best_cut(ways: _WaysToCut, token_starts: Sequence[int], start: int, first: int, wanted: float, limit: int) -> int:
    """The cut nearest to ``wanted`` tokens from here, of the best kind there is between half of that and the limit."""
    earliest = token_starts[first + max(1, int(wanted / 2))]
    latest = token_starts[first + limit]  # the cut before this token keeps to the limit
    target = token_starts[first + int(wanted)] if first + int(wanted) < len(token_starts) else latest
    for positions in ways:
        inside = positions[bisect_left(positions, max(earliest, start + 1)) : bisect_right(positions, latest)]
        if inside:
            return min(inside, key=lambda position: abs(position - target))
    return latest


class _WaysToCut:
    """Positions to cut at, by kind, the best kind first. Each kind is worked out when the better ones gave nothing."""

    def __init__(self, text: str, token_starts: Sequence[int], language: str) -> None:
        self._text = text
        self._token_starts = token_starts
        self._language = language
        self._known: list[list[int]] = []
        self._kinds = self._work_out()

    def __iter__(self) -> Iterator[list[int]]:
        yield from self._known
        for positions in self._kinds:
            self._known.append(positions)
            yield positions

    def _work_out(self) -> Iterator[list[int]]:
        text = self._text
        spaces = [match.end() for match in _SPACE.finditer(text)]
        yield [match.end() for match in _LINE_END.finditer(text)]
        yield _sentence_ends(text, self._language)
        yield [match.end() for match in _CLAUSE_END.finditer(text) if not _inside_number(text, match.end())]
        yield [at for at in spaces if not _inside_number(text, at)]
        yield spaces  # between two numbers
        yield [at for at in self._token_starts if at and not _inside_number(text, at) and not _inside_letter(text, at)]
        letters = [at for at in range(1, len(text)) if not _inside_letter(text, at)]
        yield [at for at in letters if not _inside_number(text, at)]
        yield letters  # an endless number


def _sentence_ends(text: str, language: str) -> list[int]:
    ends: set[int] = set()
    position = 0
    for sentence in sentencex.segment(language, text):
        position = text.index(sentence, position) + len(sentence)
        ends.add(position)
    ends.update(match.end() for match in _CJK_SENTENCE_END.finditer(text))
    return sorted(ends)


def _inside_number(text: str, at: int) -> bool:
    """Whether a cut at ``at`` would tear 1.234,5 or 12 500."""
    if not 0 < at < len(text) or not text[at].isdigit():
        return False
    before = text[at - 1]
    return before.isdigit() or (before in ".,'’/:-– \u00a0\u202f" and at > 1 and text[at - 2].isdigit())


def _inside_letter(text: str, at: int) -> bool:
    """Whether a cut at ``at`` would tear what a reader sees as one character (after Unicode's annex 29, simplified)."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if unicodedata.category(after) in ("Mn", "Mc", "Me") or _ZERO_WIDTH_JOINER in (before, after):
        return True
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f":  # skin tones, flag tags
        return True
    if (before, after) == ("\r", "\n"):
        return True
    if _is_regional(before) and _is_regional(after):
        run = 0
        while run < at and _is_regional(text[at - 1 - run]):
            run += 1
        return run % 2 == 1
    return "\u1100" <= before <= "\u11ff" and "\u1160" <= after <= "\u11ff"  # Hangul written in parts


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
