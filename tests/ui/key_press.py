"""How long it takes from a key press to results on the screen: printed, for whoever wants to know.

    python -m tests.ui.key_press --data FOLDER --email ADDRESS --password PASSWORD

serves the data folder, types questions into the search page of a real browser and waits, key by key, until the results
that answer just that text are painted. ``--url`` asks a service that runs already. A figure is worth something only on
a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from search_api.access.demonstration import PASSWORD
from tests.service.serving import ServingProcess
from tests.ui.conftest import COFFEE_MEMBER, FLAGS

QUESTIONS = (  # without accents: those are keys that a browser is not told of
    "limites de cadmio en cacao",
    "certificado fitosanitario para exportar",
    "carta de credito rechazada",
    "rules of origin for textiles",
    "prazo de desembaraco aduaneiro",
)
WATCH = """() => {
  window.taken = [];
  let pressed = null, wasBusy = false;
  const busy = () => document.querySelector('.results')?.getAttribute('aria-busy');
  document.addEventListener('keydown', (event) => {
    if (event.key.length === 1) { pressed = event.timeStamp; wasBusy = false; }
  }, true);
  new MutationObserver(() => {
    if (pressed === null) return;
    if (busy() === 'true') { wasBusy = true; return; }
    if (!wasBusy || busy() !== 'false') return;
    const from = pressed;
    pressed = null;
    // In the next frame it is laid out; a message posted there comes after that frame was painted.
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => window.taken.push(performance.now() - from);
      painted.port2.postMessage(null);
    });
  }).observe(document, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'] });
}"""
SERVER = """() => performance.getEntriesByType('resource')
  .filter((one) => new URL(one.name).pathname === '/api/v1/search').map((one) => one.duration)"""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = arguments.add_mutually_exclusive_group(required=True)
    where.add_argument("--data", type=Path, help="data folder; it is served while this runs")
    where.add_argument("--url", help="a service that runs")
    arguments.add_argument("--email", default=COFFEE_MEMBER, help="default: a member of the demonstration cluster")
    arguments.add_argument("--password", default=PASSWORD, help="default: the demonstration's")
    arguments.add_argument("--pause", type=int, default=100, help="milliseconds between results and the next key")
    given = arguments.parse_args()
    with _served(given.data, given.url) as url, _page() as page:
        _sign_in(page, url, given.email, given.password)
        _type(page, QUESTIONS[0], given.pause)  # what is loaded once is loaded now
        page.evaluate("() => { window.taken = []; performance.clearResourceTimings(); }")
        for question in QUESTIONS:
            _type(page, question, given.pause)
        _tell("key press to results on the screen", page.evaluate("window.taken"))
        _tell("of it, the request for them", page.evaluate(SERVER))


@contextmanager
def _served(data: Path | None, url: str | None) -> Iterator[str]:
    if url is not None:
        yield url.rstrip("/")
        return
    assert data is not None
    serving = ServingProcess(data.resolve())
    serving.start()
    try:
        yield serving.url
    finally:
        serving.close()


@contextmanager
def _page() -> Iterator[Page]:
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("There is no chromium on this machine: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser.new_page(viewport={"width": 1440, "height": 900})
        browser.close()


def _sign_in(page: Page, url: str, email: str, password: str) -> None:
    page.goto(url)
    page.locator("input[type=email]").fill(email)
    page.locator("input[type=password]").fill(password)
    page.locator("button[type=submit]").click()
    page.locator("#question").wait_for()
    page.evaluate("() => performance.setResourceTimingBufferSize(5000)")
    page.evaluate(WATCH)


def _type(page: Page, question: str, pause: int) -> None:
    page.locator("#question").fill("")
    for key in question:
        before = page.evaluate("window.taken.length")
        page.keyboard.press(key)
        page.wait_for_function("before => window.taken.length > before", arg=before)
        page.wait_for_timeout(pause)


def _tell(what: str, milliseconds: list[float]) -> None:
    ordered = sorted(milliseconds)
    print(  # noqa: T201
        f"{what}: median {statistics.median(ordered):.0f} ms, "
        f"of ten the slowest at least {ordered[int(len(ordered) * 0.9)]:.0f} ms, "
        f"at most {ordered[-1]:.0f} ms, over {len(ordered)}"
    )


if __name__ == "__main__":
    main()
