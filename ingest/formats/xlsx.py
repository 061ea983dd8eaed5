"""Excel workbooks (SpreadsheetML): sheets, their tables with headers, numbers and dates as the sheet shows them.

Hidden sheets are left out: who shares a workbook does not see them. Formulas count as their last result.
"""

from __future__ import annotations

import re

from lxml import etree

from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.core_properties import properties_of
from ingest.formats.grid import write_grid
from ingest.formats.outcome import require_text
from ingest.formats.package import DAMAGE, Package
from ingest.formats.source import Source
from ingest.formats.xlsx_numbers import format_code
from ingest.formats.xlsx_sheet import S, Workbook, read_rows, rich_text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PROGRAM_NAMES = re.compile(r"(?:sheet|hoja|planilha|plan|feuil|лист|tabelle|foglio|工作表|シート)\s*\d*", re.I)


def convert(source: Source) -> ConvertedDocument:
    package = Package(source)
    main = package.related("", "officeDocument") or "xl/workbook.xml"
    root = package.xml(main)
    if root is None:
        raise ValueError("it has no main part")
    blocks = Blocks(source.limits)
    book = Workbook(_strings(package, main), _codes(package, main), _since_1904(root))
    sheets = _sheets(package, main, root, blocks)
    left = source.limits.table_rows
    for at, (name, part) in enumerate(sheets, 1):
        try:
            left -= _write_sheet(package, part, name, book, left, blocks)
        except DAMAGE:
            blocks.warn(f"The sheet {name} could not be read: damaged.")
        source.progress(at, len(sheets))
    require_text(blocks, message="It has no cell with anything in it.", hint="Check that it is the right file.")
    facts = properties_of(package)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=facts.title,
        author=facts.author,
        created=facts.created,
        language=facts.language,
        warnings=blocks.warnings,
    )


def _sheets(package: Package, main: str, root: etree._Element, blocks: Blocks) -> list[tuple[str, str]]:
    """Name and part of the sheets that are shown, in their order."""
    targets = package.relations(main)
    shown: list[tuple[str, str]] = []
    hidden: list[str] = []
    for sheet in root.iterfind(f"{S}sheets/{S}sheet"):
        name = clean_line(sheet.get("name") or "")
        kind, part = targets.get(sheet.get(_R + "id") or "", ("", ""))
        if sheet.get("state") in ("hidden", "veryHidden"):
            hidden.append(name)
        elif kind == "worksheet" and part in package:
            shown.append((name, part))
    if hidden:
        blocks.warn(f"Hidden sheets were left out: {', '.join(hidden[:20])}.")
    return shown


def _write_sheet(package: Package, part: str, name: str, book: Workbook, most_rows: int, blocks: Blocks) -> int:
    rows = read_rows(package.read(part), book, most_rows, lambda _: None)
    texts = _drawn_texts(package, part)
    if (rows or texts) and not _PROGRAM_NAMES.fullmatch(name):
        blocks.add(name, BlockKind.HEADING, level=1, sheet=name)
    write_grid(rows, blocks, sheet=name)
    for text in texts:
        blocks.add(text, sheet=name)
    return len(rows)


def _drawn_texts(package: Package, part: str) -> list[str]:
    """The paragraphs in the text boxes and shapes on a sheet."""
    try:
        drawing = package.related(part, "drawing")
        root = package.xml(drawing) if drawing else None
    except DAMAGE:
        return []  # what is drawn on the sheet adds to it; the sheet itself is sound
    if root is None:
        return []
    return ["".join(text.text or "" for text in paragraph.iter(_A + "t")) for paragraph in root.iter(_A + "p")]


def _strings(package: Package, main: str) -> list[str]:
    part = package.related(main, "sharedStrings")
    root = package.xml(part) if part else None
    return [rich_text(item) for item in root.iterfind(S + "si")] if root is not None else []


def _codes(package: Package, main: str) -> list[str]:
    part = package.related(main, "styles")
    root = package.xml(part) if part else None
    if root is None:
        return []
    custom = {
        int(identity): known.get("formatCode") or ""
        for known in root.iter(S + "numFmt")
        if (identity := known.get("numFmtId") or "").isascii() and identity.isdigit()
    }
    identities = [style.get("numFmtId") or "0" for style in root.iterfind(f"{S}cellXfs/{S}xf")]
    return [
        format_code(int(identity) if identity.isascii() and identity.isdigit() else 0, custom)
        for identity in identities
    ]


def _since_1904(root: etree._Element) -> bool:
    properties = root.find(S + "workbookPr")
    return properties is not None and properties.get("date1904") in ("1", "true")
