"""What a format yields: blocks in reading order. The contract between ``formats``, ``structure`` and ``passages``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BlockKind(StrEnum):
    HEADING = "heading"
    PARAGRAPH = "paragraph"
    LIST_ITEM = "list_item"
    TABLE_ROW = "table_row"
    TABLE_HEADER = "table_header"  # repeated in every passage that carries rows of its table
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Block:
    text: str
    kind: BlockKind = BlockKind.PARAGRAPH
    level: int | None = None  # of a heading, 1 is the highest
    page: int | None = None  # 1-based; the slide of a presentation
    sheet: str | None = None  # of a workbook
    row: int | None = None  # 1-based, of a sheet or CSV
    language: str | None = None  # where the format says it


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
    language: str | None = None
    pages: int | None = None
    attachments: tuple[Attachment, ...] = ()
    metadata: tuple[tuple[str, str], ...] = ()  # front matter and the like, as found
    warnings: tuple[str, ...] = ()  # what was left out, in a sentence each
