"""What the first load costs."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import pytest

from tests.ui.conftest import COFFEE_MEMBER, Visitor

MOST = 60_000  # bytes of JavaScript, gzipped


@pytest.mark.parametrize("language", ["es", "pt", "en"])
def test_the_search_page_loads_little_javascript(visit: Callable[..., Visitor], language: str) -> None:
    visitor = visit(COFFEE_MEMBER, language=language)
    page = visitor.open()
    scripts: dict[str, int] = {}
    page.on(
        "response",
        lambda answer: (
            scripts.update({answer.url: len(gzip.compress(answer.body()))})
            if answer.request.resource_type == "script"
            else None
        ),
    )
    page.goto(f"{visitor.url}/#q=cadmio")
    page.locator("article").first.wait_for()
    page.wait_for_load_state("networkidle")
    assert scripts, "no script was seen"
    assert sum(scripts.values()) <= MOST, scripts
