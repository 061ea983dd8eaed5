"""Refuses what no endpoint should see: foreign host names, bytes that are no text, bodies that are too large."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from fastapi import Request
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.problems import problem

LINGER_BYTES = 16 << 20
"""What is still read, and dropped, of a body that was refused for its size."""
LINGER_SECONDS = 10.0


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
        body = _Body(receive, limit)
        announced = headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            too_large = problem(request, 413, "too_large", _too_large(limit), headers={"Connection": "close"})
            await too_large(scope, receive, body.lingering(send))
            return
        await self.app(scope, body.receive, body.lingering(send))

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


class _Body:
    """A request's body: counted while it is read, and read away once it was refused."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._size = 0
        self._ended = False

    async def receive(self) -> Message:
        message = await self._next()
        if self._size > self._limit:
            raise HTTPException(413, _too_large(self._limit), headers={"Connection": "close"})
        return message

    def lingering(self, send: Send) -> Send:
        """``send`` that, once 413 is answered, reads on for a while before the connection is closed.

        Closing a connection with unread bytes resets it: a client that is still sending would lose the answer
        (RFC 9112, 9.6).
        """
        refused = False

        async def answered(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start":
                refused = message["status"] == 413
            if not refused or message["type"] != "http.response.body" or message.get("more_body", False):
                await send(message)
                return
            await send({**message, "more_body": True})
            await self._read_away()
            await send({"type": "http.response.body", "body": b"", "more_body": False})

        return answered

    async def _read_away(self) -> None:
        enough = self._size + LINGER_BYTES
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while not self._ended and self._size < enough:
                    await self._next()
        except TimeoutError:
            return  # the client sends nothing more and has had its time to read the answer

    async def _next(self) -> Message:
        message = await self._receive()
        self._ended = message["type"] == "http.disconnect" or not message.get("more_body", False)
        self._size += len(message.get("body", b""))
        return message


def _too_large(limit: int) -> str:
    size = f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"
    return f"The request's body is larger than {size}."
