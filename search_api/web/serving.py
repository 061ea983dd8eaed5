"""Serves the web UI: its pages at their own addresses, and the files that the build named by their content."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
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
"""The UI's own addresses (frontend/src/routing/pages.ts). Any other is answered with 404, which the UI tells as a page
of its own where a browser asks for one."""

OF_PROGRAMS: Final = ("/api", "/v1", "/mcp", "/retrieval", "/assets")
"""Below these nobody is shown a page: who asks there reads problems."""

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
        return told(200)

    def told(status: int) -> Response:
        if not index.is_file():
            return HTMLResponse(NOT_BUILT, status_code=503)
        return FileResponse(
            index,
            status_code=status,
            media_type="text/html",
            headers={"Cache-Control": "no-cache", "Content-Security-Policy": POLICY},
        )

    for path in PAGES:
        router.add_api_route(path, page, methods=["GET", "HEAD"], name=f"page {path}")
    for name, media_type in FILES.items():
        router.add_api_route(name, _file(built / name.lstrip("/"), media_type), methods=["GET", "HEAD"], name=name)
    app.include_router(router)
    app.mount("/assets", Assets(directory=built / "assets", check_dir=False), name="assets")
    refuse = app.exception_handlers[HTTPException]

    async def nothing_there(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.status_code == 404 and _wants_page(request) and index.is_file():
            return told(404)
        answer = refuse(request, error)
        return await answer if isinstance(answer, Awaitable) else answer

    app.add_exception_handler(HTTPException, nothing_there)


def _wants_page(request: Request) -> bool:
    """Whether a person's browser asks, for an address that could be a page's."""
    path = request.url.path
    of_programs = any(path == prefix or path.startswith(f"{prefix}/") for prefix in OF_PROGRAMS)
    return request.method in ("GET", "HEAD") and "text/html" in request.headers.get("accept", "") and not of_programs


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
