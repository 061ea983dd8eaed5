"""Revoking takes effect with the answer that confirms it, whatever is in flight."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from corpus.catalog import Catalog
from corpus.documents import Audience
from corpus.library import Library
from corpus.membership import KeyScope
from search_api.access.caller import Caller
from tests.service.conftest import Server, furnish, share

CANARY = "zumbidocanario"
IN_FLIGHT = 8
AFTERWARDS = 1000
TEXTS = tuple(("es", f"{CANARY}: el margen del café verde número {n} vendido a Shanghái en octubre.") for n in range(5))


@pytest.fixture
def document(server: Server) -> str:
    return share(server.service.library, "alpha", "Márgenes", Audience.cluster(), {}, TEXTS)


@pytest.fixture
def beta(server: Server) -> Iterator[httpx.Client]:
    """Keys have no limit here: they are many requests."""
    made = server.service.access.keys.make(Caller.operator(), name="bot", organisation="beta", scope=KeyScope.SEARCH)
    limits = httpx.Limits(max_connections=20)
    with httpx.Client(
        base_url=f"{server.url}/api/v1", headers={"Authorization": f"Bearer {made.secret}"}, timeout=60, limits=limits
    ) as client:
        yield client


@pytest.fixture
def server(start: Callable[..., Server], furnished: Path, tmp_path: Path, database_url: str | None) -> Server:
    if database_url is None:
        shutil.copy(furnished, tmp_path / "catalog.db")
    else:
        with Catalog(tmp_path / "unused.db", database_url) as catalog:
            furnish(catalog)
    return start(rate_limit=0)


@contextmanager
def searches_in_flight(client: httpx.Client) -> Iterator[None]:
    ending = threading.Event()

    def search() -> None:
        while not ending.is_set():
            client.post("/search", json={"query": "margen del café verde", "limit": 5})

    with ThreadPoolExecutor(IN_FLIGHT) as pool:
        for _ in range(IN_FLIGHT):
            pool.submit(search)
        try:
            yield
        finally:
            ending.set()


def probes(client: httpx.Client, document: str) -> Iterator[Callable[[], httpx.Response]]:
    """Every way in which the document might still be seen, again and again."""
    ways: tuple[Callable[[], httpx.Response], ...] = (
        lambda: client.post("/search", json={"query": f"{CANARY} margen", "limit": 5}),
        lambda: client.post("/search", json={"query": CANARY, "mode": "keyword"}),
        lambda: client.get(f"/documents/{document}"),
        lambda: client.get(f"/documents/{document}/passages"),
        lambda: client.get(f"/documents/{document}/original"),
        lambda: client.get(f"/documents/{document}/similar"),
        lambda: client.get("/documents"),
        lambda: client.get("/suggestions", params={"q": "Márg"}),
    )
    for number in range(AFTERWARDS):
        yield ways[number % len(ways)]


def seen_in(answer: httpx.Response, document: str) -> bool:
    return CANARY in answer.text or "Márgenes" in answer.text or (answer.status_code == 200 and document in answer.text)


@pytest.mark.parametrize("way", ["narrow", "draft", "delete"])
def test_no_request_after_the_answer_sees_what_was_revoked(
    server: Server, beta: httpx.Client, document: str, way: str
) -> None:
    owner = server.signed_in("coordinator@alpha.example")
    assert seen_in(beta.post("/search", json={"query": "margen del café verde"}), document)
    assert seen_in(beta.get("/suggestions", params={"q": "Márg"}), document)
    with searches_in_flight(beta):
        match way:
            case "narrow":
                answer = owner.put(f"/documents/{document}/audience", json={"scope": "owner"})
            case "draft":
                answer = owner.put(f"/documents/{document}/audience", json={"scope": "cluster", "draft": True})
            case _:
                answer = owner.delete(f"/documents/{document}")
        assert answer.status_code == 200
        with ThreadPoolExecutor(IN_FLIGHT) as pool:
            seen = sum(seen_in(each, document) for each in pool.map(lambda probe: probe(), probes(beta, document)))
    assert seen == 0


def test_a_publication_under_way_does_not_bring_back_what_was_narrowed(
    server: Server, beta: httpx.Client, document: str
) -> None:
    """The index writes the document once more, as after a crash, while its audience changes and changes."""
    library: Library = server.service.library
    ending = threading.Event()

    def rewrite() -> None:
        while not ending.is_set():
            library.indexer.rewrite(document)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        for _ in range(15):
            library.set_audience(document, Audience.owner())
            assert not seen_in(beta.post("/search", json={"query": "margen del café verde"}), document)
            library.set_audience(document, Audience.cluster())
    finally:
        ending.set()
        writer.join()
    assert seen_in(beta.post("/search", json={"query": "margen del café verde"}), document)
