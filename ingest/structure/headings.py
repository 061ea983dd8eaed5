"""Which paragraphs are headings, and how deep: what the format marks, and what the words and shapes tell."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ingest.converted import BlockKind
from ingest.structure.markers import Marker, is_contents_line, is_title, marker_at
from ingest.structure.paragraphs import Paragraph, is_open, opens_list_item
from ingest.structure.words import LINKING_WORDS, Rank

MAX_HEADING = 200  # characters; what a format calls a heading and is longer is a paragraph
_LONGEST_SENTENCE_AS_HEADING = 120
_DEEPEST = 9  # level; no text that is read has more
_LONG_LINE = 60  # characters: longer than a title
_MAX_CAPITALS = 120
_MAX_SHARE_OF_CAPITALS = 0.3  # of the characters; in a text all in capitals they mean nothing
_MAX_LINES_OF_CAPITALS = 3

_NUMBERED = re.compile(r"(?P<number>\d{1,2}(?:\.\d{1,2}){0,4})[.)]?\s+(?P<title>[^\W\d_].*)$")
_OWN_TITLE = re.compile(r"\((?P<title>[^()]{3,120})\)\s*[.:]?\s*[-–—]?\s*(?=\S)")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading, and the text that stood in the same paragraph."""

    text: str
    paragraph: Paragraph  # where it stood: page, level, sheet
    level: int | None  # as the format gives it
    rank: int | None  # as its words give it
    number: str = ""
    body: Paragraph | None = None


Piece = Heading | Paragraph


def with_headings(paragraphs: Sequence[Paragraph], *, line_by_line: bool = False) -> list[Piece]:
    """The paragraphs, those that are headings replaced by a :class:`Heading`.

    ``line_by_line``: the source makes a block of every line, so that "Artículo 12" may stand at a line's start in the
    middle of a sentence.
    """
    markers = [marker_at(paragraph.text) if _may_be_heading(paragraph) else None for paragraph in paragraphs]
    judged = _Judge(paragraphs, markers, line_by_line)
    pieces: list[Piece] = []
    for index, paragraph in enumerate(paragraphs):
        pieces.append(judged.heading(index) or paragraph)
    pieces = _with_capitals_joined(pieces)
    pieces = _with_titles(pieces)
    return _without_contents(pieces)


def _may_be_heading(paragraph: Paragraph) -> bool:
    return paragraph.kind in (BlockKind.PARAGRAPH, BlockKind.HEADING)


class _Judge:
    """Decides paragraph by paragraph, knowing what the whole document looks like."""

    def __init__(self, paragraphs: Sequence[Paragraph], markers: Sequence[Marker | None], line_by_line: bool) -> None:
        self._paragraphs = paragraphs
        self._markers = markers
        self._line_by_line = line_by_line
        found = [(paragraph.kind, marker.rank) for paragraph, marker in zip(paragraphs, markers, strict=True) if marker]
        declared = Counter(rank for kind, rank in found if kind is BlockKind.HEADING)
        plain_ranks = Counter(rank for kind, rank in found if kind is BlockKind.PARAGRAPH)
        # Where the format marks the articles itself, an "Artículo 5" in plain text is quoted from another law.
        self._declared_ranks = {
            rank for rank, count in declared.items() if count >= 2 and 2 * count >= plain_ranks[rank]
        }
        plain = [paragraph for paragraph in paragraphs if paragraph.kind is BlockKind.PARAGRAPH]
        capitals = sum(len(paragraph.text) for paragraph in plain if _is_in_capitals(paragraph.text))
        characters = sum(len(paragraph.text) for paragraph in plain)
        has_headings = sum(paragraph.kind is BlockKind.HEADING for paragraph in paragraphs) >= 3
        self._capitals_mean = not has_headings and capitals <= _MAX_SHARE_OF_CAPITALS * characters
        articles = sum(marker is not None and marker.rank is Rank.ARTICLE for marker in markers)
        self._numbers_mean = not has_headings and articles < 2
        self._in_annex = False

    def heading(self, index: int) -> Heading | None:
        paragraph, marker = self._paragraphs[index], self._markers[index]
        if paragraph.kind is BlockKind.HEADING:
            return self._declared(paragraph, marker)
        if paragraph.kind is not BlockKind.PARAGRAPH or is_contents_line(paragraph.text):
            return None
        if marker is not None and self._is_trusted(index, marker):
            if marker.rank is Rank.ANNEX:
                self._in_annex = True
            return _from_marker(paragraph, marker, self._following(index))
        return self._numbered(index) or self._in_capitals(index)

    def _declared(self, paragraph: Paragraph, marker: Marker | None) -> Heading | None:
        text = " ".join(paragraph.text.split())
        if len(text) > MAX_HEADING or (len(text) > _LONGEST_SENTENCE_AS_HEADING and not is_open(text)):
            if marker is None:
                return None
            return replace(_from_marker(paragraph, marker, None), level=paragraph.level or 1)
        self._in_annex = marker is not None and (marker.rank is Rank.ANNEX or self._in_annex)
        rank, number = (marker.rank, marker.number) if marker else (None, "")
        return Heading(text, paragraph, min(paragraph.level or 1, _DEEPEST), rank, number)

    def _is_trusted(self, index: int, marker: Marker) -> bool:
        if marker.rank in self._declared_ranks and not self._in_annex:
            return False
        before = self._paragraphs[index - 1] if index else None
        if before is not None and before.kind is BlockKind.PARAGRAPH and self._runs_on(before.text):
            return False
        if not marker.rest or marker.separated:
            return True
        if marker.rank is Rank.ARTICLE and marker.abbreviated:
            return True
        return is_title(marker.rest) and not marker.rest.endswith((".", ";"))

    def _following(self, index: int) -> Paragraph | None:
        return self._paragraphs[index + 1] if index + 1 < len(self._paragraphs) else None

    def _runs_on(self, text: str) -> bool:
        """Whether a sentence is under way at the end of ``text``, so that what follows is a reference within it."""
        if not is_open(text):
            return text.rstrip().endswith(",")
        if text.isupper() or text.endswith(")"):
            return False
        words = text.split()
        if len(words) > 1 and words[-1] in LINKING_WORDS:
            return True  # "de conformidad con el"
        return self._line_by_line and len(text) > _LONG_LINE

    def _numbered(self, index: int) -> Heading | None:
        paragraph = self._paragraphs[index]
        match = _NUMBERED.match(paragraph.text) if self._numbers_mean else None
        if match is None or len(paragraph.text) > 100 or not match["title"][0].isupper():
            return None
        if not is_open(match["title"]) or _ends_in_number(match["title"]):
            return None
        following = self._following(index)
        depth = match["number"].count(".") + 1
        if following is None or (depth == 1 and not self._stands_alone(index, match["number"], following)):
            return None
        return Heading(paragraph.text, paragraph, None, Rank.NUMBERED + depth, match["number"])

    def _stands_alone(self, index: int, number: str, following: Paragraph) -> bool:
        """Whether "2. El mercado" is no item of a list: text or 2.1 follows, and no item of a list is before it."""
        next_number = _NUMBERED.match(following.text) if following.kind is BlockKind.PARAGRAPH else None
        if next_number is not None and not next_number["number"].startswith(f"{number}."):
            return False
        before = self._paragraphs[index - 1] if index else None
        return before is None or _NUMBERED.match(before.text) is None

    def _in_capitals(self, index: int) -> Heading | None:
        paragraph = self._paragraphs[index]
        if not self._capitals_mean or not _is_in_capitals(paragraph.text):
            return None
        following = self._following(index)
        if following is None or _is_signature(following.text):
            return None
        return Heading(paragraph.text, paragraph, None, Rank.CAPITALS)


def _from_marker(paragraph: Paragraph, marker: Marker, following: Paragraph | None) -> Heading:
    if not marker.rest or _rest_is_title(marker, following):
        text = " ".join(paragraph.text.split())
        return Heading(text, paragraph, None, marker.rank, marker.number)
    start = len(paragraph.text) - len(marker.rest)
    body = replace(
        paragraph,
        text=paragraph.text[start:],
        kind=BlockKind.PARAGRAPH,
        pages=_shifted(paragraph.pages, start),
    )
    return Heading(marker.label, paragraph, None, marker.rank, marker.number, body)


def _rest_is_title(marker: Marker, following: Paragraph | None) -> bool:
    """Whether the words after "Artículo 5.-" name it. What nothing follows is the article's text."""
    if not is_title(marker.rest):
        return False
    if marker.rank is not Rank.ARTICLE:
        return True
    if following is None or following.kind is BlockKind.HEADING or marker_at(following.text) is not None:
        return False
    if following.text.isupper():
        return False
    return not marker.rest.endswith(".") or not marker.abbreviated


def _shifted(pages: tuple[tuple[int, int], ...], start: int) -> tuple[tuple[int, int], ...]:
    """Page offsets of a text whose first ``start`` characters are taken off."""
    before = [page for offset, page in pages if offset <= start][-1:]
    return (*((0, page) for page in before), *((offset - start, page) for offset, page in pages if offset > start))


def _is_in_capitals(text: str) -> bool:
    if len(text) > _MAX_CAPITALS or not text.isupper():
        return False
    letters = sum(character.isalpha() for character in text)
    if letters < 4 or letters < 0.6 * len(text):
        return False
    if not is_open(text) or opens_list_item(text) or text[0] in "\"'“«‘":
        return False
    return letters >= 6 or len(text.split()) > 1


def _is_signature(text: str) -> bool:
    """Whether a short line of names follows, as below a signature, and not text."""
    return (
        len(text) < 50
        and is_open(text)
        and not text.isupper()
        and marker_at(text) is None
        and not opens_list_item(text)
    )


def _ends_in_number(text: str) -> bool:
    return text[-1].isdigit() and len(text.split()) > 1 and text.split()[-1].isdigit()


def _with_capitals_joined(pieces: Sequence[Piece]) -> list[Piece]:
    """A title in capitals over two or three lines is one heading; more lines of capitals are a title page."""
    joined: list[Piece] = []
    index = 0
    while index < len(pieces):
        run = index
        while run < len(pieces) and _is_capitals_heading(pieces[run]):
            run += 1
        group = [piece for piece in pieces[index:run] if isinstance(piece, Heading)]
        if len(group) > _MAX_LINES_OF_CAPITALS:
            joined.extend(heading.paragraph for heading in group)
        elif group:
            joined.append(replace(group[0], text=" ".join(heading.text for heading in group)))
        if run < len(pieces):
            joined.append(pieces[run])
        index = run + 1
    return joined


def _is_capitals_heading(piece: Piece) -> bool:
    return isinstance(piece, Heading) and piece.rank == Rank.CAPITALS and piece.level is None


def _with_titles(pieces: Sequence[Piece]) -> list[Piece]:
    """ "CAPÍTULO III" and its title in the paragraph below become one heading; so does "(Definiciones).-" in front of
    an article's text.
    """
    titled: list[Piece] = []
    index = 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        if isinstance(piece, Heading) and piece.rank is not None and _is_bare(piece):
            lines = _title_lines(piece, pieces[index : index + _MAX_LINES_OF_CAPITALS + 1]) if piece.body is None else 0
            if lines:
                title = " ".join(line.text for line in pieces[index : index + lines])
                piece, index = replace(piece, text=_combined(piece.text, title)), index + lines
            elif piece.rank == Rank.ARTICLE:
                following = pieces[index] if index < len(pieces) else None
                own = _with_own_title(piece, following)
                if own is not None:
                    index += piece.body is None
                    piece = own
        titled.append(piece)
    return titled


def _with_own_title(article: Heading, following: Piece | None) -> Heading | None:
    text = article.body or following
    if not isinstance(text, Paragraph) or text.kind is not BlockKind.PARAGRAPH:
        return None
    match = _OWN_TITLE.match(text.text)
    if match is None:
        return None
    rest = replace(text, text=text.text[match.end() :], pages=_shifted(text.pages, match.end()))
    return replace(article, text=_combined(article.text, match["title"]), body=rest)


def _title_lines(heading: Heading, following: Sequence[Piece]) -> int:
    """How many of the pieces after a bare heading are its title: one, or a few lines of capitals."""
    if not _titles(heading, following[0] if following else None, following[1] if len(following) > 1 else None):
        return 0
    count = 1
    while count < min(len(following) - 1, _MAX_LINES_OF_CAPITALS) and following[count - 1].text.isupper():
        line = following[count]
        if not isinstance(line, Paragraph) or not _is_in_capitals(line.text) or marker_at(line.text) is not None:
            break
        count += 1
    return count


def _is_bare(heading: Heading) -> bool:
    marker = marker_at(heading.text)
    return marker is not None and not marker.rest


def _combined(label: str, title: str) -> str:
    return f"{label.rstrip(' .:-–—')}: {' '.join(title.split())}"


def _titles(heading: Heading, following: Piece | None, after: Piece | None) -> bool:
    """Whether ``following`` is the title of ``heading``."""
    if following is None or (isinstance(following, Heading) and following.rank != Rank.CAPITALS):
        return False
    text = following.text
    if (
        not is_title(text)
        or opens_list_item(text)
        or marker_at(text) is not None
        or not (text[0].isupper() or text[0] in '(«"“')
    ):
        return False
    if isinstance(following, Paragraph):
        if following.kind is not BlockKind.PARAGRAPH:
            return False
        if text.endswith(".") and heading.rank == Rank.ARTICLE:
            return False
    if heading.rank == Rank.ARTICLE:
        return isinstance(after, Paragraph)  # an article's only paragraph is its text
    return after is not None


def _without_contents(pieces: Sequence[Piece]) -> list[Piece]:
    """A run of headings that hold nothing is a table of contents: it becomes text again.

    Of each run of plain headings the last ones, each deeper than the one before, lead to the text that follows and
    stay.
    """
    result: list[Piece] = []
    run: list[Heading] = []
    for piece in [*pieces, None]:
        if isinstance(piece, Heading):
            run.append(piece)
            if piece.body is None:
                continue
        result.extend(_judged_run(run))
        run = []
        if isinstance(piece, Paragraph):
            result.append(piece)
    return result


def _judged_run(run: list[Heading]) -> list[Piece]:
    empty = sum(
        later.rank is not None and earlier.rank is not None and later.rank <= earlier.rank
        for earlier, later in pairwise(run)
        if earlier.level is None and later.level is None
    )
    if len(run) < 4 or empty < 3:
        return list(run)
    keep = len(run) - 1
    while keep > 0 and _rank(run[keep - 1]) < _rank(run[keep]):
        keep -= 1
    demoted: list[Piece] = [heading if heading.level is not None else heading.paragraph for heading in run[:keep]]
    return [*demoted, *run[keep:]]


def _rank(heading: Heading) -> int:
    return heading.rank if heading.rank is not None else -1
