"""Serves the web UI: its pages at their own addresses, and the files that the build named by their content."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.types import Scope

BUILT: Final = Path(__file__).parent / "built"

PAGES: Final = (
    "/",
    "/account",
    "/administration",
    "/administration/{tab}",
    "/documents/{document_id}",
    "/invitation",
    "/mine",
    "/notes/new",
    "/password",
    "/requests",
    "/share",
)
"""The UI's own addresses (frontend/src/routing/pages.ts). Any other is answered with 404, as it should be."""

FILES: Final = {"/lonja.svg": "image/svg+xml", "/theme.js": "text/javascript"}
"""Files beside the page, under names that stay."""

POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    )
)

NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Lonja</title>
<h1>The web UI is not part of this installation</h1>
<p>It was installed with LONJA_SKIP_FRONTEND=1. Install again without it: <code>pip install .</code></p>
<p>The search API is there all the same: <a href="/api/v1/openapi.json">its description</a>.</p>
"""


def include(app: FastAPI, built: Path = BUILT) -> None:
    """Adds the UI to the service. What it needs to know, it asks the API: nothing here depends on who asks."""
    router = APIRouter(include_in_schema=False)
    index = built / "index.html"

    def page() -> Response:
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(
            index, media_type="text/html", headers={"Cache-Control": "no-cache", "Content-Security-Policy": POLICY}
        )

    for path in PAGES:
        router.add_api_route(path, page, methods=["GET", "HEAD"], name=f"page {path}")
    for name, media_type in FILES.items():
        router.add_api_route(name, _file(built / name.lstrip("/"), media_type), methods=["GET", "HEAD"], name=name)
    app.include_router(router)
    app.mount("/assets", Assets(directory=built / "assets", check_dir=False), name="assets")


class Assets(StaticFiles):
    """Their names change with their contents: browsers may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def _file(file: Path, media_type: str) -> Callable[[], Response]:
    def answer() -> Response:
        if not file.is_file():
            return Response(status_code=404)
        return FileResponse(file, media_type=media_type, headers={"Cache-Control": "no-cache"})

    return answer
