"""Security headers, and how many requests are left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PAGE_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
PRIVATE = ("/api/", "/v1/", "/mcp", "/retrieval")
"""Beginnings of addresses whose answers nobody on the way may keep."""

Pairs = list[tuple[bytes, bytes]]


class SecurityHeaders:
    """An endpoint's own headers stay."""

    def __init__(self, app: ASGIApp, is_secure: bool) -> None:
        self.app = app
        always = ALWAYS | ({"Strict-Transport-Security": "max-age=31536000"} if is_secure else {})
        self._of_data = _encoded(always | {"Content-Security-Policy": DATA_POLICY})
        self._of_pages = _encoded(always | {"Content-Security-Policy": PAGE_POLICY})
        self._private = _encoded({"Cache-Control": "no-store"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = self._completed(message["headers"], scope)
            await send(message)

        await self.app(scope, receive, with_headers)

    def _completed(self, given: Iterable[tuple[bytes, bytes]], scope: Scope) -> Pairs:
        headers = list(given)
        named = dict(headers)
        is_page = named.get(b"content-type", b"").startswith(b"text/html")
        wanted = self._of_pages if is_page else self._of_data
        if scope["path"].startswith(PRIVATE):
            wanted = wanted + self._private
        headers += [pair for pair in wanted if pair[0] not in named]
        return headers + _encoded(scope.get("state", {}).get("rate_limit_headers", {}))


def _encoded(headers: Mapping[str, str]) -> Pairs:
    """As servers hand them on: names in lower case."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
