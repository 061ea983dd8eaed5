"""Title, author and date as Office files and OpenDocument keep them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lxml import etree

from ingest.formats.blocks import clean_line
from ingest.formats.dates import date_in
from ingest.formats.package import DAMAGE, Package

_CREATED_BY_PROGRAM = frozenset(
    {"python-docx", "openpyxl", "un-named", "microsoft office user", "administrator", "user"}
)
_NO_TITLE = frozenset(
    {"powerpoint presentation", "presentación de powerpoint", "apresentação do powerpoint", "word document"}
)


@dataclass(frozen=True, slots=True)
class Properties:
    title: str | None = None
    author: str | None = None
    created: date | None = None
    language: str | None = None


def properties_of(package: Package) -> Properties:
    """The core properties of an Office document; nothing where they are missing or damaged."""
    part = package.related("", "core-properties") or "docProps/core.xml"
    try:
        root = package.xml(part)
    except DAMAGE:
        root = None
    return Properties() if root is None else properties_in(root)


def properties_in(root: etree._Element) -> Properties:
    """The facts in an element whose children are Dublin Core or OpenDocument metadata, by their local names."""
    found: dict[str, str] = {}
    for element in root.iter():
        if isinstance(element.tag, str) and (text := clean_line(element.text or "")):
            found.setdefault(etree.QName(element).localname, text)
    title, author = found.get("title"), found.get("creator") or found.get("initial-creator")
    return Properties(
        title=None if title is None or title.lower() in _NO_TITLE else title[:500],
        author=None if author is None or author.lower() in _CREATED_BY_PROGRAM else author[:200],
        created=date_in(found.get("created") or found.get("creation-date") or found.get("date")),
        language=found.get("language"),
    )
