"""Text that tries to be more than text, in every place where people's words are shown: nothing of it runs."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.service.conftest import Browser
from tests.service.serving import ServingProcess
from tests.ui.conftest import COFFEE, LEATHER_MEMBER, PASSWORD, Visitor

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


def test_hostile_titles_passages_and_names_execute_nothing(
    visit: Callable[..., Visitor], lonja: ServingProcess
) -> None:
    api = Browser(lonja.url)
    api.sign_in(COFFEE, PASSWORD)
    notes = []
    for number, payload in enumerate(PAYLOADS):
        plain = payload.replace("\n", " ").replace("\t", " ")
        body = {
            "title": f"Hostil {number} {plain}",
            "text": f"Hostil prueba {number}\n\n## {payload}\n\n{payload}\n",
            "source": plain,
            "sectors": [plain[:50].strip()],
            "audience": {"scope": "cluster"},
        }
        answer = api.post("/notes", json=body)
        assert answer.status_code == 202, answer.text
        notes.append(answer.json()["document"])
    _invite_hostile_people(api)
    lonja.wait_until(lambda: not api.get("/jobs", params={"state": "active", "limit": 1}).json()["items"], "the notes")

    reader, owner = visit(LEATHER_MEMBER), visit(COFFEE)
    for visitor in (reader, owner):
        visitor.page.on("dialog", lambda dialog: dialog.accept())
    for number, note in enumerate(notes):
        reader.go(f"/documents/{note}")
        expect(reader.page.locator("h2").first).to_contain_text(f"Hostil {number}")
        reader.page.locator("[data-passage]").first.wait_for()
        _nothing_ran(reader.page, f"document {number}")
        reader.go("/" + "#" + urlencode({"q": PAYLOADS[number]}))
        reader.page.locator("article, .empty").first.wait_for()
        reader.page.get_by_role("button", name="Copiar cita").first.click()
        _nothing_ran(reader.page, f"search {number}")
    for path in ("/#q=hostil+prueba", "/mine", "/administration", "/administration/jobs", "/administration/keys"):
        owner.go(path)
        owner.page.reload()
        owner.page.wait_for_timeout(700)
        _nothing_ran(owner.page, path)
    for number, note in enumerate(notes):
        owner.go(f"/notes/new#id={note}")
        owner.page.reload()
        expect(owner.page.get_by_label("Texto", exact=True)).not_to_have_value("")
        _nothing_ran(owner.page, f"note {number}")
        for link in owner.page.locator(".shown a").all():
            assert (link.get_attribute("href") or "").startswith(("https:", "http:", "mailto:"))
    api.close()


def _invite_hostile_people(api: Browser) -> None:
    for number, payload in enumerate(PAYLOADS[:10]):
        plain = payload.replace("\n", " ").replace("\t", " ")
        assert api.post("/keys", json={"name": plain}).status_code == 201
        answer = api.post("/invitations", json={"email": f"hostile{number}@lonja.example", "name": plain})
        assert answer.status_code == 201, answer.text


def _nothing_ran(page: Page, where: str) -> None:
    assert page.evaluate("window.executed") is None, where
    assert page.locator("iframe, object, embed, main script, main style, main link, main base").count() == 0, where


def test_the_policy_is_strict(lonja: ServingProcess) -> None:
    answer = httpx.get(f"{lonja.url}/")
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert "<script>" not in answer.text
    assert " on" not in answer.text.split("<body", 1)[1]


pytestmark = pytest.mark.skip(reason="written and not yet proven: its first whole run is open (the web UI)")
