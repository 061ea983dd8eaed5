"""No endpoint forgets to ask who calls, and the API says of itself what it does."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from corpus.library import Library
from search_api.app import create_app
from search_api.settings import ServiceSettings
from tests.conftest import ROOT
from tests.running import PATIENCE
from tests.service.conftest import Server

PUBLIC = {
    "sign_in", "look_at_invitation", "accept_invitation", "accept_password_link", "healthz", "readyz",
    "list_sign_in_ways", "start_openid_connect", "finish_openid_connect",
}  # fmt: skip
"""What anybody may call. Adding one here is a decision."""

BESIDE_THE_DESCRIPTION = {"/api/v1/openapi.json", "/mcp", "/assets"}


def never() -> Library:
    raise AssertionError("describing the API opens no library")


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return create_app(ServiceSettings(), never).openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield path, method.upper(), operation


def test_every_operation_but_the_public_ones_asks_who_calls(server: Server, document: dict[str, Any]) -> None:
    open_to_all = set()
    with httpx.Client(base_url=server.url, headers={"Content-Type": "application/json"}, timeout=PATIENCE) as nobody:
        for path, method, operation in operations(document):
            address = re.sub(r"\{[^}]+\}", "alpha", path)
            answer = nobody.request(method, address, content=b"{}" if method in ("POST", "PUT", "PATCH") else None)
            if answer.status_code == 401:
                assert "www-authenticate" in answer.headers
                assert answer.headers["content-type"] == "application/problem+json"
                continue
            open_to_all.add(operation["operationId"])
    assert open_to_all == PUBLIC


def test_nothing_is_served_beside_the_description(document: dict[str, Any]) -> None:
    app = create_app(ServiceSettings(), never)
    beside = {getattr(route, "path", None) for route in app.routes} - {None} - set(document["paths"])
    assert beside == BESIDE_THE_DESCRIPTION


def test_operations_are_named_once_tagged_and_told(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in operations(document)]
    assert len(names) == len(set(names))
    tags = {tag["name"] for tag in document["tags"]}
    for path, method, operation in operations(document):
        assert set(operation["tags"]) <= tags, (method, path)
        assert operation["responses"]["default"]["content"].keys() == {"application/problem+json"}, (method, path)


def test_the_committed_description_is_the_present_one(document: dict[str, Any]) -> None:
    committed = json.loads((ROOT / "docs" / "openapi.json").read_text())
    assert committed == json.loads(json.dumps(document)), "run: make openapi"
