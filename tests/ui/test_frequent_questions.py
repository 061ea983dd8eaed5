"""What many members of several firms asked is offered to others as they type."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from playwright.sync_api import expect

from search_api.access.demonstration import PASSWORD
from tests.service.serving import ServingProcess
from tests.ui.conftest import ADMINISTRATOR, COFFEE, COFFEE_MEMBER, LEATHER_MEMBER, Visitor

Visit = Callable[..., Visitor]
QUESTION = "límites de cadmio en cacao"


def ask(url: str, email: str, *questions: str) -> None:
    with httpx.Client(base_url=f"{url}/api/v1", timeout=60) as client:
        opened = client.post("/session", json={"email": email, "password": PASSWORD})
        headers = {"X-CSRF-Token": opened.json()["csrf_token"]}
        for question in questions:
            assert client.post("/search", json={"query": question}, headers=headers).json()["hits"]
        if email == ADMINISTRATOR:
            assert client.get("/statistics/use").status_code == 200  # what was counted is written by then


def test_it_is_offered_and_asked_by_a_press(visit: Visit, serve_copy: Callable[[], ServingProcess]) -> None:
    """On a service of its own: what others asked there is known for half a minute."""
    url = serve_copy().url
    for email in (COFFEE, COFFEE_MEMBER, LEATHER_MEMBER):
        ask(url, email, QUESTION)
    ask(url, ADMINISTRATOR)
    visitor = visit()
    visitor.url = url
    page = visitor.sign_in(LEATHER_MEMBER)
    page.locator("#question").press_sequentially("cadmio lím", delay=60)
    page.get_by_role("button", name=QUESTION, exact=True).click()
    expect(page.locator("#question")).to_have_value(QUESTION)
    expect(page.locator("article").first).to_contain_text("admio")
