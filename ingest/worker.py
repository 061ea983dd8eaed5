"""The worker: takes versions from the queue and makes them found.

Conversion runs ahead in confined children while the model embeds, passages of several short documents are embedded
together, the next batch waits with the model while one is embedded, and publishing has a thread of its own: the model,
which is the slow part, never waits for the others.
"""

from __future__ import annotations

import logging
import math
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Protocol

import numpy as np

from corpus.catalog import Catalog
from corpus.catalog.arrivals import TRANSIENT, Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Document, DocumentFacts, DocumentId, Failure, Stage, Version
from corpus.embedding.embedder import Embedder, Matrix
from corpus.errors import DocumentError, LonjaError
from corpus.indexing import EVERYTHING
from corpus.originals import Originals
from ingest.converted import Attachment
from ingest.reader import ReadDocument, Reader

log = logging.getLogger(__name__)

TOGETHER = 64
"""Passages that are embedded in one call: enough for every core, few enough for a bar that moves."""

LONGEST_KEY = 1000

AHEAD = 24
"""Documents that are converted, or being converted, before the model gets to them."""

POLL = 0.05
"""Seconds between two looks into a queue that was empty."""

BATCHES = 2
"""Batches that the model has at once: as one ends, with its last passages on some cores only, the next has begun."""


@dataclass(frozen=True, slots=True)
class Done:
    """A version's way has ended."""

    version: Version
    document: Document
    passages: int
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class _Embedded:
    version: Version
    read: ReadDocument
    vectors: Matrix  # a row for each of its passages


class Shelf(Protocol):
    """Where finished versions go: what a worker asks of the library."""

    def publish(self, version: Version) -> bool: ...

    def remove(self, document: DocumentId) -> None: ...


class Worker:
    """Works on one catalog until it is told to stop, or until nothing is left.

    ``shelf`` lets a version that is embedded be found; without one that is left to the index's owner. A ``patient``
    worker queues again what failed for a passing reason, and does not wait for it.
    """

    def __init__(
        self,
        catalog: Catalog,
        originals: Originals,
        reader: Reader,
        embedder: Embedder,
        *,
        name: str,
        shelf: Shelf | None,
        readers: int = 2,
        patient: bool = False,
    ) -> None:
        self._catalog = catalog
        self._originals = originals
        self._reader = reader
        self._embedder = embedder
        self._name = name
        self._shelf = shelf
        self._readers = readers
        self._patient = patient
        self._stopping = threading.Event()

    def stop(self) -> None:
        """What is under way is queued again by :meth:`drain` as it returns."""
        self._stopping.set()

    def drain(
        self,
        on_done: Callable[[Done], None] = lambda _done: None,
        *,
        more_may_come: Callable[[], bool] = lambda: False,
    ) -> None:
        """Works until the queue is empty and no ``more_may_come``. ``on_done`` is always called from the same thread.

        A document's own errors end as that document's failure; a full disk, a lost database or a broken index raises.
        """
        with (
            ThreadPoolExecutor(self._readers, thread_name_prefix="read") as readers,
            ThreadPoolExecutor(BATCHES, thread_name_prefix="batch") as embedders,
            ThreadPoolExecutor(1, thread_name_prefix="publish") as publisher,
        ):
            reading: dict[Future[ReadDocument], Version] = {}
            embedding: set[Future[list[_Embedded]]] = set()
            published: list[Future[None]] = []
            looked = -math.inf  # into a queue that was empty; on the monotonic clock
            try:
                while not self._stopping.is_set():
                    pause = POLL if more_may_come() else None
                    is_idle = not reading and not embedding
                    while len(reading) < AHEAD and (is_idle or time.monotonic() >= looked + POLL):
                        version = self._catalog.queue.claim(self._name)
                        if version is None:
                            looked = time.monotonic()
                            break
                        reading[readers.submit(self._read, version)] = version
                    while len(embedding) < BATCHES and (chosen := _enough(reading)):
                        readable, unreadable = _parted({future: reading.pop(future) for future in chosen})
                        published += [publisher.submit(self._fail, *each, on_done) for each in unreadable]
                        embedding.add(embedders.submit(self._embed, readable))
                    if not reading and not embedding:
                        if published:
                            # What is published may have queued attachments: look again before calling it a day.
                            _settle(published, all_of_them=True)
                        elif pause is None:
                            break
                        else:
                            self._stopping.wait(pause)
                        continue
                    # With its hands full, the model is what is waited for, and not documents that have been read.
                    awaited: list[Future[Any]] = [*embedding]
                    if len(embedding) < BATCHES:
                        awaited += reading
                    wait(awaited, pause, FIRST_COMPLETED)
                    for batch in [future for future in embedding if future.done()]:
                        embedding.remove(batch)
                        published += [publisher.submit(self._take_in, each, on_done) for each in batch.result()]
                    _settle(published)
            finally:
                for future in reading:
                    future.cancel()
                self._stopping.set()  # a long batch ends after the passages that the model has
                under_way: list[Future[Any]] = [*reading, *embedding, *published]
                wait(under_way)
                self._catalog.queue.release(self._name)
            _settle(published, all_of_them=True)

    def _read(self, version: Version) -> ReadDocument:
        def progress(done: int, total: int | None) -> None:
            self._catalog.queue.report(version.id, Stage.CONVERTING, done, total)

        progress(0, None)  # from here on it is being read, and no longer waits
        return self._reader.read(
            self._originals.path(version.sha256), version.file_name, self._given_title(version), progress
        )

    def _given_title(self, version: Version) -> str | None:
        """What somebody calls the document, where somebody does: its passages are embedded below it."""
        found = self._catalog.documents.some([version.document_id], EVERYTHING).get(version.document_id)
        if found is None:
            raise DocumentError("The document was deleted while it waited.", code="deleted")
        declared = self._catalog.documents.declared(version.document_id)
        return found.facts.title if "title" in declared else None

    def _embed(self, batch: Sequence[tuple[Version, ReadDocument]]) -> list[_Embedded]:
        """With a vector for each passage of the batch; nothing where the worker is told to stop before its end."""
        texts = [text for _, read in batch for text in read.texts]
        parts = []
        for start in range(0, len(texts), TOGETHER):
            if self._stopping.is_set():
                return []
            if len(texts) > TOGETHER:
                for version, _ in batch:
                    self._catalog.queue.report(version.id, Stage.EMBEDDING, start, len(texts))
            parts.append(self._embedder.embed_passages(texts[start : start + TOGETHER]))
        vectors = np.concatenate(parts) if parts else np.zeros((0, self._embedder.identity.dimensions), np.float32)
        embedded = []
        at = 0
        for version, read in batch:
            embedded.append(_Embedded(version, read, vectors[at : at + len(read.texts)]))
            at += len(read.texts)
        return embedded

    def _take_in(self, embedded: _Embedded, on_done: Callable[[Done], None]) -> None:
        version, read = embedded.version, embedded.read
        self._queue_attachments(version, read.attachments)
        prepared = Prepared(
            passages=read.passages,
            vectors=embedded.vectors,
            pack=self._embedder.identity.digest,
            guesses=read.guesses,
            pages=read.pages,
            media_type=read.media_type,
            warnings=read.warnings,
        )
        if not self._catalog.queue.store(version.id, prepared):
            return
        if self._shelf is not None and not self._shelf.publish(version):
            return
        document = self._catalog.documents.some([version.document_id], EVERYTHING).get(version.document_id)
        if document is not None:
            on_done(Done(version, document, len(read.passages)))

    def _queue_attachments(self, version: Version, attachments: Sequence[Attachment]) -> None:
        """Files inside a message: documents of their own, for the message's audience."""
        parent = self._catalog.documents.some([version.document_id], EVERYTHING).get(version.document_id)
        if parent is None:
            return
        prefix = f"attachment:{parent.id}#"
        present = set()
        for number, attachment in enumerate(attachments, start=1):
            original = self._originals.store(BytesIO(attachment.content))
            facts = DocumentFacts(
                title=attachment.name,
                kind=parent.facts.kind,
                published=parent.facts.published,
                source=parent.facts.title,
            )
            arrival = Arrival(
                organisation=parent.organisation,
                source_key=f"{prefix}{number}/{attachment.name}"[:LONGEST_KEY],
                sha256=original.sha256,
                size=original.size,
                media_type="application/octet-stream",
                file_name=attachment.name,
                facts=facts,
                declared=frozenset({"kind"}),
                audience=parent.audience,
                contributor=parent.contributor,
                parent=parent.id,
                draft=parent.draft,
            )
            self._catalog.arrivals.register(arrival)
            present.add(arrival.source_key)
        for source in self._catalog.arrivals.sources(parent.organisation, prefix):
            if source.key in present:
                continue
            self._catalog.arrivals.forget_source(parent.organisation, source.key)
            if self._shelf is not None:
                self._shelf.remove(source.document_id)
            else:
                self._catalog.documents.mark_deleted(source.document_id)

    def _fail(self, version: Version, failure: Failure, on_done: Callable[[Done], None]) -> None:
        if self._patient and failure.code in TRANSIENT and self._catalog.queue.retry_later(version.id, failure):
            return
        self._catalog.queue.fail(version.id, failure)
        document = self._catalog.documents.some([version.document_id], EVERYTHING).get(version.document_id)
        if document is not None:
            on_done(Done(version, document, 0, failure))


def _parted(
    finished: Mapping[Future[ReadDocument], Version],
) -> tuple[list[tuple[Version, ReadDocument]], list[tuple[Version, Failure]]]:
    """What could be read, and what could not and why. Raises what is no fault of a document."""
    readable: list[tuple[Version, ReadDocument]] = []
    unreadable: list[tuple[Version, Failure]] = []
    for future, version in finished.items():
        try:
            readable.append((version, future.result()))
        except DocumentError as error:
            unreadable.append((version, Failure(error.code, error.message, error.hint)))
        except LonjaError:
            raise
        except Exception:
            log.exception("reading version %d failed in a way nobody foresaw", version.id)
            failure = Failure("internal", "Lonja failed on this file.", "Please report it: the log says more.")
            unreadable.append((version, failure))
    return readable, unreadable


def _enough(reading: Iterable[Future[ReadDocument]]) -> list[Future[ReadDocument]]:
    """Of the documents that are read, the oldest first, as many as make one good batch."""
    chosen: list[Future[ReadDocument]] = []
    passages = 0
    for future in reading:
        if passages >= TOGETHER:
            break
        if future.done():
            chosen.append(future)
            if future.exception() is None:
                passages += len(future.result().texts)
    return chosen


def _settle(published: list[Future[None]], *, all_of_them: bool = False) -> None:
    """Raises what a publication raised; forgets those that went well."""
    if all_of_them:
        wait(published)
    ended = [future for future in published if future.done()]
    for future in ended:
        published.remove(future)
        future.result()
