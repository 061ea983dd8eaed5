"""Pictures of pages, drawn once and kept for a while. Who may see one is asked each time."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.documents import Version
from corpus.errors import DocumentError, NotFound
from ingest.page_images import WIDTHS, draw_page
from search_api.access.errors import TooManyRequests
from search_api.documents.service import PDF
from search_api.service import Service

MOST_KEPT = 2000  # pictures
DROPPED_AT_ONCE = 400


def page_image(service: Service, version: Version, page: int, width: int) -> Path:
    """A PNG file as wide as asked or wider, up to the widest. Raises NotFound, DocumentError, TooManyRequests."""
    with of_page(version, page):
        return _page_image(service, version, page, width)


@contextmanager
def of_page(version: Version, page: int) -> Iterator[None]:
    """Around what asks for a page of a version: a page that is not there, and no turn, are told as such."""
    if version.media_type != PDF:
        raise NotFound("Only PDF documents have pictures of their pages.", code="no_page_images")
    if version.pages is not None and page > version.pages:
        raise NotFound(f"There is no page {page}.", code="no_such_page")
    try:
        yield
    except DocumentError as error:
        if error.code == "busy":
            raise TooManyRequests(error.message, wait=5, hint=error.hint) from error
        if error.code == "no_such_page":
            raise NotFound(error.message, code=error.code) from error
        raise


def _page_image(service: Service, version: Version, page: int, width: int) -> Path:
    drawn = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
    folder = service.library.folder.path / "cache" / "pages"
    kept = folder / version.sha256[:2] / f"{version.sha256[2:]}-{page}-{drawn}.png"
    if kept.exists():
        os.utime(kept)
        return kept
    picture = draw_page(service.library.originals.path(version.sha256), page, drawn)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = kept.with_name(f"{secrets.token_hex(8)}.tmp")
    temporary.write_bytes(picture)
    temporary.replace(kept)
    _drop_the_oldest(folder)
    return kept


def _drop_the_oldest(folder: Path) -> None:
    kept = [entry for below in os.scandir(folder) if below.is_dir() for entry in os.scandir(below)]
    if len(kept) > MOST_KEPT:
        for entry in sorted(kept, key=lambda each: each.stat().st_mtime)[:DROPPED_AT_ONCE]:
            Path(entry).unlink(missing_ok=True)
