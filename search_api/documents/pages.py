"""Pictures of pages, drawn once and kept for a while. Who may see one is asked each time."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from corpus.documents import Version
from corpus.errors import DocumentError, NotFound
from ingest.page_images import WIDTHS, draw_page
from search_api.access.errors import TooManyRequests
from search_api.documents.service import PDF
from search_api.service import Service

MOST_KEPT = 2000  # pictures
DROPPED_AT_ONCE = 400


def page_image(service: Service, version: Version, page: int, width: int) -> bytes:
    """A PNG picture as wide as asked or wider, up to the widest. Raises NotFound, DocumentError, TooManyRequests."""
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


def _page_image(service: Service, version: Version, page: int, width: int) -> bytes:
    drawn = next((each for each in WIDTHS if each >= width), WIDTHS[-1])
    folder = service.library.folder.path / "cache" / "pages"
    kept = folder / version.sha256[:2] / f"{version.sha256[2:]}-{page}-{drawn}.png"
    with suppress(FileNotFoundError):  # not drawn yet, or dropped by somebody else at this moment
        os.utime(kept)
        return kept.read_bytes()
    picture = draw_page(service.library.originals.path(version.sha256), page, drawn)
    kept.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = kept.with_name(f"{secrets.token_hex(8)}.tmp")
    temporary.write_bytes(picture)
    temporary.replace(kept)
    _drop_the_oldest(folder)
    return picture


def _drop_the_oldest(folder: Path) -> None:
    kept = list(folder.glob("*/*"))
    if len(kept) <= MOST_KEPT:
        return
    used: dict[Path, float] = {}
    for picture in kept:
        with suppress(FileNotFoundError):  # others drop as well
            used[picture] = picture.stat().st_mtime
    for picture in sorted(used, key=used.__getitem__)[:DROPPED_AT_ONCE]:
        picture.unlink(missing_ok=True)
