"""Where a passage stands on the picture of a page."""

from __future__ import annotations

from pydantic import Field

from corpus.documents import StoredPassage, Version
from corpus.errors import NotFound
from ingest.page_marks import passage_marks
from ingest.page_text import read_page
from search_api.documents.pages import of_page
from search_api.schemas import Answer
from search_api.service import Service


class PageMark(Answer):
    """A rectangle, in fractions of the page's width and height from its left and top edge."""

    left: float = Field(ge=0, le=1)
    top: float = Field(ge=0, le=1)
    width: float = Field(ge=0, le=1)
    height: float = Field(ge=0, le=1)


class PageMarks(Answer):
    """One rectangle for each line of the passage on the page; none where it was not found there."""

    page: int
    passage: int = Field(description="Its ordinal.")
    marks: list[PageMark]


def page_marks(service: Service, version: Version, page: int, ordinal: int) -> PageMarks:
    """Raises NotFound, DocumentError, TooManyRequests."""
    with of_page(version, page):
        stored = _passage(service, version, ordinal)
        boxes = (
            passage_marks(read_page(service.library.originals.path(version.sha256), page), stored.passage.text)
            if _may_hold(page, stored)
            else []
        )
    return PageMarks(
        page=page,
        passage=ordinal,
        marks=[
            PageMark(left=box.left, top=box.top, width=box.right - box.left, height=box.bottom - box.top)
            for box in boxes
        ],
    )


def _passage(service: Service, version: Version, ordinal: int) -> StoredPassage:
    found, _ = service.library.catalog.passages.between(version.id, ordinal, ordinal)
    if not found:
        raise NotFound(f"Document {version.document_id!r} has no passage {ordinal}.", code="unknown_passage")
    return found[0]


def _may_hold(page: int, stored: StoredPassage) -> bool:
    """The same words on another page are not the passage."""
    first = stored.passage.first_page
    return first is None or first <= page <= (stored.passage.last_page or first)
