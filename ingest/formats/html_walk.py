"""From the tree of a web page to blocks. It walks without recursion: pages may be nested as deeply as they like."""

from __future__ import annotations

import re

from lxml import etree

from ingest.converted import BlockKind
from ingest.formats.blocks import Blocks, clean_line, clean_text
from ingest.formats.tables import joined_header, names_columns, without_blank_columns

_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCKS = frozenset(
    "html body main article section div p header footer aside nav form fieldset legend address blockquote center "
    "figure figcaption details summary ul ol menu dir li dl dt dd table caption thead tbody tfoot tr td th hr pre "
    "xmp listing dialog search hgroup noscript title frame".split()
)
_LIST_TAGS = frozenset({"ul", "ol", "menu", "dir"})
_STRUCK = frozenset({"strike", "s", "del"})
_SENTENCE_END = re.compile(r"[.:;!?…。；：！？)\]»”\"']$")
_NEW_START = re.compile(r"^[\W_]*(?:[A-ZÀ-ÖØ-ÞА-ЯЁ0-9\u3040-\u9fff]|[a-zA-Z]{1,4}[).])")
_LONGEST_DATA_CELL = 1500


def write_blocks(
    root: etree._Element, blocks: Blocks, *, skip: frozenset[etree._Element], language: str | None
) -> None:
    """Write the text below ``root`` to ``blocks`` in the order of the page, leaving out the elements in ``skip``."""
    _Walk(blocks, skip, language).walk(root)


class _Walk:
    def __init__(self, blocks: Blocks, skip: frozenset[etree._Element], language: str | None) -> None:
        self._blocks = blocks
        self._skip = skip
        self._languages = [language]
        self._document_language = language
        self._text: list[str] = []
        self._heading: int | None = None
        self._lists = 0
        self._in_item = False
        self._pre = 0
        self._struck = 0

    def walk(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            if not isinstance(tag, str):  # a comment: only what follows it is text
                if event == "end" and element is not root:
                    self._take(element.tail)
                continue
            if event == "start":
                if element in self._skip:
                    walk.skip_subtree()
                    continue
                if tag == "table" and (rows := data_rows(element, self._skip)) is not None:
                    self._flush()
                    self._write_table(element, rows)
                    walk.skip_subtree()
                    continue
                self._enter(tag, element)
                self._take(element.text)
            else:
                if element not in self._skip and not (tag == "table" and data_rows(element, self._skip) is not None):
                    self._leave(tag, element)
                if element is not root:
                    self._take(element.tail)
        self._flush()

    def _take(self, text: str | None) -> None:
        if text:
            self._text.append(text if self._pre else re.sub(r"\s+", " ", text))

    def _enter(self, tag: str, element: etree._Element) -> None:
        if tag in _HEADINGS or tag in _BLOCKS:
            self._flush()
        if language := element.get("lang"):
            self._languages.append(language)
        if tag in _HEADINGS:
            self._heading = _HEADINGS[tag]
        elif tag in _LIST_TAGS:
            self._lists += 1
        elif tag == "li":
            self._in_item = True
        elif tag in ("pre", "xmp", "listing"):
            self._pre += 1
        elif tag in ("br", "wbr"):
            self._text.append("\n" if tag == "br" else "")
        elif tag in _STRUCK:
            self._struck += 1
            if self._struck == 1:
                self._text.append("~~")
        elif tag == "img" and self._heading and (alt := element.get("alt")):
            self._text.append(f" {alt} ")

    def _leave(self, tag: str, element: etree._Element) -> None:
        if tag in _STRUCK:
            self._struck -= 1
            if not self._struck:
                self._text.append("~~")
        if tag in _HEADINGS or tag in _BLOCKS:
            self._flush()
        if tag in _HEADINGS:
            self._heading = None
        elif tag in _LIST_TAGS:
            self._lists = max(0, self._lists - 1)
        elif tag == "li":
            self._in_item = False
        elif tag in ("pre", "xmp", "listing"):
            self._pre -= 1
        if element.get("lang"):
            self._languages.pop()

    def _flush(self) -> None:
        raw, self._text = "".join(self._text), []
        if self._struck:  # a block ends inside struck text: each part is marked by itself
            raw, self._text = f"{raw}~~", ["~~"]
        raw = re.sub(r"~~\s*~~", " ", raw)
        if not raw.strip():
            return
        language = self._languages[-1] if self._languages[-1] != self._document_language else None
        if self._heading:
            self._blocks.add(raw, BlockKind.HEADING, level=self._heading, language=language)
        elif self._pre and not self._in_item:
            self._write_preformatted(raw, language)
        elif self._in_item:
            self._blocks.add(raw, BlockKind.LIST_ITEM, level=max(1, self._lists), language=language)
            self._in_item = False  # a second paragraph of the item is one, not an item
        else:
            for paragraph in _paragraphs(raw):
                self._blocks.add(paragraph, language=language)

    def _write_preformatted(self, raw: str, language: str | None) -> None:
        """Laws and mails are served in <pre> too: text that reads as prose becomes paragraphs."""
        lines = [line for line in raw.splitlines() if line.strip()]
        prose = sum(
            1
            for line in lines
            if re.match(r"\s*\w.* .* .* ", line) and not re.search(r"[{};=<>]|\s{4,}\S", line.strip())
        )
        if lines and prose * 2 >= len(lines) and len(lines) > 1:
            for paragraph in re.split(r"\n\s*\n", raw):
                self._blocks.add(paragraph, language=language)
        else:
            self._blocks.add(raw, BlockKind.CODE, language=language)

    def _write_table(self, table: etree._Element, rows: list[tuple[list[str], bool]]) -> None:
        caption = table.find("caption")
        if caption is not None:
            self._blocks.add(clean_line("".join(str(part) for part in caption.itertext())))
        cells = without_blank_columns([row for row, _ in rows])
        has_header = any(header for _, header in rows)
        guessed = not has_header and names_columns(cells[0], cells[1:]) if cells else False
        heading_rows = 0
        while has_header and heading_rows < len(rows) and rows[heading_rows][1]:
            heading_rows += 1
        heading_rows = heading_rows or int(guessed)
        if heading_rows > 1:
            cells = [joined_header(cells[:heading_rows]), *cells[heading_rows:]]
            heading_rows = 1
        for number, row in enumerate(cells):
            self._blocks.add_row(row, header=number < heading_rows)


def _paragraphs(raw: str) -> list[str]:
    """Text with forced line breaks in paragraphs: at empty lines, and where a line ends a sentence."""
    paragraphs: list[str] = []
    fresh = True
    for line in (part.strip() for part in raw.split("\n")):
        if not line:
            fresh = True
        elif fresh or (_SENTENCE_END.search(clean_text(paragraphs[-1])) and _NEW_START.match(line)):
            paragraphs.append(line)
            fresh = False
        else:
            paragraphs[-1] += f"\n{line}"
    return paragraphs


def data_rows(table: etree._Element, skip: frozenset[etree._Element]) -> list[tuple[list[str], bool]] | None:
    """The cells of a table of data, each row with whether it is a heading; None for a table that only does layout."""
    if table.find(".//table") is not None or any(
        table.find(f".//{tag}") is not None for tag in (*_HEADINGS, "li", "pre")
    ):
        return None
    rows: list[tuple[list[str], bool]] = []
    spanning: dict[int, tuple[int, str]] = {}
    for row in table.iterfind(".//tr"):
        if row in skip:
            continue
        cells = [cell for cell in row if cell.tag in ("td", "th") and cell not in skip]
        texts = _cells_of(cells, skip, spanning)
        if any(len(text) > _LONGEST_DATA_CELL for text in texts):
            return None
        parent = row.getparent()
        in_head = parent is not None and parent.tag == "thead"
        all_th = bool(cells) and all(cell.tag == "th" for cell in cells) and len(cells) > 1
        if any(texts):
            rows.append((texts, in_head or all_th))
    if max((sum(1 for text in row if text) for row, _ in rows), default=0) < 2 or len(rows) < 2:
        return None
    return rows


def _cells_of(
    cells: list[etree._Element], skip: frozenset[etree._Element], spanning: dict[int, tuple[int, str]]
) -> list[str]:
    """The texts of a row, cells that span columns leaving blanks, cells that span rows coming back in each of them."""
    texts: list[str] = []

    def take_spanning() -> None:
        while len(texts) in spanning:
            left, text = spanning.pop(len(texts))
            if left > 1:
                spanning[len(texts)] = (left - 1, text)
            texts.append(text)

    for cell in cells:
        take_spanning()
        text = clean_line(_text_of(cell, skip))
        columns, rows = _span(cell, "colspan"), _span(cell, "rowspan")
        if rows > 1:
            spanning[len(texts)] = (rows - 1, text)
        texts += [text, *[""] * (columns - 1)]
    take_spanning()
    return texts


def _span(cell: etree._Element, name: str) -> int:
    value = (cell.get(name) or "1").strip()
    return min(int(value), 1000) if value.isascii() and value.isdigit() and int(value) > 0 else 1


def _text_of(cell: etree._Element, skip: frozenset[etree._Element]) -> str:
    parts: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        breaks = element.tag in _BLOCKS or element.tag == "br"
        if event == "start":
            if element in skip or not isinstance(element.tag, str):
                walk.skip_subtree()
                continue
            parts += [" " if breaks else "", element.text or ""]
        elif element is not cell:
            parts += [" " if breaks else "", element.tail or ""]
    return "".join(parts)
