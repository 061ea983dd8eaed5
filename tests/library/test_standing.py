"""The sign that a standing worker gives to those who look after it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from corpus.errors import StorageError
from corpus.library import Library
from ingest import standing
from tests.running import PATIENCE, wait_until


def test_it_gives_a_sign_while_it_reaches_the_queue(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "HEARTBEAT", 0.02)
    sign = tmp_path / "alive"
    worker = standing.StandingWorker(library, sign=sign)
    thread = threading.Thread(target=worker.run)
    thread.start()
    try:
        wait_until(sign.exists, "a sign")
        asked = threading.Event()

        def lost(_name: str) -> None:
            asked.set()
            raise StorageError("The database is away.")

        monkeypatch.setattr(library.catalog.queue, "extend", lost)
        wait_until(asked.is_set, "a heartbeat without the database")
        sign.unlink()
        asked.clear()
        wait_until(asked.is_set, "another one")
        assert not sign.exists()
        monkeypatch.undo()
        wait_until(sign.exists, "a sign, now that the database is back")
    finally:
        worker.stop()
        thread.join(PATIENCE)
    assert not thread.is_alive()
