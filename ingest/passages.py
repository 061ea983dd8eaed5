"""Sections become passages: what is embedded and found as one.

A passage never holds parts of two articles, slides or sheets, and fits the model. All text of the sections is in
exactly one passage, in order; only a table's header stands in each passage that carries rows of it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from corpus.documents import Passage
from corpus.passage_text import PREFIX_CHARACTERS
from ingest.converted import BlockKind
from ingest.splitting import cuts, stretches
from ingest.structure import Paragraph, Section
from ingest.structure.paragraphs import is_open, opens_list_item

_SLACK = 8  # tokens: parts counted apart may count a little more together
_TITLE_LINE = 80  # characters
_TABLE = (BlockKind.TABLE_HEADER, BlockKind.TABLE_ROW)


class TokenCounter(Protocol):
    """What passages ask of an embedder."""

    @property
    def max_tokens(self) -> int: ...

    def token_offsets(self, text: str) -> list[tuple[int, int]]: ...


@dataclass(frozen=True, slots=True)
class PassageLimits:
    """How long passages are, in tokens of the model, headings not counted.

    See docs/decisions/0005-passages.md for why.
    """

    target_tokens: int = 220
    max_tokens: int = 300
    small_section: int = 40  # sections below this share a passage with their siblings, unless they are articles
    prefix_characters: int = PREFIX_CHARACTERS

    @classmethod
    def for_model(cls, counter: TokenCounter) -> PassageLimits:
        """The usual limits, less where the model takes less."""
        standard = cls()
        prefix = min(standard.prefix_characters, counter.max_tokens * 2 // 5)
        longest = max(16, min(standard.max_tokens, counter.max_tokens - prefix))
        return cls(min(standard.target_tokens, longest * 3 // 4), longest, min(40, longest // 4), prefix)

    @property
    def room(self) -> int:
        """The most tokens that are put together."""
        return self.max_tokens - min(_SLACK, self.max_tokens // 8)


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of text that is not cut any more."""

    text: str
    tokens: int
    first_page: int | None
    last_page: int | None
    sheet: str | None = None
    row: int | None = None
    kind: BlockKind = BlockKind.PARAGRAPH
    language: str | None = None  # where it is certain, and the document has several


@dataclass(frozen=True, slots=True)
class _Group:
    """Sections that make passages together."""

    heading_path: tuple[str, ...]
    paragraphs: tuple[Paragraph, ...]


def passages_of(
    sections: Iterable[Section],
    counter: TokenCounter,
    limits: PassageLimits,
    *,
    language: str = "en",
    tell: Callable[[str], str | None] | None = None,
) -> list[Passage]:
    """The passages of ``sections`` in reading order, their language not told yet (it is ``language``).

    ``tell`` gives the language of a paragraph where it is certain: with it, no passage holds two languages.
    """
    splitter = _Splitter(counter, limits, language, tell)
    passages: list[Passage] = []
    for group in _groups(list(sections), splitter):
        for passage in splitter.passages(group):
            passages.append(replace(passage, ordinal=len(passages), language=language))
    return passages


def _groups(sections: Sequence[Section], splitter: _Splitter) -> Iterator[_Group]:
    """Each section by itself, but very short siblings together under their parent's heading."""
    run: list[Section] = []
    run_tokens = 0
    for section in sections:
        section = _with_heading_as_text(section)
        if not section.paragraphs:
            continue
        tokens = splitter.small_size(section)
        fits = tokens is not None and run_tokens + tokens <= splitter.limits.target_tokens
        if run and not (fits and _are_siblings(run[-1], section)):
            yield _merged(run)
            run, run_tokens = [], 0
        if tokens is None:
            yield _Group(section.heading_path, section.paragraphs)
        else:
            run.append(section)
            run_tokens += tokens
    if run:
        yield _merged(run)


def _with_heading_as_text(section: Section) -> Section:
    """A heading that nothing follows and that heads nothing would be lost: it becomes text."""
    if section.paragraphs or section.has_subsections or not section.heading_path:
        return section
    page = () if section.page is None else ((0, section.page),)
    heading = Paragraph(section.heading_path[-1], pages=page, sheet=section.sheet)
    return replace(section, heading_path=section.heading_path[:-1], paragraphs=(heading,), is_lone_heading=True)


def _are_siblings(first: Section, second: Section) -> bool:
    return _parent(first) == _parent(second) and first.sheet == second.sheet


def _parent(section: Section) -> tuple[str, ...]:
    return section.heading_path if section.is_lone_heading else section.heading_path[:-1]


def _merged(run: Sequence[Section]) -> _Group:
    if len(run) == 1:
        return _Group(run[0].heading_path, run[0].paragraphs)
    paragraphs: list[Paragraph] = []
    for section in run:
        if not section.is_lone_heading and section.heading_path:
            page = () if section.page is None else ((0, section.page),)
            paragraphs.append(Paragraph(section.heading_path[-1], pages=page, sheet=section.sheet))
        paragraphs.extend(section.paragraphs)
    return _Group(_parent(run[0]), tuple(paragraphs))


class _Splitter:
    def __init__(
        self,
        counter: TokenCounter,
        limits: PassageLimits,
        language: str,
        tell: Callable[[str], str | None] | None,
    ) -> None:
        self._counter = counter
        self._language = language
        self._tell = tell
        self.limits = limits

    def small_size(self, section: Section) -> int | None:
        """The tokens of a section that may share a passage; None for one that may not."""
        if section.is_whole or section.has_subsections or any(each.kind in _TABLE for each in section.paragraphs):
            return None
        characters = sum(len(paragraph.text) for paragraph in section.paragraphs)
        if characters > self.limits.small_section * 12:  # no language has so long tokens: not worth counting
            return None
        heading = section.heading_path[-1] if section.heading_path else ""
        tokens = sum(len(self._counter.token_offsets(paragraph.text)) for paragraph in section.paragraphs)
        return tokens + len(self._counter.token_offsets(heading)) if tokens < self.limits.small_section else None

    def passages(self, group: _Group) -> Iterator[Passage]:
        """The passages of one group; their ordinals are not set."""
        text: list[_Part] = []
        at = 0
        while at < len(group.paragraphs):
            end = _table_end(group.paragraphs, at)
            if end == at:
                text.extend(self._parts(group.paragraphs[at]))
                at += 1
                continue
            rows, at = group.paragraphs[at:end], end
            small = self._small_table(rows, text)
            if small is not None:
                text.append(small)
                continue
            yield from self._packed(text, group.heading_path)
            text = []
            yield from self._table(rows, group.heading_path)
        yield from self._packed(text, group.heading_path)

    def _parts(self, paragraph: Paragraph, limit: int | None = None) -> list[_Part]:
        """The paragraph, cut where it is too long."""
        room = limit or self.limits.room
        aim = max(1, min(self.limits.target_tokens, room))
        language = None if self._tell is None else self._tell(paragraph.text)
        parts: list[_Part] = []
        for begin, stretch in stretches(paragraph.text):
            tokens = self._counter.token_offsets(stretch)
            starts = [start for start, _ in tokens]
            for start, end in cuts(stretch, tokens, aim, room, language or self._language):
                text = stretch[start:end].strip()
                if not text:
                    continue
                count = bisect_left(starts, end) - bisect_left(starts, start)
                first, last = paragraph.page_at(begin + start), paragraph.page_at(begin + max(start, end - 1))
                parts.append(_Part(text, count, first, last, paragraph.sheet, paragraph.row, paragraph.kind, language))
        return parts

    def _packed(self, parts: Sequence[_Part], heading_path: tuple[str, ...]) -> Iterator[Passage]:
        """Parts put together to passages of much the same length."""
        if not parts:
            return
        total = sum(part.tokens + 1 for part in parts)
        aim = total / -(-total // self.limits.target_tokens)
        current: list[_Part] = []
        size = 0
        spoken: str | None = None
        for part in parts:
            grown = size + part.tokens + 1
            other_language = part.language is not None and spoken is not None and part.language != spoken
            full = grown > self.limits.room or (grown > 1.1 * aim and size >= 0.5 * aim)
            if current and (full or other_language):
                carried = [] if other_language else self._introduction(current, part)
                yield _passage(current, heading_path)
                current = carried
                size = sum(each.tokens + 1 for each in current)
            spoken = part.language or spoken
            current.append(part)
            size += part.tokens + 1
        yield _passage(current, heading_path)

    def _introduction(self, current: list[_Part], following: _Part) -> list[_Part]:
        """Takes "The following are exempt:", or a line like a title, off the end: it stands before what it leads to."""
        last = current[-1].text
        is_like_title = (
            current[-1].kind is BlockKind.PARAGRAPH
            and len(last) <= _TITLE_LINE
            and is_open(last)
            and not opens_list_item(last)
        )
        introduces = is_like_title or last.endswith((":", "："))
        if len(current) > 1 and introduces and current[-1].tokens + following.tokens + 2 <= self.limits.room:
            return [current.pop()]
        return []

    def _small_table(self, rows: Sequence[Paragraph], before: Sequence[_Part]) -> _Part | None:
        """A little table within a text, as one part of it; a sheet is never that."""
        if not before or rows[0].sheet is not None or rows[0].row is not None:
            return None
        text = "\n".join(row.text for row in rows)
        if len(text) > self.limits.target_tokens * 12:
            return None
        tokens = len(self._counter.token_offsets(text)) + len(rows)
        if sum(part.tokens + 1 for part in before) + tokens > self.limits.target_tokens:
            return None
        return _Part(text, tokens, rows[0].page_at(0), rows[-1].page_at(len(rows[-1].text)))

    def _table(self, rows: Sequence[Paragraph], heading_path: tuple[str, ...]) -> Iterator[Passage]:
        """Rows packed under their header, which is repeated unless it would take most of the room."""
        headers = [row for row in rows if row.kind is BlockKind.TABLE_HEADER]
        body = rows[len(headers) :]
        header = [part for row in headers for part in self._parts(row)]
        header_tokens = sum(part.tokens + 1 for part in header)
        if not body or header_tokens > self.limits.room // 2:
            yield from self._packed(header, heading_path)
            header, header_tokens = [], 0
        current: list[_Part] = []
        size = header_tokens
        room = self.limits.room - header_tokens
        aim = max(self.limits.target_tokens, header_tokens + self.limits.target_tokens // 3)
        for part in (part for row in body for part in self._parts(row, room - 1)):
            if current and size + part.tokens + 1 > min(aim, self.limits.room):
                yield _passage(current, heading_path, header)
                current, size = [], header_tokens
            current.append(part)
            size += part.tokens + 1
        if current:
            yield _passage(current, heading_path, header)


def _table_end(paragraphs: Sequence[Paragraph], start: int) -> int:
    """Where the table ends that begins at ``start``: its headers, then its rows. ``start`` itself where none does."""
    for at in range(start, len(paragraphs)):
        paragraph = paragraphs[at]
        if paragraph.kind not in _TABLE or paragraph.sheet != paragraphs[start].sheet:
            return at
        begins_anew = paragraph.kind is BlockKind.TABLE_HEADER and at > start
        if begins_anew and paragraphs[at - 1].kind is BlockKind.TABLE_ROW:
            return at
    return len(paragraphs)


def _passage(parts: Sequence[_Part], heading_path: tuple[str, ...], header: Sequence[_Part] = ()) -> Passage:
    pages = [page for part in parts for page in (part.first_page, part.last_page) if page is not None]
    return Passage(
        ordinal=0,
        text="\n".join(part.text for part in (*header, *parts)),
        language="",
        heading_path=heading_path,
        first_page=min(pages, default=None),
        last_page=max(pages, default=None),
        place=_place(parts),
        is_table=all(part.kind in _TABLE for part in parts),
    )


def _place(parts: Sequence[_Part]) -> str | None:
    """ "Precios, rows 2–40": where there are no pages."""
    rows = [part.row for part in parts if part.row is not None]
    sheet = parts[0].sheet
    if not rows:
        return sheet
    first, last = min(rows), max(rows)
    span = f"row {first}" if first == last else f"rows {first}–{last}"
    return f"{sheet}, {span}" if sheet else span
