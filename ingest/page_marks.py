"""Which parts of a page a passage's text covers, however the page breaks its words and lines.

Only letters and digits are compared, so that hyphens, ligatures, spaces and line breaks do not count. The longest
stretches in common are found in order (after Ratcliff and Obershelp, 1988, over groups of five letters); what stands
between two of them belongs to the passage only where it is not longer on the page than in the passage.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from ingest.page_text import Box, Character

GROUP = 5  # letters that are compared at once
SHORTEST = 14  # letters of a stretch that counts; a passage that is shorter has to be there whole
LEAST = 24  # letters in common below which nothing is marked, unless it is the whole passage
SLACK = 30  # letters more than in the passage that may stand between two stretches: a hyphenated word, a number
MOST = 400  # rectangles

Stretch = tuple[int, int, int]  # begins on the page, begins in the passage, length


def passage_marks(page: Sequence[Character], passage: str) -> list[Box]:
    """One rectangle for each line that the passage covers; none where it is not found."""
    letters: list[str] = []
    owners: list[int] = []  # the character that each letter came from
    for index, character in enumerate(page):
        for letter in _letters(character.text):
            letters.append(letter)
            owners.append(index)
    wanted = "".join(_letters(passage))
    found: list[int] = []
    for first, last in _covered("".join(letters), wanted):
        found += range(owners[first], owners[last - 1] + 1)
    return list(_lines([page[index].box for index in dict.fromkeys(found)]))[:MOST]


def _letters(text: str) -> Iterator[str]:
    for char in unicodedata.normalize("NFKD", text).casefold():
        if char.isalnum():
            yield char


def _covered(page: str, passage: str) -> list[tuple[int, int]]:
    """Ranges of letters of the page."""
    stretches = _within_reach(_stretches(page, passage))
    if sum(length for _, _, length in stretches) < min(LEAST, len(passage)):
        return []
    ranges: list[tuple[int, int]] = []
    reached = 0  # in the passage
    for start, begins, length in stretches:
        if ranges and start - ranges[-1][1] <= begins - reached + SLACK:
            ranges[-1] = (ranges[-1][0], start + length)
        else:
            ranges.append((start, start + length))
        reached = begins + length
    return ranges


def _stretches(page: str, passage: str) -> list[Stretch]:
    if not passage:
        return []
    if len(passage) <= SHORTEST:
        at = page.find(passage)
        return [(at, 0, len(passage))] if at >= 0 else []
    matcher = SequenceMatcher(None, _groups(page), _groups(passage), autojunk=False)
    blocks = ((start, begins, size + GROUP - 1) for start, begins, size in matcher.get_matching_blocks() if size)
    return [block for block in blocks if block[2] >= SHORTEST]


def _groups(text: str) -> list[str]:
    return [text[index : index + GROUP] for index in range(len(text) - GROUP + 1)]


def _within_reach(stretches: list[Stretch]) -> list[Stretch]:
    """Without those that stand farther from the longest one than the passage allows: the same words elsewhere."""
    if not stretches:
        return []
    longest = max(range(len(stretches)), key=lambda index: stretches[index][2])
    kept = [stretches[longest]]
    for direction in (-1, 1):
        nearest = stretches[longest]
        index = longest + direction
        while 0 <= index < len(stretches):
            candidate = stretches[index]
            if _is_near(*sorted((nearest, candidate))):
                kept.append(candidate)
                nearest = candidate
            index += direction
    return sorted(kept)


def _is_near(first: Stretch, second: Stretch) -> bool:
    """A table or a note may stand between them, but not more of the page than of the passage many times over."""
    on_page = second[0] - first[0] - first[2]
    in_passage = second[1] - first[1] - first[2]
    return on_page <= 2 * in_passage + 8 * SLACK


def _lines(boxes: Sequence[Box]) -> Iterator[Box]:
    """Neighbours on one line as one box."""
    line: Box | None = None
    for box in boxes:
        if box.right <= box.left or box.bottom <= box.top:
            continue
        if line is not None and _continues(line, box):
            line = Box(
                min(line.left, box.left), min(line.top, box.top), max(line.right, box.right),
                max(line.bottom, box.bottom),
            )  # fmt: skip
        else:
            if line is not None:
                yield line
            line = box
    if line is not None:
        yield line


def _continues(line: Box, box: Box) -> bool:
    height = min(line.bottom - line.top, box.bottom - box.top)
    overlap = min(line.bottom, box.bottom) - max(line.top, box.top)
    across = max(line.left, box.left) - min(line.right, box.right)  # of the gap between them
    return overlap > 0.5 * height and across < 4 * height
