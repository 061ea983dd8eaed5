"""The words of one paragraph of a Word document, and what hangs on it: notes, text boxes, turns of the page."""

from __future__ import annotations

from dataclasses import dataclass, field

from lxml import etree

from ingest.formats.docx_styles import Style, W, flag

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
CONTAINERS = frozenset(
    W + name
    for name in ("ins moveTo customXml smartTag hyperlink fldSimple sdt sdtContent ruby rubyBase dir bdo".split())
)
"""Elements that only hold others; what was deleted or moved away (``del``, ``moveFrom``) is not among them."""


@dataclass(frozen=True, slots=True)
class Note:
    """A reference to a foot- or endnote."""

    mark: str  # as it is written in the text: "[3]"
    identity: str
    is_endnote: bool


@dataclass(slots=True)
class ParagraphText:
    """The words of a paragraph, and what hangs on it."""

    parts: list[str] = field(default_factory=list)
    boxes: list[etree._Element] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    page_breaks: int = 0
    bold: int = 0  # characters in bold, and in all
    length: int = 0

    @property
    def text(self) -> str:
        return "".join(self.parts).replace("~~~~", "")


class ParagraphReader:
    """Reads paragraphs in their order, counting their notes."""

    def __init__(self) -> None:
        self._marks = 0

    def read(self, paragraph: etree._Element, style: Style) -> ParagraphText:
        content = ParagraphText()
        for child in paragraph:
            self._read_into(child, content, style)
        return content

    def _read_into(self, element: etree._Element, content: ParagraphText, style: Style) -> None:
        tag = element.tag
        if tag == W + "r":
            self._read_run(element, content, style)
        elif tag in CONTAINERS:
            for child in element:
                self._read_into(child, content, style)
        elif tag in (_M + "oMath", _M + "oMathPara"):
            content.parts.append("".join(part.text or "" for part in element.iter(_M + "t")))
        elif tag == MC + "AlternateContent":
            for child in chosen_form(element):
                self._read_into(child, content, style)

    def _read_run(self, run: etree._Element, content: ParagraphText, style: Style) -> None:
        properties = run.find(W + "rPr")
        hidden = flag(properties, "vanish")
        if style.hidden if hidden is None else hidden:
            return
        struck = flag(properties, "strike") or flag(properties, "dstrike")
        bold = flag(properties, "b")
        before = len(content.parts)
        for piece in run:
            self._read_piece(piece, content)
        written = "".join(content.parts[before:])
        if struck and written.strip():
            content.parts[before:] = [f"~~{written}~~"]
        length = len(written.strip())
        content.length += length
        content.bold += length if (style.bold if bold is None else bold) else 0

    def _read_piece(self, piece: etree._Element, content: ParagraphText) -> None:
        name = etree.QName(piece).localname if isinstance(piece.tag, str) else ""
        match name:
            case "t":
                content.parts.append(piece.text or "")
            case "tab" | "ptab":
                content.parts.append(" ")
            case "br" | "cr":
                content.parts.append(" " if piece.get(W + "type") in ("page", "column") else "\n")
            case "noBreakHyphen":
                content.parts.append("-")
            case "lastRenderedPageBreak":
                content.page_breaks += 1
            case "footnoteReference" | "endnoteReference":
                self._read_note(name, piece.get(W + "id") or "", content)
            case "drawing" | "pict" | "object":
                content.boxes += _text_boxes(piece)
            case "AlternateContent":
                for child in chosen_form(piece):
                    self._read_piece(child, content)

    def _read_note(self, name: str, identity: str, content: ParagraphText) -> None:
        self._marks += 1
        mark = f"[{self._marks}]"
        content.parts.append(mark)
        content.notes.append(Note(mark, identity, is_endnote=name == "endnoteReference"))


def chosen_form(alternatives: etree._Element) -> etree._Element:
    """The first of several forms of the same content, as a newer program would show it."""
    choice = alternatives.find(MC + "Choice")
    if choice is None:
        choice = alternatives.find(MC + "Fallback")
    return choice if choice is not None else alternatives.makeelement("none")


def _text_boxes(drawing: etree._Element) -> list[etree._Element]:
    """The outermost text boxes in a drawing, each once."""
    boxes: list[etree._Element] = []
    walk = etree.iterwalk(drawing, events=("start",), tag=(W + "txbxContent", MC + "Fallback"))
    for _, element in walk:
        if element.tag == W + "txbxContent":
            boxes.append(element)
        walk.skip_subtree()
    return boxes
