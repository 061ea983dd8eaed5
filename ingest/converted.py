"""What a format yields: blocks in reading order. The contract between ``formats``, ``structure`` and ``passages``.

What every format promises of a block's text: it is not blank, has no white space at its ends, is in Unicode's form C,
and holds no control characters but the line feed. A line feed is a line end of the original: of a page of a PDF and of
plain text, where it may come in the middle of a sentence or of a hyphenated word, or a forced line break (``<br>``),
where it may stand for more. In all other formats a paragraph is one line. The cells of a row of a table are parted by
`` | ``. Text that the original strikes out (superseded wording of a law) stands between ``~~`` and ``~~``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    TABLE_HEADER = "table_header"  # repeated in every passage that carries rows of its table; begins a new table
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None  # of a heading, 1 is the highest; of a list item, 1 is the outermost list
    page: int | None = None  # 1-based; the slide of a presentation; the part between two form feeds of plain text
    sheet: str | None = None  # of a workbook
    row: int | None = None  # 1-based, of a sheet or CSV
    language: str | None = None  # as the format says it (BCP 47: "es", "pt-BR"), where it differs from the document's


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a message: a document of its own."""

    name: str  # data, never a path
    content: bytes


@dataclass(frozen=True, slots=True)
class ConvertedDocument:
    media_type: str
    blocks: tuple[Block, ...]
    title: str | None = None
    author: str | None = None
    created: date | None = None
    language: str | None = None  # as the format says it (BCP 47)
    pages: int | None = None
    attachments: tuple[Attachment, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()  # front matter and the like, as found
    warnings: tuple[str, ...] = ()  # what was left out, in a sentence each

    def __deepcopy__(self, memo: object) -> ConvertedDocument:
        return self  # nothing in it changes; Haystack copies what passes between components
