"""Every test of the contract runs over every implementation of the index."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from qdrant_client import QdrantClient

from corpus.index.connection import IN_MEMORY, connect
from corpus.index.edge import EdgeIndex
from corpus.index.protocol import IndexManifest, PassageIndex
from corpus.index.server import ServerIndex
from tests.index.making import MANIFEST
from tests.index.qdrant_over_http import qdrant_app
from tests.running import running


@dataclass(frozen=True)
class House:
    """How one implementation is made and opened again."""

    create: Callable[[IndexManifest, bytes | None], PassageIndex]
    reopen: Callable[[PassageIndex, IndexManifest | None], PassageIndex]


class OneAtATime:
    """The client's in-memory mode is not made for threads, a server is: here one call runs after the other.

    It keeps the client open as well, since what is in memory is gone with it.
    """

    def __init__(self, client: QdrantClient) -> None:
        self._client = client
        self._turn = threading.Lock()

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._client, name)
        if not callable(method):
            return method

        def called(*arguments: Any, **named: Any) -> Any:
            with self._turn:
                return method(*arguments, **named)

        return called

    def close(self) -> None:
        """Stays open for the next index over it."""


def _edge(folder: Path) -> House:
    def reopen(index: PassageIndex, expected: IndexManifest | None) -> PassageIndex:
        index.close()
        return EdgeIndex.open(folder, expected)

    return House(lambda manifest, projection: EdgeIndex.create(folder, manifest, projection), reopen)


def _server(client: Callable[[], QdrantClient], collection: str) -> House:
    def reopen(index: PassageIndex, expected: IndexManifest | None) -> PassageIndex:
        index.close()
        return ServerIndex.open(client(), collection, expected)

    return House(lambda manifest, projection: ServerIndex.create(client(), collection, manifest, projection), reopen)


@pytest.fixture(scope="session")
def qdrant_url() -> Iterator[str]:
    """A real server where one is named, else its stand-in over HTTP."""
    if url := os.environ.get("LONJA_TEST_QDRANT_URL"):
        yield url
        return
    with running(qdrant_app()) as url:
        yield url


@pytest.fixture(params=["edge", "memory", "server"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[House]:
    if request.param == "edge":
        yield _edge(tmp_path / "index")
        return
    if request.param == "memory":
        client = connect(IN_MEMORY)
        yield _server(lambda: OneAtATime(client), "lonja")  # type: ignore[arg-type,return-value]
        client.close()
        return
    url = request.getfixturevalue("qdrant_url")
    collection = f"lonja-test-{uuid4().hex}"
    yield _server(lambda: connect(url), collection)
    last = connect(url)
    last.delete_collection(collection)
    last.close()


@pytest.fixture
def index(house: House) -> Iterator[PassageIndex]:
    made = house.create(MANIFEST, None)
    yield made
    made.close()
