"""Files are registered, read, embedded and published at once, in threads: what can go wrong between them."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from corpus.catalog.arrivals import Arrival
from corpus.documents import Audience, DocumentFacts, Stage
from corpus.embedding.embedder import Matrix
from corpus.errors import StorageError
from corpus.library import Library
from ingest.reader import Reader
from ingest.run import Event, IngestOptions, run
from ingest.worker import TOGETHER, Done, Worker

SLOW = 0.1  # seconds: twice what a worker waits between two looks into an empty queue
OPTIONS = IngestOptions(organisation="alpha", audience=Audience.cluster())


def write(files: Path, count: int) -> None:
    """Every other file has nothing but spaces, so that some end as soon as they are read."""
    for number in range(count):
        text = f"Nota {number}: la aduana pide el certificado {number} para el café." if number % 2 else " " * number
        (files / f"note-{number:02}.txt").write_text(text, encoding="utf-8")


def worker(library: Library, name: str) -> Worker:
    reader = Reader(library.embedder)
    return Worker(library.catalog, library.originals, reader, library.embedder, name=name, shelf=library)


def test_files_that_come_slowly_are_all_taken_in_and_told_once_by_one_thread(
    library: Library, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, 12)
    register = library.catalog.arrivals.register

    def slowly(arrival: Any) -> Any:
        time.sleep(SLOW)
        return register(arrival)

    monkeypatch.setattr(library.catalog.arrivals, "register", slowly)
    told: list[tuple[Event, int]] = []
    report = run(library, [files], OPTIONS, on_event=lambda event: told.append((event, threading.get_ident())))
    outcomes = {Path(event.file).name: event.event for event, _ in told}
    assert outcomes == {f"note-{number:02}.txt": "added" if number % 2 else "failed" for number in range(12)}
    assert len(told) == len(report.events) == 12
    assert len({thread for _, thread in told}) == 1
    assert library.catalog.queue.counts() == {Stage.READY: 6, Stage.FAILED: 6}


def test_a_disk_that_fills_while_files_are_registered_ends_the_run_and_loses_nothing(
    library: Library, files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(files, 12)
    store = library.originals.store
    stored = 0

    def until_full(*given: Any, **options: Any) -> Any:
        nonlocal stored
        stored += 1
        if stored > 6:
            raise StorageError("The disk is full.", code="disk_full")
        return store(*given, **options)

    with monkeypatch.context() as patched:
        patched.setattr(library.originals, "store", until_full)
        with pytest.raises(StorageError, match="full"):
            run(library, [files], OPTIONS)
    assert stored == 7
    run(library, [files], OPTIONS)
    counts = library.catalog.queue.counts()
    assert counts == {Stage.READY: 6, Stage.FAILED: 6}


def test_a_worker_that_stops_within_a_long_document_leaves_it_for_the_next(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "\n\n".join(f"Artículo {number}. " + "El exportador presenta sus papeles. " * 12 for number in range(400))
    original = library.originals.store(BytesIO(text.encode()))
    registered = library.catalog.arrivals.register(
        Arrival(
            organisation="alpha",
            source_key="test:long",
            sha256=original.sha256,
            size=original.size,
            media_type="text/plain",
            file_name="long.txt",
            facts=DocumentFacts(title="Long"),
            declared=frozenset({"title"}),
        )
    )
    first = worker(library, "first")
    embed = library.embedder.embed_passages
    parts = 0

    def until_stopped(texts: Sequence[str]) -> Matrix:
        nonlocal parts
        parts += 1
        first.stop()
        return embed(texts)

    done: list[Done] = []
    with monkeypatch.context() as patched:
        patched.setattr(library.embedder, "embed_passages", until_stopped)
        first.drain(done.append)
    assert (parts, done) == (1, [])
    [version] = library.catalog.documents.versions(registered.document_id)
    assert version.stage is Stage.QUEUED

    worker(library, "second").drain(done.append)
    [ended] = done
    assert ended.failure is None
    assert ended.passages > TOGETHER
    assert library.index.count_passages() == ended.passages
