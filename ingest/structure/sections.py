"""Headings and paragraphs become sections, each with the path of headings above it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.structure.headings import Heading, Piece
from ingest.structure.paragraphs import Paragraph
from ingest.structure.words import Rank

_FIRST_NUMBERS = frozenset(
    {"1", "i", "a", "primero", "primera", "primeiro", "primeira", "one", "premier", "única", "único", "一"}
)


@dataclass(frozen=True, slots=True)
class Section:
    """What stands between two headings. A heading without text below it has no paragraphs."""

    heading_path: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]
    is_whole: bool = False  # an article, a clause, a slide: never shares a passage with another
    page: int | None = None  # where it starts
    sheet: str | None = None
    has_subsections: bool = False
    is_lone_heading: bool = False  # its only paragraph is its own heading, which then is not in the path

    def __deepcopy__(self, memo: object) -> Section:
        return self  # nothing in it changes; Haystack copies what passes between components


@dataclass
class _Open:
    heading: Heading
    restarted: bool = False  # an annex in which a numbering began anew


def sections_of(pieces: Sequence[Piece], *, page_is_section: bool = False) -> list[Section]:
    """The sections in reading order. With ``page_is_section`` (slides) no section reaches over a page's end."""
    sections: list[Section] = []
    stack: list[_Open] = []
    paragraphs: list[Paragraph] = []
    heading: Heading | None = None

    def close(below: Heading | None = None) -> None:
        nonlocal paragraphs
        if heading is None and not paragraphs:
            return
        is_whole = page_is_section or any(entry.heading.rank == Rank.ARTICLE for entry in stack)
        where = heading.paragraph if heading else paragraphs[0]
        path = tuple(entry.heading.text for entry in stack)
        deeper = below is not None and heading is not None and _holds(stack[-1], below)
        sections.append(Section(path, tuple(paragraphs), is_whole, where.page_at(0), where.sheet, deeper))
        paragraphs = []

    for piece in pieces:
        if isinstance(piece, Heading):
            close(piece)
            del stack[_depth_for(stack, piece) :]
            stack.append(_Open(piece))
            heading = piece
            if piece.body is not None:
                paragraphs.append(piece.body)
            continue
        if paragraphs and _parts(paragraphs[-1], piece, page_is_section):
            close()
            heading = None
        paragraphs.append(piece)
    close()
    return sections


def _parts(first: Paragraph, second: Paragraph, page_is_section: bool) -> bool:
    return first.sheet != second.sheet or (page_is_section and first.page_at(0) != second.page_at(0))


def _depth_for(stack: list[_Open], heading: Heading) -> int:
    """How many of the open headings stay above ``heading``."""
    for depth, entry in enumerate(stack):
        if not _holds(entry, heading):
            return depth
    return len(stack)


def _holds(entry: _Open, heading: Heading) -> bool:
    """Whether ``heading`` belongs below ``entry``.

    The format's levels decide where both have one, then the ranks of their names. A heading that only its words give
    away belongs below those that the format marks, and ends none of them.
    """
    above = entry.heading
    if above.level is not None and heading.level is not None and above.level != heading.level:
        return above.level < heading.level
    if above.rank is not None and heading.rank is not None:
        if above.rank == Rank.ANNEX and heading.rank != Rank.ANNEX and above.level is None:
            return _restarts(entry, heading)
        return above.rank < heading.rank
    if above.level is not None:
        return heading.level is None
    return False


def _restarts(annex: _Open, heading: Heading) -> bool:
    """A chapter below an annex is the annex's if its numbering starts there; "CAPÍTULO 5" after one goes on outside."""
    if heading.rank is None or heading.rank >= Rank.CAPITALS or annex.restarted:
        return True
    annex.restarted = heading.number.casefold().rstrip(".º°ª") in _FIRST_NUMBERS
    return annex.restarted
