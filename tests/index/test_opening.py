"""Which engine answers, and what is said where none does."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from corpus.errors import BadSetting, IndexFailure, NotFound
from corpus.index.connection import IN_MEMORY, connect
from corpus.index.edge import EdgeIndex
from corpus.index.opening import create_index, open_index
from corpus.index.server import ServerIndex
from tests.index.making import MANIFEST


@contextmanager
def server_of(version: str, fails_first: int = 0) -> Iterator[str]:
    """A server that says which version it is, after it has refused some times, and knows nothing else."""
    refusals = iter(range(fails_first))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_ready = next(refusals, None) is None
            body = json.dumps({"title": "qdrant", "version": version}).encode()
            self.send_response(200 if is_ready and self.path == "/" else 503)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_folder_is_the_embedded_index(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        open_index(tmp_path / "index")
    create_index(tmp_path / "index", manifest=MANIFEST).close()
    index = open_index(tmp_path / "index", expected=MANIFEST)
    assert isinstance(index, EdgeIndex)
    index.close()


def test_a_url_is_a_server_whatever_the_folder_says(tmp_path: Path) -> None:
    index = create_index(tmp_path / "index", IN_MEMORY, manifest=MANIFEST)
    assert isinstance(index, ServerIndex)
    assert not (tmp_path / "index").exists()
    index.close()


def test_a_server_without_the_collection() -> None:
    with pytest.raises(NotFound, match="no collection 'lonja'"):
        open_index(None, IN_MEMORY)


def test_neither() -> None:
    with pytest.raises(BadSetting):
        open_index(None)


@pytest.mark.parametrize("ask", [lambda url: open_index(None, url), lambda url: connect(url, patience=0)])
def test_no_address_at_all(ask: Callable[[str], object]) -> None:
    with pytest.raises(IndexFailure, match="LONJA_QDRANT_URL"):
        ask("not an address")


def test_nobody_answers() -> None:
    with pytest.raises(IndexFailure, match="LONJA_QDRANT_URL") as caught:
        connect("http://127.0.0.1:9", patience=0)
    assert caught.value.code == "index_unreachable"


def test_a_server_that_is_not_ready_yet_is_waited_for() -> None:
    with server_of("1.17.2", fails_first=2) as url:
        connect(url, patience=20).close()


def test_a_server_that_never_gets_ready() -> None:
    with server_of("1.17.2", fails_first=10_000) as url, pytest.raises(IndexFailure, match="not ready within"):
        connect(url, patience=0.6)


@pytest.mark.parametrize("version", ["1.9.4", "1.15.0", "0.11.0-dev"])
def test_an_old_server_is_refused(version: str) -> None:
    with server_of(version) as url, pytest.raises(IndexFailure, match=r"1\.16 or later"):
        connect(url, patience=20)


def test_what_a_server_refuses_is_an_error_of_ours() -> None:
    with server_of("1.17.2") as url, pytest.raises(IndexFailure):
        open_index(None, url)
