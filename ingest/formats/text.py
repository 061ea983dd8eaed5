"""Plain text: paragraphs between blank lines, pages between form feeds."""

from __future__ import annotations

import re

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks
from ingest.formats.decoding import decode
from ingest.formats.source import Source

MEDIA_TYPE = "text/plain"
_BULLET = re.compile(r"[ \t]*[•◦▪‣∙*·–—-][ \t]+(?=\S)")
_LONGEST_WRAPPED = 120  # characters of a line that a person or a program has wrapped
_RULE = re.compile(r"[-=_*~#.+|\s]+")


def convert(source: Source) -> ConvertedDocument:
    blocks = Blocks(source.limits)
    pages = decode(source.read()).split("\f")
    if len(pages) > 1 and not pages[-1].strip():
        pages.pop()  # printers end the last page too
    for number, page in enumerate(pages, 1):
        write_paragraphs(page, blocks, page=number if len(pages) > 1 else None)
    if not len(blocks):
        raise DocumentError("It holds nothing but white space.", code="empty")
    return ConvertedDocument(
        MEDIA_TYPE, blocks.blocks, pages=len(pages) if len(pages) > 1 else None, warnings=blocks.warnings
    )


def write_paragraphs(text: str, blocks: Blocks, *, page: int | None = None) -> None:
    """Write plain text to ``blocks``.

    A paragraph ends at a blank line, a ruled line or a list item; at every line end where lines are not wrapped.
    """
    lines = re.split(r"\r\n|\n|\r", text)
    unwrapped = _is_unwrapped(lines)
    paragraph: list[str] = []

    def flush() -> None:
        if paragraph:
            item = _BULLET.match(paragraph[0])
            if item:
                blocks.add("\n".join(paragraph)[item.end() :], BlockKind.LIST_ITEM, level=1, page=page)
            else:
                blocks.add("\n".join(paragraph), page=page)
            paragraph.clear()

    for line in lines:
        if _RULE.fullmatch(line) or not line.strip():
            flush()
        elif unwrapped or _BULLET.match(line):
            flush()
            paragraph.append(line)
        else:
            paragraph.append(line)
    flush()


def _is_unwrapped(lines: list[str]) -> bool:
    """Whether lines are as long as paragraphs: most of the text stands in lines longer than anybody wraps them."""
    long = sum(len(line) for line in lines if len(line) > _LONGEST_WRAPPED)
    return long * 2 > sum(map(len, lines))
