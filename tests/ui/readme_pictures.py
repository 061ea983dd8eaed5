"""The two pictures of README, taken anew: ``python -m tests.ui.readme_pictures``.

Over the demonstration cluster, at 1440 pixels, in the light. ``LONJA_TEST_DEMO=<folder>`` spares taking it in again.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.conftest import ROOT
from tests.service.serving import ServingProcess
from tests.ui.conftest import COFFEE_MEMBER, FLAGS, Visitor, make_demonstration
from tests.ui.scenes import settle

IMAGES = ROOT / "docs" / "images"
QUESTION = "How do I register my plant with Chinese customs?"
COLOURS = 192  # letters stay smooth, the file gets a third of its size


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        raise SystemExit("There is no chromium on this machine: apt-get install chromium")
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        data = Path(scratch, "data")
        make_demonstration(data)
        serving = ServingProcess(data)
        serving.start()
        try:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            context = browser.new_context(
                viewport={"width": 1440, "height": 900}, locale="en-GB", reduced_motion="reduce"
            )
            visitor = Visitor(context, serving.url, "en")
            visitor.sign_in(COFFEE_MEMBER)
            search(visitor)
            keep(settle(visitor), "search.png")
            document(visitor)
            keep(settle(visitor), "document.png")
            browser.close()
        finally:
            serving.close()


def search(visitor: Visitor) -> None:
    page = visitor.search(QUESTION)
    page.locator("article h2").first.wait_for()
    page.wait_for_function("() => location.hash.includes('Chinese')")


def document(visitor: Visitor) -> None:
    page = visitor.search("limits of cadmium in chocolate")
    page.locator("article h2 a", has_text="Cadmio en cacao y chocolate").click()
    page.get_by_role("tab", name=visitor.text("document.tab.pages"), exact=True).click()
    page.locator(".mark").first.wait_for()


def keep(page: Page, name: str) -> None:
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / name, optimize=True)
    print(f"{IMAGES / name}: {(IMAGES / name).stat().st_size // 1000} kB")  # noqa: T201


if __name__ == "__main__":
    main()
