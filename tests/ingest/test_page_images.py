"""Pictures of pages, drawn in confined children."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from corpus.errors import DocumentError
from ingest.page_images import draw_page
from tests.conftest import ROOT
from tests.running import PATIENCE

PDF = ROOT / "corpus" / "samples" / "cafe-alto-juanambu" / "mercado-china-cafe.pdf"
PNG = b"\x89PNG"
IN_LINE = 16  # at work and waiting


def test_a_page_becomes_a_picture() -> None:
    assert draw_page(PDF, 1, 320).startswith(PNG)
    with pytest.raises(DocumentError) as caught:
        draw_page(PDF, 999, 320)
    assert caught.value.code == "no_such_page"


@pytest.mark.timeout(900)
def test_who_asks_for_very_many_at_once_is_told_so_and_the_others_are_served() -> None:
    together = threading.Barrier(2 * IN_LINE)

    def draw(_: int) -> str:
        together.wait(PATIENCE)
        try:
            return "drawn" if draw_page(PDF, 1, 320).startswith(PNG) else "no picture"
        except DocumentError as error:
            return error.code

    with ThreadPoolExecutor(2 * IN_LINE) as threads:
        ended = list(threads.map(draw, range(2 * IN_LINE)))
    assert set(ended) == {"drawn", "busy"}
    assert draw_page(PDF, 1, 320).startswith(PNG), "the places are free again"
