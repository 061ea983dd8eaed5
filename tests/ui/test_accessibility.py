"""axe on every page and state, light and dark, in each language; and nothing that scrolls sideways.

Each look leaves its pictures in the git-ignored folder ``artefacts/ui``: they are there to be looked at.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.ui.conftest import LOCALES, SIZES, Visitor
from tests.ui.scenes import SCENES, Scene, settle

Visit = Callable[..., Visitor]
Look = tuple[str, bool, int]
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
QUICK: list[Look] = [("es", False, 1440), ("pt", True, 390), ("en", False, 768)]
ALL = [look for look in itertools.product(LOCALES, (False, True), SIZES) if look not in QUICK]
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
NO_STATUS = ("404", "422")  # the browser tells of every answer that is an error, those that a scene is about as well


def named(look: Look) -> str:
    language, dark, width = look
    return f"{width}-{'dark' if dark else 'light'}-{language}"


def violations(page: Page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {one['help']}: {node['html'][:300]}" for one in found for node in one["nodes"]]


def see(visit: Visit, scenes: list[Scene], look: Look) -> list[str]:
    """What is wrong with the scenes, for each of them; their pictures are kept."""
    language, dark, width = look
    visitors: dict[str | None, Visitor] = {}
    found = []
    for scene in scenes:
        if scene.email not in visitors:
            visitors[scene.email] = visit(scene.email, language=language, dark=dark, width=width)
            visitors[scene.email].expected = NO_STATUS
        visitor = visitors[scene.email]
        visitor.go("about:blank")  # a new hash alone would load no page anew
        scene.play(visitor)
        page = settle(visitor)
        found += [f"{scene.name}: {one}" for one in violations(page)]
        if page.evaluate(SIDEWAYS):
            found.append(f"{scene.name}: scrolls sideways")
        visitor.shot(f"{scene.name}-{named(look)}")
    return found


@pytest.mark.parametrize("look", QUICK, ids=named)
def test_every_page_and_state_is_without_violations(visit: Visit, look: Look) -> None:
    found = see(visit, SCENES, look)
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize("look", ALL, ids=named)
def test_every_page_and_state_in_every_look(visit: Visit, look: Look) -> None:
    found = see(visit, SCENES, look)
    assert not found, "\n".join(found)
