"""Refuses what no endpoint should see: foreign host names, bytes that are no text, bodies that are too large."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.problems import problem


class Guard:
    """``bodies`` gives the limit, in bytes, of addresses that begin so; the longest beginning counts."""

    def __init__(self, app: ASGIApp, hosts: frozenset[str], bodies: Mapping[str, int]) -> None:
        self.app = app
        self.hosts = hosts
        self.bodies = sorted(bodies.items(), key=lambda item: -len(item[0]))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = Request(scope)
        if not self._knows(headers.get("host", "")):
            refusal = problem(
                request,
                400,
                "unknown_host",
                "This service does not answer under that name.",
                hint="The operator names it with LONJA_PUBLIC_URL or LONJA_ALLOWED_HOSTS.",
            )
            await refusal(scope, receive, send)
            return
        if not _is_text(scope.get("raw_path", b"").split(b"?")[0]) or not _is_text(scope["query_string"]):
            refusal = problem(request, 400, "not_text", "The address holds bytes that are no UTF-8 text, or a NUL.")
            await refusal(scope, receive, send)
            return
        limit = next(size for beginning, size in self.bodies if scope["path"].startswith(beginning))
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            too_large = problem(request, 413, "too_large", _too_large(limit), headers={"Connection": "close"})
            await too_large(scope, receive, send)
            return
        await self.app(scope, _limited(receive, limit), send)

    def _knows(self, host: str) -> bool:
        if "*" in self.hosts:
            return True
        name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
        return name.strip("[]").lower().rstrip(".") in self.hosts


def _is_text(raw: bytes) -> bool:
    plain = unquote_to_bytes(raw)
    try:
        return "\x00" not in plain.decode("utf-8")
    except UnicodeDecodeError:
        return False


def _limited(receive: Receive, limit: int) -> Receive:
    total = 0

    async def counted() -> Message:
        nonlocal total
        message = await receive()
        if message["type"] == "http.request":
            total += len(message.get("body", b""))
            if total > limit:
                raise HTTPException(413, _too_large(limit), headers={"Connection": "close"})
        return message

    return counted


def _too_large(limit: int) -> str:
    size = f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"
    return f"The request's body is larger than {size}."
