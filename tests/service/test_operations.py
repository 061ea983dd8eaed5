from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import httpx
import pytest

from corpus.errors import StorageError
from tests.running import PATIENCE
from tests.service.conftest import Server, Stocked


def test_health_is_told_to_anybody_and_nothing_else(server: Server) -> None:
    assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).json() == {"status": "ok"}


def test_it_is_ready_when_it_can_search(server: Server, stocked: Stocked) -> None:
    cold = httpx.get(f"{server.url}/readyz", timeout=PATIENCE)
    assert (cold.status_code, cold.json()["code"]) == (503, "starting")
    assert httpx.get(f"{stocked.server.url}/readyz", timeout=PATIENCE).json() == {"status": "ok"}


def test_a_service_whose_catalog_fails_is_not_ready(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise StorageError("The catalog's database failed.")

    monkeypatch.setattr(server.service.library.catalog.queue, "counts", broken)
    answer = httpx.get(f"{server.url}/readyz", timeout=PATIENCE)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage")
    assert httpx.get(f"{server.url}/healthz", timeout=PATIENCE).status_code == 200


def test_metrics_are_for_administrators(server: Server) -> None:
    assert httpx.get(f"{server.url}/metrics", timeout=PATIENCE).status_code == 401
    member = server.signed_in("member@alpha.example")
    assert member.get(f"{server.url}/metrics").status_code == 403
    coordinator = server.signed_in("coordinator@alpha.example")
    key = coordinator.post("/keys", json={"name": "prometheus"}).json()["secret"]
    assert httpx.get(f"{server.url}/metrics", headers={"Authorization": f"Bearer {key}"}).status_code == 403
    member.get("/nowhere")
    answer = server.signed_in("admin@alpha.example").get(f"{server.url}/metrics")
    assert answer.status_code == 200
    assert 'lonja_request_seconds_count{method="POST",operation="sign_in",status="200"} 3.0' in answer.text
    assert 'operation="none",status="404"' in answer.text


def test_prometheus_has_a_token_of_its_own(start: Callable[..., Server]) -> None:
    server = start(metrics_token="a token for prometheus")
    right, wrong = ({"Authorization": f"Bearer {token}"} for token in ("a token for prometheus", "another"))
    assert httpx.get(f"{server.url}/metrics", headers=right, timeout=PATIENCE).status_code == 200
    assert httpx.get(f"{server.url}/metrics", headers=wrong, timeout=PATIENCE).status_code == 401
    assert server.browser().get("/session", headers=right).status_code == 401, "it opens nothing else"


def test_metrics_tell_of_search_queue_and_index(stocked: Stocked) -> None:
    stocked.as_("member@alpha.example").post("/search", json={"query": "café"})
    text = stocked.as_("admin@alpha.example").get(f"{stocked.server.url}/metrics").text
    assert 'lonja_search_stage_seconds_count{stage="embed"}' in text
    assert 'lonja_queue_versions{stage="ready"} 7.0' in text
    assert "lonja_index_passages " in text
    assert "lonja_documents 7.0" in text


_TRACED = """
from fastapi.testclient import TestClient
from opentelemetry import trace

from search_api.app import create_app
from search_api.settings import ServiceSettings

class Telling(trace.NoOpTracer):
    def start_span(self, name, *args, **given):
        print(name, given.get("attributes"))
        return super().start_span(name, *args, **given)

class Tracers(trace.TracerProvider):
    def get_tracer(self, *args, **given):
        return Telling()

trace.set_tracer_provider(Tracers())
app = create_app(ServiceSettings(allowed_hosts="testserver"), lambda: None)
print(TestClient(app).get("/api/v1/openapi.json", params={"q": "tostadores"}).status_code)
"""


def test_what_is_typed_reaches_no_tracing() -> None:
    """OpenTelemetry is set up for a whole process, so it is one of its own here."""
    ended = subprocess.run([sys.executable, "-c", _TRACED], capture_output=True, text=True, timeout=PATIENCE)
    assert ended.stdout.split() == ["200"], ended.stderr
