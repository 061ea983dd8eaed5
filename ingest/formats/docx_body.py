"""The body of a Word document, paragraph by paragraph and table by table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lxml import etree

from ingest.converted import BlockKind
from ingest.formats.blocks import Blocks, clean_line, clean_text
from ingest.formats.docx_numbering import Numbering
from ingest.formats.docx_styles import Style, Styles, W, flag, number
from ingest.formats.docx_text import CONTAINERS, MC, Note, ParagraphReader, ParagraphText, chosen_form
from ingest.formats.tables import names_columns, without_blank_columns

_LONGEST_DATA_CELL = 1500
_LONGEST_BOLD_HEADING = 120
_MOST_BOLD_HEADINGS = 0.25  # of all paragraphs
_FEW_STYLED = 3  # bold paragraphs to one styled heading


def write_body(
    root: etree._Element,
    blocks: Blocks,
    *,
    styles: Styles,
    numbering: Numbering,
    footnotes: etree._Element | None,
    endnotes: etree._Element | None,
) -> int | None:
    """Write the document to ``blocks``. Returns how many pages it had when Word last laid it out; None if never."""
    body = root.find(W + "body")
    has_pages = root.find(f".//{W}lastRenderedPageBreak") is not None
    writer = _Writer(blocks, styles, numbering, _notes(footnotes, "footnote"), _notes(endnotes, "endnote"), has_pages)
    if body is not None:
        writer.learn_bold_headings(body)
        writer.write(body)
    writer.write_endnotes()
    return writer.page if has_pages else None


def _notes(root: etree._Element | None, name: str) -> dict[str, etree._Element]:
    return {note.get(W + "id") or "": note for note in root.iter(W + name)} if root is not None else {}


class _Writer:
    def __init__(
        self,
        blocks: Blocks,
        styles: Styles,
        numbering: Numbering,
        footnotes: dict[str, etree._Element],
        endnotes: dict[str, etree._Element],
        has_pages: bool,
    ) -> None:
        self._blocks = blocks
        self._styles = styles
        self._numbering = numbering
        self._footnotes = footnotes
        self._endnotes = endnotes
        self._has_pages = has_pages
        self._reader = ParagraphReader()
        self._waiting: list[tuple[str, etree._Element]] = []
        self.page = 1
        self._bold_level: int | None = None

    def learn_bold_headings(self, body: etree._Element) -> None:
        """Look through the document for whether its headings are bold paragraphs rather than styles."""
        reader = ParagraphReader()
        paragraphs: list[tuple[ParagraphText, int | None]] = []
        for paragraph in body.iterfind(W + "p"):
            properties, style = self._styled(paragraph)
            paragraphs.append((reader.read(paragraph, style), _heading_level(properties, style)))
        self._bold_level = _level_of_bold_headings(paragraphs)

    def _styled(self, paragraph: etree._Element) -> tuple[etree._Element | None, Style]:
        properties = paragraph.find(W + "pPr")
        named = properties.find(W + "pStyle") if properties is not None else None
        return properties, self._styles.of(named.get(W + "val") if named is not None else None)

    def write(self, container: etree._Element) -> None:
        for element in container:
            if element.tag == W + "p":
                self._write_paragraph(element)
            elif element.tag == W + "tbl":
                self._write_table(element)
            elif element.tag == W + "altChunk":
                self._blocks.warn("A document of another format embedded in it was left out.")
            elif element.tag == W + "sdt" and _is_contents(element):
                self._blocks.warn("Its table of contents was left out.")
            elif element.tag in CONTAINERS:
                self.write(element)
            elif element.tag == MC + "AlternateContent":
                self.write(chosen_form(element))

    def write_endnotes(self) -> None:
        for mark, note in self._waiting:
            self._write_note(mark, note)

    def _write_paragraph(self, paragraph: etree._Element) -> None:
        properties, style = self._styled(paragraph)
        content = self._reader.read(paragraph, style)
        page = self.page if self._has_pages else None
        if _starts_with_break(paragraph):  # the page turns before the first word
            page = self._turn(content)
        if style.is_contents:
            self._blocks.warn("Its table of contents was left out.")
        elif content.text.strip():
            self._write_text(content, properties, style, page)
        for box in content.boxes:
            self.write(box)
        self._write_notes(content.notes)
        if not _starts_with_break(paragraph):
            self._turn(content)

    def _turn(self, content: ParagraphText) -> int | None:
        self.page += content.page_breaks
        return self.page if self._has_pages else None

    def _write_text(
        self, content: ParagraphText, properties: etree._Element | None, style: Style, page: int | None
    ) -> None:
        level = _heading_level(properties, style)
        listed = _list_of(properties, style)
        count = self._numbering.next(*listed) if listed else ""
        text = f"{count} {content.text}" if count else content.text
        if level:
            self._blocks.add(text, BlockKind.HEADING, level=level, page=page)
        elif self._bold_level and _is_bold_heading(content):
            self._blocks.add(text, BlockKind.HEADING, level=self._bold_level, page=page)
        elif listed:
            self._blocks.add(clean_line(text), BlockKind.LIST_ITEM, level=listed[1] + 1, page=page)
        else:
            self._blocks.add(text, page=page)

    def _write_notes(self, notes: Sequence[Note]) -> None:
        """Footnotes where they are referred to, endnotes kept for the end."""
        for note in notes:
            if note.is_endnote and note.identity in self._endnotes:
                self._waiting.append((note.mark, self._endnotes[note.identity]))
            elif not note.is_endnote and note.identity in self._footnotes:
                self._write_note(note.mark, self._footnotes[note.identity])

    def _write_note(self, mark: str, note: etree._Element) -> None:
        texts = [self._reader.read(paragraph, Style()).text for paragraph in note.iter(W + "p")]
        text = clean_line(" ".join(texts))
        if text:
            self._blocks.add(f"{mark} {text}", page=self.page if self._has_pages else None)

    def _write_table(self, table: etree._Element) -> None:
        rows = [row for row in _children(table) if row.tag == W + "tr"]
        cells = [[cell for cell in _children(row) if cell.tag == W + "tc"] for row in rows]
        texts, notes = self._cell_texts(cells)
        if self._is_layout(table, texts):
            for cell in (cell for row in cells for cell in row):
                self.write(cell)
            return
        texts = without_blank_columns(texts)
        marked = [flag(row.find(W + "trPr"), "tblHeader") is True for row in rows]
        has_header = bool(marked and marked[0]) or (len(texts) > 1 and names_columns(texts[0], texts[1:]))
        for at, line in enumerate(texts):
            self._blocks.add_row(line, header=at == 0 and has_header, page=self.page if self._has_pages else None)
        self._write_notes(notes)

    def _cell_texts(self, rows: list[list[etree._Element]]) -> tuple[list[list[str]], list[Note]]:
        texts: list[list[str]] = []
        notes: list[Note] = []
        for row in rows:
            line: list[str] = []
            for cell in row:
                properties = cell.find(W + "tcPr")
                merged = properties.find(W + "vMerge") if properties is not None else None
                if merged is not None and merged.get(W + "val") != "restart" and texts and len(line) < len(texts[-1]):
                    text = texts[-1][len(line)]
                else:
                    contents = [self._reader.read(paragraph, Style()) for paragraph in cell.iter(W + "p")]
                    notes += [note for content in contents for note in content.notes]
                    text = clean_line(" ".join(content.text for content in contents))
                span = number(properties, W + "gridSpan") or 1
                line += [text, *[""] * (min(max(span, 1), 100) - 1)]
            texts.append(line)
        return texts, notes

    def _is_layout(self, table: etree._Element, texts: list[list[str]]) -> bool:
        """A table with one cell a row, with whole chapters in its cells, or with tables in tables only does layout."""
        if max((sum(1 for text in row if text) for row in texts), default=0) < 2:
            return True
        if any(len(text) > _LONGEST_DATA_CELL for row in texts for text in row):
            return True
        return (
            any(self._styles.of(named.get(W + "val")).level is not None for named in table.iter(W + "pStyle"))
            and len(texts) < 3
        )


def _children(element: etree._Element) -> Iterator[etree._Element]:
    """Rows and cells, those inside content controls and inserted ones as well."""
    for child in element:
        if child.tag in CONTAINERS:
            yield from _children(child)
        else:
            yield child


def _is_contents(control: etree._Element) -> bool:
    gallery = control.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(W + "val") == "Table of Contents"


def _starts_with_break(paragraph: etree._Element) -> bool:
    for element in paragraph.iter(W + "t", W + "lastRenderedPageBreak"):
        if element.tag != W + "t":
            return True
        if (element.text or "").strip():
            return False
    return False


def _list_of(properties: etree._Element | None, style: Style) -> tuple[str, int] | None:
    numbers = properties.find(W + "numPr") if properties is not None else None
    if numbers is None:
        return style.list
    identity, depth = number(numbers, W + "numId"), number(numbers, W + "ilvl")
    if identity == 0:  # taken out of its style's list
        return None
    known = str(identity) if identity is not None else (style.list[0] if style.list else None)
    inherited = style.list[1] if style.list else 0
    return (known, min(max(inherited if depth is None else depth, 0), 8)) if known else None


def _heading_level(properties: etree._Element | None, style: Style) -> int | None:
    outline = number(properties, W + "outlineLvl")
    if outline is None:
        return style.level
    return outline + 1 if 0 <= outline < 9 else None


def _is_bold_heading(content: ParagraphText) -> bool:
    text = clean_text(content.text)
    return (
        content.length > 0
        and content.bold == content.length
        and len(text) <= _LONGEST_BOLD_HEADING
        and "\n" not in text
        and any(char.isalpha() for char in text)
        and not text.endswith((".", ",", ";", ":"))
    )


def _level_of_bold_headings(paragraphs: Sequence[tuple[ParagraphText, int | None]]) -> int | None:
    """The level of short bold paragraphs in a document whose author made headings so; None where that is not so.

    ``paragraphs`` are the content and the level of each that stands outside tables.
    """
    levels = [level for _, level in paragraphs if level]
    total = sum(1 for content, _ in paragraphs if content.text.strip())
    bold = sum(1 for content, level in paragraphs if not level and _is_bold_heading(content))
    if not bold or bold > total * _MOST_BOLD_HEADINGS or len(levels) * _FEW_STYLED > bold:
        return None
    return min(max(levels, default=1) + 1, 6)
