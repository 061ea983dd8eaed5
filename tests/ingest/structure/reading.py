"""Documents for the tests of structure, written as text."""

from __future__ import annotations

from ingest.converted import Block, BlockKind, ConvertedDocument
from ingest.structure import Section, structure


def document(*blocks: Block | str, media_type: str = "text/html", language: str | None = None) -> ConvertedDocument:
    return ConvertedDocument(
        media_type, tuple(each if isinstance(each, Block) else Block(each) for each in blocks), language=language
    )


def heading(text: str, level: int) -> Block:
    return Block(text, BlockKind.HEADING, level)


def sections(*blocks: Block | str, media_type: str = "text/html", language: str | None = None) -> list[Section]:
    return structure(document(*blocks, media_type=media_type, language=language))


def outline(*blocks: Block | str) -> list[tuple[str, ...]]:
    """The heading paths, in order."""
    return [section.heading_path for section in sections(*blocks)]


def texts(found: list[Section]) -> list[str]:
    return [paragraph.text for section in found for paragraph in section.paragraphs]
