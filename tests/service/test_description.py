"""The API does what its description says, whatever is asked and whoever asks: answers are of the described kind."""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from corpus.membership import KeyScope
from search_api.access.caller import Caller
from tests.conftest import ROOT
from tests.running import PATIENCE
from tests.service.conftest import Server, Stocked, stocked_server

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # of its own dependencies
    import schemathesis
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi.checks import (
        content_type_conformance,
        response_headers_conformance,
        response_schema_conformance,
        status_code_conformance,
    )

CHECKS = (
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
)
EXAMPLES = int(os.environ.get("LONJA_EXAMPLES", "3"))  # of each operation and caller
LEFT_OUT = {"stream_jobs", "sign_out", "change_password", "end_session", "end_other_sessions", "readyz"}
"""Those that have no end, that end the session that asks, and that says 503 on purpose."""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stocked]:
    """One of its own: what is asked at random here leaves documents, notes and keys behind."""
    with stocked_server(tmp_path_factory.mktemp("described")) as server:
        yield server


@pytest.fixture(scope="module")
def callers(stocked: Stocked) -> dict[str, dict[str, str]]:
    """Headers of each: cookies are put into one as well."""
    server: Server = stocked.server
    found: dict[str, dict[str, str]] = {"nobody": {}}
    for who in ("admin@alpha.example", "coordinator@beta.example", "member@gamma.example"):
        browser = server.signed_in(who)
        cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        found[who] = {"Cookie": cookies, "X-CSRF-Token": browser.headers["X-CSRF-Token"]}
    key = server.service.access.keys.make(
        Caller.operator(), name="fuzz", organisation="alpha", scope=KeyScope.CONTRIBUTE
    )
    found["key"] = {"Authorization": f"Bearer {key.secret}"}
    return found


@pytest.fixture(scope="module")
def described(stocked: Stocked) -> Any:
    loaded = schemathesis.openapi.from_dict(
        httpx.get(f"{stocked.server.url}/api/v1/openapi.json", timeout=PATIENCE).json()
    )
    loaded.config.base_url = stocked.server.url
    return loaded


def operations() -> list[tuple[str, str, str]]:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text())
    return [
        (operation["operationId"], path, method)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
        if operation["operationId"] not in LEFT_OUT
    ]


@pytest.mark.filterwarnings("ignore")  # schemathesis and what it stands on
@pytest.mark.parametrize(("name", "path", "method"), operations(), ids=lambda value: value if "/" not in value else "")
def test_every_answer_is_as_described(
    described: Any, callers: dict[str, dict[str, str]], name: str, path: str, method: str
) -> None:
    @given(case=described[path][method].as_strategy())
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
        database=None,
        phases=[Phase.generate],
    )
    def ask(case: Any) -> None:
        for headers in callers.values():
            case.call_and_validate(headers=headers, checks=list(CHECKS), timeout=60)

    ask()
