"""OpenDocument text: headings, lists, tables, notes, text boxes."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.core_properties import Properties, properties_in
from ingest.formats.outcome import require_text
from ingest.formats.package import Package
from ingest.formats.source import Source
from ingest.formats.tables import names_columns, without_blank_columns

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_MANIFEST = "{urn:oasis:names:tc:opendocument:xmlns:manifest:1.0}"
_LEFT_OUT = frozenset(
    {
        _TEXT + "tracked-changes",
        _TEXT + "sequence-decls",
        _OFFICE + "annotation",
        _OFFICE + "forms",
        _TEXT + "note-citation",
    }
)
_CONTENTS = frozenset({_TEXT + "table-of-content", _TEXT + "illustration-index", _TEXT + "table-index"})
_MOST_REPEATED = 50


def convert(source: Source) -> ConvertedDocument:
    package = Package(source)
    _refuse_encrypted(package)
    root = package.xml("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text") if root is not None else None
    if body is None:
        raise ValueError("it has no text part")
    blocks = Blocks(source.limits)
    _Writer(blocks).write(body)
    require_text(blocks, hint="If it holds scanned pages, run text recognition (OCR) on them.")
    meta = package.xml("meta.xml")
    facts = properties_in(meta) if meta is not None else Properties()
    first = next((block.text for block in blocks.blocks[:10] if block.kind is BlockKind.HEADING), None)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=facts.title or first,
        author=facts.author,
        created=facts.created,
        language=facts.language,
        warnings=blocks.warnings,
    )


def _refuse_encrypted(package: Package) -> None:
    manifest = package.xml("META-INF/manifest.xml")
    if manifest is not None and manifest.find(f".//{_MANIFEST}encryption-data") is not None:
        raise DocumentError(
            "It is protected by a password.", code="encrypted", hint="Save it without a password and add that file."
        )


class _Writer:
    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._lists = 0
        self._new_item = False

    def write(self, container: etree._Element) -> None:
        for element in container:
            tag = element.tag
            if tag == _TEXT + "h":
                level = element.get(_TEXT + "outline-level") or "1"
                self._write_text(element, BlockKind.HEADING, int(level) if level.isdigit() else 1)
            elif tag == _TEXT + "p":
                self._write_paragraph(element)
            elif tag == _TEXT + "list":
                self._lists += 1
                self.write(element)
                self._lists -= 1
            elif tag == _TEXT + "list-item":
                self._new_item = True
                self.write(element)
            elif tag == _TABLE + "table":
                self._write_table(element)
            elif tag in _CONTENTS:
                self._blocks.warn("Its table of contents was left out.")
            elif tag not in _LEFT_OUT and isinstance(tag, str):
                self.write(element)

    def _write_paragraph(self, element: etree._Element) -> None:
        if self._new_item and self._lists:
            self._write_text(element, BlockKind.LIST_ITEM, self._lists)
            self._new_item = False
        else:
            self._write_text(element, BlockKind.PARAGRAPH, None)

    def _write_text(self, element: etree._Element, kind: BlockKind, level: int | None) -> None:
        aside: list[etree._Element] = []
        self._blocks.add("".join(_texts(element, aside)), kind, level=level)
        for note in aside:
            self.write(note)

    def _write_table(self, table: etree._Element) -> None:
        rows = [[_cell_text(cell) for cell in _cells(row)] for row in table.iter(_TABLE + "table-row")]
        rows = without_blank_columns([row for row in rows if any(row)])
        if max((sum(1 for cell in row if cell) for row in rows), default=0) < 2:
            for cell in table.iter(_TABLE + "table-cell"):
                self.write(cell)
            return
        marked = table.find(_TABLE + "table-header-rows") is not None
        header = len(rows) > 1 and (marked or names_columns(rows[0], rows[1:]))
        for at, row in enumerate(rows):
            self._blocks.add_row(row, header=header and at == 0)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for cell in row:
        if cell.tag in (_TABLE + "table-cell", _TABLE + "covered-table-cell"):
            repeated = cell.get(_TABLE + "number-columns-repeated") or "1"
            yield from [cell] * (min(int(repeated), _MOST_REPEATED) if repeated.isdigit() else 1)


def _cell_text(cell: etree._Element) -> str:
    return clean_line(" ".join("".join(_texts(paragraph, [])) for paragraph in cell.iter(_TEXT + "p", _TEXT + "h")))


def _texts(element: etree._Element, aside: list[etree._Element]) -> Iterator[str]:
    """The words of a paragraph; notes and text boxes are put ``aside``."""
    yield element.text or ""
    for child in element:
        tag = child.tag
        if tag in (_TEXT + "s", _TEXT + "tab"):
            yield " "
        elif tag == _TEXT + "line-break":
            yield "\n"
        elif tag == _TEXT + "note":
            citation, body = child.find(_TEXT + "note-citation"), child.find(_TEXT + "note-body")
            yield f"[{clean_line(citation.text or '')}]" if citation is not None else ""
            aside += [body] if body is not None else []
        elif tag in (_DRAW + "frame", _DRAW + "custom-shape", _DRAW + "text-box"):
            aside.append(child)
        elif tag not in _LEFT_OUT and isinstance(tag, str):
            yield from _texts(child, aside)
        yield child.tail or ""
