"""Text that tries to be more than text, in every place where people's words are shown: nothing of it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.running import PATIENCE
from tests.service.conftest import Browser
from tests.service.serving import ServingProcess, all_ended
from tests.ui.conftest import ADMINISTRATOR, COFFEE, LEATHER_MEMBER, PASSWORD, Visitor
from tests.ui.scenes import settle

Visit = Callable[..., Visitor]

RUN = "window.executed=1"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"<script src=data:text/javascript,{RUN}></script>",
    f"<img src=x onerror={RUN}>",
    f"<img src=x onerror='{RUN}'//",
    f'<svg onload="{RUN}">',
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<svg><a xlink:href='javascript:{RUN}'><text y=20>x</text></a></svg>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<iframe src='javascript:parent.{RUN}'></iframe>",
    f"<object data='data:text/html,<script>{RUN}</script>'></object>",
    f"<embed src='javascript:{RUN}'>",
    f"<link rel=stylesheet href=x onerror={RUN}>",
    f"<style onload={RUN}></style>",
    f"<style>@import 'javascript:{RUN}';</style>",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    f"<base href='javascript:{RUN}//'>",
    f"<form action='javascript:{RUN}'><button>x</button></form>",
    f"<button formaction='javascript:{RUN}'>x</button>",
    f"<input autofocus onfocus={RUN}>",
    f"<select autofocus onfocus={RUN}></select>",
    f"<textarea autofocus onfocus={RUN}></textarea>",
    f"<details open ontoggle={RUN}>",
    f"<video src=x onerror={RUN}></video>",
    f"<audio src=x onerror={RUN}></audio>",
    f"<video><source onerror={RUN}></video>",
    f"<marquee onstart={RUN}>x</marquee>",
    f"<math><a xlink:href='javascript:{RUN}'>x</a></math>",
    f"<a href='javascript:{RUN}'>click</a>",
    f"<a href='  javascript:{RUN}'>click</a>",
    f"<a href='java\tscript:{RUN}'>click</a>",
    f"[click](javascript:{RUN})",
    f"[click](JaVaScRiPt:{RUN})",
    f"[click](data:text/html,<script>{RUN}</script>)",
    f"[click](vbscript:{RUN})",
    f"![x](javascript:{RUN})",
    f"![x](x onerror={RUN})",
    f"<javascript:{RUN}>",
    f"[x]: javascript:{RUN}\n\n[x]",
    f"<<script>{RUN}//<</script>",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
    f"&#60;script&#62;{RUN}&#60;/script&#62;",
    f"\\u003cscript\\u003e{RUN}\\u003c/script\\u003e",
    f"{{{{constructor.constructor('{RUN}')()}}}}",
    f"${{{RUN}}}",
    f"{{@html '<img src=x onerror={RUN}>'}}",
    f"'\"><img src=x onerror={RUN}>",
    f"</title></mark></script><img src=x onerror={RUN}>",
    f"<template><script>{RUN}</script></template>",
    f"<noscript><p title='</noscript><img src=x onerror={RUN}>'>",
]


def test_there_are_fifty() -> None:
    assert len(set(PAYLOADS)) >= 50


@pytest.fixture(scope="module")
def lonja(serve_copy: Callable[[], ServingProcess]) -> ServingProcess:
    """A server of its own: nobody else should find what this module leaves behind."""
    return serve_copy()


@pytest.fixture(scope="module")
def notes(lonja: ServingProcess) -> Iterator[list[str]]:
    """Ids of a note for each payload, and at last of one with all of them; and people, keys and a firm named so."""
    with Browser(lonja.url) as api, Browser(lonja.url) as administrator:
        api.sign_in(COFFEE, PASSWORD)
        administrator.sign_in(ADMINISTRATOR, PASSWORD)
        texts = {
            f"Hostil {number} {one_line(payload)}": f"## {payload}\n\n{payload}\n"
            for number, payload in enumerate(PAYLOADS)
        }
        texts["Hostil todo junto"] = "\n\n".join(texts.values())
        made = []
        for title, text in texts.items():
            facts = {"source": title, "sectors": [title[-50:].strip()], "audience": {"scope": "cluster"}}
            answer = api.post("/notes", json={"title": title, "text": f"Hostil prueba\n\n{text}", **facts})
            assert answer.status_code == 202, answer.text
            made.append(answer.json()["document"])
        for number, payload in enumerate(PAYLOADS):
            name = one_line(payload)
            if number < 10:
                assert api.post("/keys", json={"name": name}).status_code == 201
            invited = api.post("/invitations", json={"email": f"hostile{number}@lonja.example", "name": name})
            assert invited.status_code == 201, invited.text
            asked = api.post("/requests", json={"text": payload.replace("\0", "")})
            assert asked.status_code == 201, asked.text
            saved = api.post("/saved-searches", json={"name": name, "query": payload})
            assert saved.status_code == 201, saved.text
        firm = administrator.get("/organisations/cafe-alto-juanambu").json()
        change = {"name": PAYLOADS[2], "country": firm["country"], "sectors": firm["sectors"]}
        renamed = administrator.put("/organisations/cafe-alto-juanambu", json=change)
        assert renamed.status_code == 200, renamed.text
        lonja.wait_until(lambda: all_ended(api), "the notes")
        yield made


def test_documents_show_hostile_text_as_text(visit: Visit, notes: list[str]) -> None:
    page = careless(visit(LEATHER_MEMBER)).page
    for number, note in enumerate(notes[:-1]):
        within(page, f"/documents/{note}")
        expect(page.locator("h2.title")).to_contain_text(f"Hostil {number} ")
        page.locator("[data-passage]").first.wait_for()
        nothing_ran(page, f"document {number}")
    within(page, f"/documents/{notes[-1]}?passage=0")
    expect(page.locator("h2.title")).to_contain_text("Hostil todo junto")
    for tab in page.get_by_role("tab").all():
        tab.click()
        nothing_ran(page, "the document with all of them")


def test_searching_shows_hostile_text_as_text(visit: Visit, notes: list[str]) -> None:
    page = careless(visit(LEATHER_MEMBER)).page
    for number, payload in enumerate(PAYLOADS):
        within(page, "/#" + urlencode({"q": payload}))
        expect(page.locator("#question")).to_have_value(payload.replace("\n", ""))
        page.locator("article, .empty, [role=alert]").first.wait_for()
        nothing_ran(page, f"search {number}")
    seen = 0
    copied = ""
    for number in range(1, 7):
        within(page, "/#" + urlencode({"q": "hostil prueba", "page": str(number)}))
        page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")
        for button in page.get_by_role("button", name="Copiar cita").all():
            button.click()
            seen += 1
        copied += page.evaluate("navigator.clipboard.readText()")
        nothing_ran(page, f"results, page {number}")
    assert seen >= 50
    assert "Hostil" in copied
    nothing_ran(page, "citations")


LISTS = {
    COFFEE: [
        *("/", "/requests", "/mine", "/administration", "/administration/jobs", "/administration/keys", "/share"),
        "/account",
    ],
    ADMINISTRATOR: [
        *("/administration/organisations", "/administration/activity", "/administration/statistics"),
        "/administration/audit",
    ],
}
SHOWING = {
    "/requests",
    "/mine",
    "/administration",
    "/administration/jobs",
    "/administration/keys",
    "/administration/organisations",
}


@pytest.mark.parametrize("email", LISTS)
def test_lists_and_administration_show_hostile_text_as_text(visit: Visit, notes: list[str], email: str) -> None:
    visitor = careless(visit(email))
    for path in LISTS[email]:
        within(visitor.page, path)
        if path in SHOWING:
            expect(visitor.page.locator("main")).to_contain_text("onerror=window.executed=1")
        settle(visitor)
        nothing_ran(visitor.page, path)


def test_names_of_files_are_text(visit: Visit) -> None:
    names = [f"{one_line(PAYLOADS[number])}.txt" for number in (2, 20, 48)]
    visitor = careless(visit(COFFEE, path="/share"))
    visitor.page.locator("input[type=file]").set_input_files(
        [{"name": name, "mimeType": "text/plain", "buffer": name.encode()} for name in names]
    )
    rows = visitor.page.locator(".files > li")
    expect(rows).to_have_count(len(names))
    expect(rows.get_by_text("Listo", exact=True)).to_have_count(len(names), timeout=180_000)
    expect(rows.first).to_contain_text("onerror=window.executed=1")
    nothing_ran(visitor.page, "files")


def test_the_preview_of_notes_shows_hostile_text_as_text(visit: Visit, notes: list[str]) -> None:
    page = careless(visit(COFFEE)).page
    for number, note in enumerate(notes):
        within(page, "/account")
        within(page, f"/notes/new#id={note}")
        expect(page.get_by_label("Texto", exact=True)).not_to_have_value("")
        page.locator(".shown > *").first.wait_for()
        nothing_ran(page, f"note {number}")
        for address in page.locator(".shown a").evaluate_all("links => links.map((link) => link.href)"):
            assert address.startswith(("https:", "http:", "mailto:")), address


def one_line(payload: str) -> str:
    return " ".join(payload.split())


def careless(visitor: Visitor) -> Visitor:
    """Accepts every question that a page may ask."""
    visitor.page.on("dialog", lambda dialog: dialog.accept())
    return visitor


def within(page: Page, path: str) -> None:
    """To another page of the UI as its links go: what ran on the way would still be seen there."""
    page.evaluate("path => { history.pushState(null, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path)


def nothing_ran(page: Page, where: str) -> None:
    assert page.evaluate("window.executed") is None, where
    assert page.locator("iframe, object, embed, main script, main style, main link, main base").count() == 0, where


def test_the_policy_is_strict(lonja: ServingProcess) -> None:
    answer = httpx.get(f"{lonja.url}/", timeout=PATIENCE)
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text
    assert " on" not in answer.text.split("<body", 1)[1]
