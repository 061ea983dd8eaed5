"""Word documents (WordprocessingML): headings, numbered clauses, lists, tables, text boxes, notes.

Headers and footers are other parts of the file and are not read; nor are comments, deleted text, hidden text and the
table of contents, which repeats the headings.
"""

from __future__ import annotations

from lxml import etree

from ingest.converted import ConvertedDocument
from ingest.formats.blocks import Blocks
from ingest.formats.core_properties import properties_of
from ingest.formats.docx_body import write_body
from ingest.formats.docx_numbering import Numbering
from ingest.formats.docx_styles import Styles
from ingest.formats.outcome import require_text
from ingest.formats.package import Package
from ingest.formats.source import Source

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def convert(source: Source) -> ConvertedDocument:
    package = Package(source)
    main = package.related("", "officeDocument") or "word/document.xml"
    root = package.xml(main)
    if root is None:
        raise ValueError("it has no main part")
    blocks = Blocks(source.limits)
    pages = write_body(
        root,
        blocks,
        styles=Styles(_part(package, main, "styles")),
        numbering=Numbering(_part(package, main, "numbering")),
        footnotes=_part(package, main, "footnotes"),
        endnotes=_part(package, main, "endnotes"),
    )
    require_text(
        blocks,
        message="It holds no text: it is empty, or its text is in pictures.",
        hint="If it holds scanned pages, run text recognition (OCR) on them.",
    )
    facts = properties_of(package)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=facts.title,
        author=facts.author,
        created=facts.created,
        language=facts.language,
        pages=pages,
        warnings=blocks.warnings,
    )


def _part(package: Package, main: str, kind: str) -> etree._Element | None:
    name = package.related(main, kind)
    return package.xml(name) if name else None
