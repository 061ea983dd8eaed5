"""The structure of a text: headings, articles, paragraphs, tables, without running headers and torn lines."""

from __future__ import annotations

from ingest.converted import ConvertedDocument
from ingest.structure.furniture import without_furniture
from ingest.structure.headings import with_headings
from ingest.structure.paragraphs import Paragraph, lines_of, paragraphs_of
from ingest.structure.sections import Section, sections_of

__all__ = ["Paragraph", "Section", "structure"]

_SLIDES = frozenset(
    {
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.ms-powerpoint",
    }
)


def structure(document: ConvertedDocument, *, language: str | None = None) -> list[Section]:
    """The sections of ``document`` in reading order.

    ``language`` (ISO 639-1) helps with hyphens at line ends; it may be left out. All text of the document is in the
    sections' headings and paragraphs, except running headers, footers and page numbers.
    """
    lines = without_furniture(lines_of(document.blocks))
    paragraphs, line_by_line = paragraphs_of(lines, language or document.language)
    return sections_of(
        with_headings(paragraphs, line_by_line=line_by_line), page_is_section=document.media_type in _SLIDES
    )
