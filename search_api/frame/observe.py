"""The outermost layer: a request's id, its line in the log, its count, and an answer for what nobody foresaw."""

from __future__ import annotations

import logging
import time

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from search_api.frame.metrics import Metrics
from search_api.frame.request_id import give_request_id
from search_api.problems import problem_of

log = logging.getLogger("lonja.request")


class Observe:
    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        identity = give_request_id(scope)
        started = time.perf_counter()
        status = 0

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", identity.encode())]
            await send(message)

        try:
            await self.app(scope, receive, observed)
        except Exception as error:
            log.exception("unforeseen", extra={"request_id": identity, "operation": operation_of(scope)})
            if status:
                raise  # the answer has begun: the connection must break, or half of it would look whole
            await problem_of(Request(scope), error)(scope, receive, observed)
        finally:
            seconds = time.perf_counter() - started
            operation = operation_of(scope)
            self.metrics.request(scope["method"], operation, status, seconds)
            log.info(
                "request",
                extra={
                    "request_id": identity,
                    "method": scope["method"],
                    "operation": operation,
                    "status": status,
                    "milliseconds": round(1000 * seconds, 1),
                    "caller": scope["state"].get("caller"),
                },
            )


def operation_of(scope: Scope) -> str:
    """The endpoint's name: an address itself may hold what does not belong into a log."""
    return str(getattr(scope.get("endpoint"), "__name__", "none"))
