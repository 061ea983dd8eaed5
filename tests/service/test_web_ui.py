"""How the web UI is served."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from search_api.web import serving
from tests.running import PATIENCE
from tests.service.conftest import Server


@pytest.fixture
def built(tmp_path: Path) -> Path:
    assets = tmp_path / "built" / "assets"
    assets.mkdir(parents=True)
    (assets / "index-abc.js").write_text("export {}")
    (assets.parent / "index.html").write_text("<!doctype html><title>Lonja</title>")
    (assets.parent / "theme.js").write_text("// theme")
    (assets.parent / "lonja.svg").write_text("<svg/>")
    (assets.parent / "manifest.json").write_text("{}")
    return assets.parent


@pytest.fixture
def ui(built: Path) -> TestClient:
    app = FastAPI()
    serving.include(app, built)
    return TestClient(app)


@pytest.mark.parametrize("path", ["/", "/share", "/notes/new", "/administration/keys", "/documents/06h0js21a6s6gepm"])
def test_its_pages_open_at_their_own_address(ui: TestClient, path: str) -> None:
    answer = ui.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.headers["cache-control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    "path", ["/nowhere", "/documents/a/b", "/manifest.json", "/.sources", "/assets/../index.html/x"]
)
def test_any_other_address_is_not_found(ui: TestClient, path: str) -> None:
    assert ui.get(path).status_code == 404


PAGE = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize("path", ["/nowhere", "/documents/a/b", "/manifest.json"])
def test_a_browser_gets_the_ui_s_own_page_for_it(ui: TestClient, path: str) -> None:
    answer = ui.get(path, headers=PAGE)
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "script-src 'self'" in answer.headers["content-security-policy"]
    assert ui.head(path, headers=PAGE).status_code == 404


@pytest.mark.parametrize("path", ["/api/v1/nowhere", "/v1/nowhere", "/mcp/nowhere", "/retrieval/x", "/assets/gone.js"])
def test_where_programs_ask_there_is_no_page(ui: TestClient, path: str) -> None:
    answer = ui.get(path, headers=PAGE)
    assert answer.status_code == 404
    assert not answer.headers["content-type"].startswith("text/html")
    assert ui.post("/nowhere", headers=PAGE).headers["content-type"] == "application/json"


def test_assets_are_kept_by_browsers_for_good(ui: TestClient) -> None:
    answer = ui.get("/assets/index-abc.js")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert "javascript" in answer.headers["content-type"]
    assert ui.get("/theme.js").headers["cache-control"] == "no-cache"


def test_an_installation_without_it_says_so(tmp_path: Path) -> None:
    app = FastAPI()
    serving.include(app, tmp_path)
    answer = TestClient(app).get("/")
    assert answer.status_code == 503
    assert "LONJA_SKIP_FRONTEND" in answer.text


def test_a_page_is_no_page_of_the_api(server: Server) -> None:
    problem = "application/problem+json"
    assert httpx.get(f"{server.url}/api/v1/nowhere", headers=PAGE, timeout=PATIENCE).headers["content-type"] == problem
    assert httpx.get(f"{server.url}/nowhere", timeout=PATIENCE).headers["content-type"] == problem
    assert (
        httpx.get(f"{server.url}/api/v1/documents/06h0js21a6s6gepm", headers=PAGE, timeout=PATIENCE).status_code == 401
    )
