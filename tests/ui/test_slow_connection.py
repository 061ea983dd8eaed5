"""A connection that is slow or breaks: nothing jumps, nothing old is shown as new, what failed can be tried again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Route, expect

from tests.ui.conftest import COFFEE_MEMBER, Visitor

Visit = Callable[..., Visitor]
LATENCY = 400  # ms
THROUGHPUT = 400 * 1024 // 8  # bytes a second
MOST_SHIFT = 0.1  # layout shift that people do not mind (Web Vitals)
BROKEN = ("ERR_CONNECTION_RESET", "ERR_FAILED", "Failed to fetch", "dynamically imported")
SEARCH = "**/api/v1/search"
ALERT = "No se puede llegar a Lonja"
SHIFTS = """() => {
  window.shift = 0;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) window.shift += one.value;
  }).observe({ type: 'layout-shift', buffered: true });
}"""


def slow_down(visitor: Visitor) -> None:
    visitor.context.new_cdp_session(visitor.page).send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": LATENCY, "downloadThroughput": THROUGHPUT, "uploadThroughput": THROUGHPUT},
    )


def break_off(page: Page, address: str) -> None:
    page.route(address, lambda route: route.abort("connectionreset"))


@contextmanager
def held(page: Page, address: str) -> Iterator[list[Route]]:
    """What is asked of ``address`` waits until the block ends: what is seen meanwhile is no matter of speed."""
    waiting: list[Route] = []
    asked = ended = False

    def answer(route: Route) -> None:
        nonlocal asked
        asked = True
        if ended:
            route.continue_()
        else:
            waiting.append(route)

    page.route(address, answer)
    yield waiting
    assert asked, f"nothing was asked of {address}, so nothing was held"
    ended = True
    for route in waiting:
        route.continue_()


def test_a_link_to_a_search_shows_where_answers_will_stand(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    slow_down(visitor)
    page = visitor.page
    page.add_init_script(f"({SHIFTS})()")
    page.goto("about:blank")
    with held(page, SEARCH):
        with held(page, "**/assets/first-*.js"):
            page.goto(f"{visitor.url}/#q=l%C3%ADmites+de+cadmio+en+cacao", wait_until="commit")
            page.locator("#opening").wait_for()  # the bar, before any script is there
        page.locator(".skeletons").wait_for()
        expect(page.locator(".total")).to_have_text("Buscando …")
    page.locator("article").first.wait_for()
    expect(page.locator(".skeletons")).to_have_count(0)
    assert page.evaluate("window.shift") <= MOST_SHIFT


def test_what_was_overtaken_is_never_shown(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    page = visitor.page
    slow_down(visitor)
    overtaken: list[str] = []
    page.on("requestfailed", lambda request: overtaken.append(str(request.post_data_json)))
    with held(page, SEARCH) as waiting:
        with page.expect_request(SEARCH):
            page.locator("#question").press_sequentially("cadmio en cacao", delay=60)
        with page.expect_event("requestfailed"):
            page.locator("#question").fill("carta de crédito")
        waiting[:] = [route for route in waiting if "carta" in str(route.request.post_data_json)]
    expect(page.locator("article mark").first).to_have_text(re.compile("carta|crédit|credit|letter", re.IGNORECASE))
    assert any("cadm" in one for one in overtaken), "what nobody waits for any more is still asked for"
    assert page.evaluate(
        "[...document.querySelectorAll('article mark')].every((one) => !/cadm/i.test(one.textContent))"
    )


def test_a_filter_says_that_it_is_under_way(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    page = visitor.search("exportar a la Unión Europea")
    before = page.locator(".total").inner_text()
    with held(page, SEARCH):
        page.get_by_label("Filtros").get_by_label(re.compile("Informe de mercado")).check()
        expect(page.locator(".total")).to_have_text("Buscando …")
        expect(page.locator("article").first).to_be_visible()  # what was there stays until then
    expect(page.locator(".total")).to_have_text(re.compile(r"^\d+ documentos?$"))
    expect(page.locator(".total")).not_to_have_text(before)


def test_a_search_that_failed_says_so_and_is_tried_again(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.search("límites de cadmio en cacao")
    title = page.locator("article h2").first.inner_text()
    break_off(page, "**/api/v1/search")
    page.locator("#question").fill("carta de crédito")
    expect(page.get_by_role("alert")).to_contain_text(ALERT)
    expect(page.locator("article")).to_have_count(0)  # they answered another question
    page.unroute("**/api/v1/search")
    page.get_by_role("button", name="Reintentar").click()
    expect(page.locator("article").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator("article h2").first).not_to_have_text(title)
    expect(page.locator("#question")).to_have_value("carta de crédito")


def test_a_part_whose_code_did_not_come_can_be_loaded_again(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.search("límites de cadmio en cacao")
    break_off(page, "**/assets/DocumentView-*")
    page.locator("article h2 a").first.click()
    said = page.get_by_role("log")
    expect(said).to_contain_text("Una parte de esta página no se pudo cargar")
    page.unroute("**/assets/DocumentView-*")
    visitor.wrong.clear()  # that the part is missing is an error of the page's, and told
    said.get_by_role("button", name="Reintentar").click()
    expect(page.get_by_label("Documento", exact=True).locator(".here")).to_be_visible()
    expect(page.locator("#question")).to_have_value("límites de cadmio en cacao")


def test_a_page_whose_code_did_not_come_can_be_loaded_again(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.page
    break_off(page, "**/assets/RequestsPage-*")
    page.locator("header nav").get_by_role("link", name="Preguntas").click()
    expect(page.get_by_role("alert")).to_contain_text("Una parte de esta página no se pudo cargar")
    page.unroute("**/assets/RequestsPage-*")
    page.get_by_role("link", name="Reintentar").click()
    expect(page.get_by_label("¿Qué necesita saber?")).to_be_visible()


def test_a_service_that_does_not_answer_is_told_at_the_start(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.page
    break_off(page, "**/api/v1/session")
    page.reload()
    expect(page.get_by_role("heading", name="No se puede llegar a Lonja")).to_be_visible()
    page.unroute("**/api/v1/session")
    page.get_by_role("link", name="Reintentar").click()
    expect(page.locator("#question")).to_be_visible()


def test_a_start_without_texts_says_so_and_is_tried_again(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.page
    break_off(page, "**/assets/es-*")
    page.reload()
    expect(page.get_by_text("Lonja no se pudo cargar")).to_be_visible()
    page.unroute("**/assets/es-*")
    visitor.wrong.clear()  # that its texts are missing is an error of the page's, and told
    page.get_by_role("link", name="Reintentar").click()
    expect(page.locator("#question")).to_be_visible()


def test_a_start_without_any_script_says_so_and_is_tried_again(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.page
    break_off(page, "**/assets/first-*.js")
    page.reload()
    late = page.locator("#late")
    late.evaluate("late => late.getAnimations().forEach((one) => one.finish())")  # nobody waits for it here
    expect(late.get_by_text("Lonja aún no se ha cargado")).to_be_visible()
    page.unroute("**/assets/first-*.js")
    late.get_by_role("link", name="Reintentar").click()
    expect(page.locator("#question")).to_be_visible()
    expect(late).to_be_hidden()


def test_a_note_that_did_not_get_through_is_still_there(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER, path="/notes/new")
    visitor.expected = BROKEN
    page = visitor.page
    page.get_by_label("Título").fill("Paso de San Miguel")
    page.get_by_label("Texto", exact=True).fill("El paso de San Miguel abre a las seis.")
    break_off(page, "**/api/v1/notes")
    page.get_by_role("button", name="Compartir la nota").click()
    expect(page.get_by_role("alert")).to_contain_text(ALERT)
    expect(page.get_by_label("Texto", exact=True)).to_have_value("El paso de San Miguel abre a las seis.")
    page.unroute("**/api/v1/notes")
    page.get_by_role("button", name="Compartir la nota").click()
    page.wait_for_url("**/documents/*", timeout=180_000)
    expect(page.get_by_role("heading", name="Paso de San Miguel").first).to_be_visible()


def test_a_list_that_did_not_come_is_asked_for_again(visit: Visit) -> None:
    visitor = visit(COFFEE_MEMBER)
    visitor.expected = BROKEN
    page = visitor.page
    break_off(page, "**/api/v1/documents?*")
    page.locator("header nav").get_by_role("link", name="Nuestros documentos").click()
    expect(page.get_by_role("alert")).to_contain_text(ALERT)
    page.unroute("**/api/v1/documents?*")
    page.get_by_role("button", name="Reintentar").click()
    expect(page.locator(".list h2").first).to_be_visible()
    expect(page.get_by_role("alert")).to_have_count(0)
