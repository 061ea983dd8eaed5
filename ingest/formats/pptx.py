"""PowerPoint presentations (PresentationML): a slide is a page, its title a heading; tables, charts and notes too."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.core_properties import properties_of
from ingest.formats.outcome import require_text
from ingest.formats.package import DAMAGE, Package
from ingest.formats.source import Source
from ingest.formats.tables import names_columns, without_blank_columns

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
P = "{http://schemas.openxmlformats.org/presentationml/2006/main}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_TITLES = frozenset({"title", "ctrTitle"})
_FURNITURE = frozenset({"dt", "ftr", "sldNum", "hdr", "sldImg"})
_COUNTED_BY_PROGRAM = frozenset({"slidenum", "datetime"})


def convert(source: Source) -> ConvertedDocument:
    package = Package(source)
    main = package.related("", "officeDocument") or "ppt/presentation.xml"
    slides = _slides(package, main)
    if len(slides) > source.limits.pages:
        raise DocumentError(
            f"It has {len(slides):,} slides; at most {source.limits.pages:,} are taken.",
            code="too_many_pages",
            hint="Split it into several presentations.",
        )
    blocks = Blocks(source.limits)
    for number, part in enumerate(slides, 1):
        _Slide(package, part, number, blocks).write()
        source.progress(number, len(slides))
    require_text(
        blocks,
        message="Its slides hold no text: they are empty, or pictures.",
        hint="If they are pictures of text, run text recognition (OCR) on them and save as PDF.",
    )
    facts = properties_of(package)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=facts.title or next((block.text for block in blocks.blocks if block.kind is BlockKind.HEADING), None),
        author=facts.author,
        created=facts.created,
        language=facts.language,
        pages=len(slides),
        warnings=blocks.warnings,
    )


def _slides(package: Package, main: str) -> list[str]:
    """The parts of the slides in the order in which they are shown."""
    root = package.xml(main)
    if root is None:
        raise ValueError("it has no main part")
    targets = package.relations(main)
    ordered = [targets.get(slide.get(R + "id") or "", ("", ""))[1] for slide in root.iterfind(f"{P}sldIdLst/{P}sldId")]
    return [part for part in ordered if part in package]


class _Slide:
    def __init__(self, package: Package, part: str, number: int, blocks: Blocks) -> None:
        self._package = package
        self._part = part
        self._number = number
        self._blocks = blocks

    def write(self) -> None:
        try:
            root = self._package.xml(self._part)
        except DAMAGE:
            root = None
        if root is None:
            self._blocks.warn(f"Slide {self._number} could not be read: damaged.")
            return
        # Whatever its place in the drawing order, the title is what is read first.
        shapes = sorted(_shapes(root.find(f"{P}cSld/{P}spTree")), key=lambda shape: _placeholder(shape) not in _TITLES)
        for shape in shapes:
            self._write_shape(shape)
        self._write_notes()

    def _write_shape(self, shape: etree._Element) -> None:
        kind = _placeholder(shape)
        if kind in _FURNITURE:
            return
        body = shape.find(P + "txBody")
        if body is not None and kind in _TITLES:
            title = clean_line(" ".join(text for text, _ in _paragraphs(body)))
            self._blocks.add(title, BlockKind.HEADING, level=1, page=self._number)
        elif body is not None:
            self._write_paragraphs(body, listed=kind in ("body", "obj", "", None) and kind is not None)
        for table in shape.iter(A + "tbl"):
            self._write_table(table)
        for reference in shape.iter(_C + "chart"):
            self._write_chart(reference.get(R + "id") or "")
        for reference in shape.iter(_DGM + "relIds"):
            self._write_diagram(reference.get(R + "dm") or "")

    def _write_paragraphs(self, body: etree._Element, *, listed: bool) -> None:
        paragraphs = [(text, level) for text, level in _paragraphs(body) if text.strip()]
        for text, level in paragraphs:
            if level or (listed and len(paragraphs) > 1):
                self._blocks.add(text, BlockKind.LIST_ITEM, level=level + 1, page=self._number)
            else:
                self._blocks.add(text, page=self._number)

    def _write_table(self, table: etree._Element) -> None:
        rows = [
            [clean_line(" ".join(text for text, _ in _paragraphs(cell))) for cell in row.iterfind(A + "tc")]
            for row in table.iterfind(A + "tr")
        ]
        rows = [row for row in without_blank_columns(rows) if any(row)]
        properties = table.find(A + "tblPr")
        marked = properties is not None and properties.get("firstRow") in ("1", "true") and len(rows) > 1
        header = bool(rows) and (marked or names_columns(rows[0], rows[1:]))
        for at, row in enumerate(rows):
            self._blocks.add_row(row, header=header and at == 0, page=self._number)

    def _related(self, identity: str) -> etree._Element | None:
        _, target = self._package.relations(self._part).get(identity, ("", ""))
        try:
            return self._package.xml(target) if target else None
        except DAMAGE:
            self._blocks.warn(f"A chart or diagram of slide {self._number} could not be read: damaged.")
            return None

    def _write_chart(self, identity: str) -> None:
        root = self._related(identity)
        if root is None:
            return
        title = root.find(f".//{_C}chart/{_C}title")
        if title is not None:
            self._blocks.add(clean_line("".join(part.text or "" for part in title.iter(A + "t"))), page=self._number)
        series = [(_cached(one.find(_C + "tx")), _cached(one.find(_C + "cat")), _cached(one.find(_C + "val")))
                  for one in root.iter(_C + "ser")]  # fmt: skip
        if not any(values for _, _, values in series):
            return
        categories = max((known for _, known, _ in series), key=len)
        count = max(len(categories), *(len(values) for _, _, values in series))
        self._blocks.add_row(["", *(" ".join(name.values()) for name, _, _ in series)], header=True, page=self._number)
        for at in range(count):
            row = [categories.get(at, ""), *(values.get(at, "") for _, _, values in series)]
            self._blocks.add_row(row, page=self._number)

    def _write_diagram(self, identity: str) -> None:
        root = self._related(identity)
        for point in root.iter(_DGM + "pt") if root is not None else ():
            for text, _ in _paragraphs(point):
                self._blocks.add(text, BlockKind.LIST_ITEM, level=1, page=self._number)

    def _write_notes(self) -> None:
        part = self._package.related(self._part, "notesSlide")
        try:
            root = self._package.xml(part) if part else None
        except DAMAGE:
            self._blocks.warn(f"The notes of slide {self._number} could not be read: damaged.")
            return
        for shape in _shapes(root.find(f"{P}cSld/{P}spTree")) if root is not None else ():
            body = shape.find(P + "txBody")
            if body is not None and _placeholder(shape) not in _FURNITURE:
                for text, _ in _paragraphs(body):
                    self._blocks.add(text, page=self._number)


def _shapes(tree: etree._Element | None) -> Iterator[etree._Element]:
    """Shapes and graphic frames, those in groups as well, in the order of the file."""
    for element in tree if tree is not None else ():
        if element.tag == P + "grpSp":
            yield from _shapes(element)
        elif element.tag == _MC + "AlternateContent":
            chosen = element.find(_MC + "Choice")
            if chosen is None or not len(chosen):
                chosen = element.find(_MC + "Fallback")
            yield from _shapes(chosen)
        elif element.tag in (P + "sp", P + "graphicFrame", P + "cxnSp"):
            yield element


def _placeholder(shape: etree._Element) -> str | None:
    """What a shape is on its layout; empty for one of the body, None for a free shape."""
    found = shape.find(f"{P}nvSpPr/{P}nvPr/{P}ph")
    return None if found is None else found.get("type", "")


def _paragraphs(element: etree._Element) -> Iterator[tuple[str, int]]:
    """Text and level (0 is the outermost) of the paragraphs below ``element``."""
    for paragraph in element.iter(A + "p"):
        properties = paragraph.find(A + "pPr")
        level = (properties.get("lvl") or "0") if properties is not None else "0"
        parts: list[str] = []
        for piece in paragraph:
            if piece.tag == A + "br":
                parts.append("\n")
            elif piece.tag == A + "r" or (
                piece.tag == A + "fld" and not (piece.get("type") or "").startswith(tuple(_COUNTED_BY_PROGRAM))
            ):
                parts.append("".join(text.text or "" for text in piece.iterfind(A + "t")))
        yield "".join(parts), int(level) if level.isascii() and level.isdigit() and int(level) < 9 else 0


def _cached(element: etree._Element | None) -> dict[int, str]:
    """The values that a chart keeps of the cells that it draws, by their index."""
    values: dict[int, str] = {}
    for point in element.iter(_C + "pt") if element is not None else ():
        index, value = point.get("idx") or "", point.find(_C + "v")
        if index.isascii() and index.isdigit() and len(index) < 6 and value is not None and value.text:
            values[int(index)] = _rounded(value.text)
    if not values and element is not None:
        values = dict(enumerate(text for value in element.iter(_C + "v") if (text := value.text)))
    return values


def _rounded(text: str) -> str:
    """A number without the noise of binary fractions."""
    try:
        value = float(text)
    except ValueError:
        return text
    return f"{value:.10g}" if "." in text or "e" in text.lower() else text
