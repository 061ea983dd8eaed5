"""The door of MCP: nobody comes in without a key, not even to shake hands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI, Request
from mcp.server.mcpserver import MCPServer
from mcp.server.transport_security import TransportSecuritySettings
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from corpus.errors import LonjaError
from search_api.access.errors import NotSignedIn
from search_api.access.principal import identify, settled
from search_api.chatbots.mcp_tools import Tools, make_server
from search_api.problems import problem_of
from search_api.service import Service

PATH = "/mcp"


class McpDoor:
    """An ASGI application for one route. ``opened`` keeps its sessions while the service runs."""

    __name__ = "mcp"  # its operation, for the log and the metrics

    def __init__(self, version: str) -> None:
        self._tools = Tools()
        self._server: MCPServer[Any] = make_server(self._tools, version)
        self._inside = self._make_inside()

    def _make_inside(self) -> ASGIApp:
        application = self._server.streamable_http_app(
            streamable_http_path=PATH,
            stateless_http=True,  # any process answers any request
            json_response=True,
            # Guard has held the host's name against those that are known before a request comes here.
            transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
        )
        (route,) = application.routes
        assert isinstance(route, Route)
        inside: ASGIApp = route.endpoint
        return inside

    @asynccontextmanager
    async def opened(self, service: Service) -> AsyncIterator[None]:
        self._tools.service = service
        async with self._server.session_manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            await _let_in(request)
        except LonjaError as error:
            await problem_of(request, error)(scope, receive, send)
            return
        await self._inside(scope, receive, send)


def add_mcp(app: FastAPI, door: McpDoor) -> None:
    app.router.routes.append(Route(PATH, endpoint=door, include_in_schema=False))


async def _let_in(request: Request) -> None:
    if "authorization" not in request.headers:
        raise NotSignedIn("MCP needs a key.", hint="Send it as a bearer token.")
    settled(await identify(request))
