"""The formats that are read, declared as data. To add one: write its module with ``convert``, and add its line here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import cast

from ingest.converted import ConvertedDocument
from ingest.formats.source import Source

Convert = Callable[[Source], ConvertedDocument]


@dataclass(frozen=True, slots=True)
class Format:
    """One format. ``module`` has ``convert(source) -> ConvertedDocument``; it is imported when first needed."""

    media_type: str
    name: str  # as people call it, after "a": "PDF document"
    module: str
    suffixes: tuple[str, ...]  # usual endings of its files, for file dialogs and walks through folders

    def load(self) -> Convert:
        return cast("Convert", import_module(self.module).convert)


FORMATS: tuple[Format, ...] = (
    Format("application/pdf", "PDF document", "ingest.formats.pdf", (".pdf",)),
    Format(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "Word document",
        "ingest.formats.docx",
        (".docx", ".docm", ".dotx"),
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "PowerPoint presentation",
        "ingest.formats.pptx",
        (".pptx", ".pptm", ".ppsx"),
    ),
    Format(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "Excel workbook",
        "ingest.formats.xlsx",
        (".xlsx", ".xlsm"),
    ),
    Format("text/html", "web page", "ingest.formats.html", (".html", ".htm", ".xhtml")),
    Format("text/markdown", "Markdown text", "ingest.formats.markdown", (".md", ".markdown")),
    Format("text/csv", "CSV table", "ingest.formats.csv", (".csv", ".tsv", ".tab")),
    Format("message/rfc822", "mail message", "ingest.formats.eml", (".eml",)),
    Format("application/vnd.oasis.opendocument.text", "OpenDocument text", "ingest.formats.odt", (".odt",)),
    Format("application/rtf", "RTF document", "ingest.formats.rtf", (".rtf",)),
    Format("text/plain", "plain text", "ingest.formats.text", (".txt", ".text")),
)

_BY_MEDIA_TYPE = {known.media_type: known for known in FORMATS}


def format_of(media_type: str) -> Format | None:
    """The format that reads this media type; None where there is none."""
    return _BY_MEDIA_TYPE.get(media_type)
