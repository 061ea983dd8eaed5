"""How the API describes itself: stable operation ids, tags, and problems as answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from search_api.problems import MEDIA_TYPE, Problem, phrase

Responses = dict[int | str, dict[str, Any]]

TAGS = [
    {"name": "search", "description": "Finding passages in what one may see."},
    {"name": "feedback", "description": "Whether a hit helped."},
    {"name": "saved searches", "description": "Searches that a member keeps, theirs alone."},
    {"name": "requests", "description": "Know-how that a firm wants from the cluster."},
    {"name": "documents", "description": "Sharing, correcting, who may see them, deleting."},
    {"name": "jobs", "description": "Where each version of a document is on its way."},
    {"name": "session", "description": "Signing in and out, one's own password and sessions."},
    {"name": "members", "description": "The people, for administrators and coordinators."},
    {"name": "invitations", "description": "Links by which people come in."},
    {"name": "organisations", "description": "The member firms."},
    {"name": "keys", "description": "Keys for chatbots and programs."},
    {"name": "audit", "description": "Who changed what, for administrators."},
    {"name": "statistics", "description": "Counts of growth and use, for administrators; never who."},
    {"name": "chatbots", "description": "The addresses that clients of OpenAI's vector stores and of Dify know."},
    {"name": "operations", "description": "For those who run the service."},
]

DESCRIPTION = """\
Knowledge sharing and document search for a cluster of firms.

People sign in and get a cookie; every change they make carries the header `X-CSRF-Token`. Programs send
`Authorization: Bearer lonja_...`. Errors are `application/problem+json` with a stable `code`.
What one may not see does not exist for one: the answer is 404.
"""


def problems(*statuses: int) -> Responses:
    """Answers that are problems, for ``responses=``."""
    return {status: _answer(phrase(status)) for status in statuses}


def link(operation: str, *, body: Mapping[str, Any] | None = None, **parameters: str) -> dict[str, Any]:
    """From this answer to another operation: where its parameters are told, for ``responses={...: {"links": ...}}``."""
    told: dict[str, Any] = {"operationId": operation, "parameters": parameters}
    return told if body is None else told | {"requestBody": dict(body)}


def _answer(description: str) -> dict[str, Any]:
    return {
        "description": description,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


COMMON: Responses = {**problems(400, 413, 422, 429), "default": _answer("Another problem")}
"""What any endpoint may answer."""

SIGNED_IN: Responses = {**COMMON, **problems(401, 403)}


def operation_id(route: APIRoute) -> str:
    """The endpoint's own name: clients are generated from it, so renaming one breaks them."""
    return route.name


def describe(app: FastAPI) -> None:
    """Adds the problem and the ways to sign in, which FastAPI cannot see, to the description."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=DESCRIPTION,
                routes=app.routes,
                tags=TAGS,
            )
            components = document.setdefault("components", {})
            schemas = components.setdefault("schemas", {})
            described = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
            schemas |= described.pop("$defs", {})
            schemas["Problem"] = described
            components["securitySchemes"] = {
                "key": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "lonja_session"},
            }
            _name_security(document)
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _name_security(document: dict[str, Any]) -> None:
    for operations in document["paths"].values():
        for operation in operations.values():
            if "401" in operation["responses"]:
                operation["security"] = [{"key": []}, {"session": []}]
