"""The library: one data folder, opened, with everything that works on it."""

from __future__ import annotations

import os
import secrets
import socket
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from types import TracebackType
from typing import Self

from corpus.catalog import Catalog
from corpus.datafolder import DataFolder, require_room
from corpus.documents import Audience, Document, DocumentFacts, DocumentId, Stage, Version
from corpus.embedding.building import Progress, default_models_folder, pack_folder
from corpus.embedding.embedder import Embedder
from corpus.embedding.opening import open_embedder
from corpus.embedding.pack import is_pack
from corpus.errors import Conflict
from corpus.index.protocol import IndexManifest, PassageIndex
from corpus.indexing import EVERYTHING, Indexer, Reconciled
from corpus.originals import Originals
from corpus.reindexing import open_library_index, rebuild_index
from corpus.search.results import SearchRequest, SearchResults
from corpus.search.service import Search
from corpus.search.similar import Similarity
from corpus.settings import LibrarySettings


@dataclass(frozen=True, slots=True)
class Status:
    documents: int
    passages: int
    stages: dict[Stage, int]  # versions by stage
    organisations: int
    index: IndexManifest | None  # None where none was made yet
    index_passages: int
    data_bytes: int


def new_worker_name() -> str:
    """What the queue knows a process by."""
    return f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(3)}"


class Library:
    """Opens what ``settings`` name; the embedder and the index on first use.

    As the owner (the default) it holds the data folder alone. A process that only converts and embeds, beside an owner,
    opens it with ``owner=False`` and has no index.

    Raises DataFolderInUse, DataFolderTooNew, WrongModelPack, StorageError, ModelError, IndexFailure.
    """

    def __init__(self, settings: LibrarySettings, *, owner: bool = True) -> None:
        self.settings = settings
        self._owner = owner or settings.qdrant_url is not None
        self._opening = threading.RLock()
        self._embedder: Embedder | None = None
        self._index: PassageIndex | None = None
        self._indexer: Indexer | None = None
        self._search: Search | None = None
        self._similarity: Similarity | None = None
        self.folder = DataFolder(settings.data, exclusive=owner and settings.qdrant_url is None)
        try:
            self.originals = Originals(self.folder.originals, self.folder.incoming)
            self.catalog = Catalog(self.folder.database, settings.database_url)
        except BaseException:
            self.folder.close()
            raise

    @property
    def is_sole_owner(self) -> bool:
        """No other process publishes: whatever somebody is said to be at work on, nobody is."""
        return self._owner and self.settings.qdrant_url is None

    # What is opened when it is first needed

    def model_is_ready(self) -> bool:
        """False where the first use would have to build the model pack first, which takes a while."""
        return self.settings.model is not None or is_pack(pack_folder(default_models_folder()))

    def prepare_model(self, progress: Progress) -> None:
        with self._opening:
            if self._embedder is None:
                self._embedder = open_embedder(self.settings.model, progress=progress)

    @property
    def embedder(self) -> Embedder:
        self.prepare_model(lambda _what, _done: None)
        assert self._embedder is not None
        return self._embedder

    @property
    def index(self) -> PassageIndex:
        with self._opening:
            if self._index is None:
                if not self._owner:
                    raise Conflict("This process does not own the index.", code="not_the_owner")
                self._index = open_library_index(self.settings, self.folder, lambda: self.embedder)
            return self._index

    @property
    def indexer(self) -> Indexer:
        with self._opening:
            if self._indexer is None:
                self._indexer = Indexer(self.catalog, self.index)
            return self._indexer

    def search(self, request: SearchRequest) -> SearchResults:
        with self._opening:
            if self._search is None:
                self._search = Search(self.catalog, self.index, self.embedder)
        return self._search(request)

    @property
    def similarity(self) -> Similarity:
        with self._opening:
            if self._similarity is None:
                self._similarity = Similarity(self.catalog, self.index)
            return self._similarity

    # What changes what is found

    def publish(self, version: Version) -> bool:
        """Lets a version that is embedded be found; see Indexer.publish."""
        require_room(self.folder.path)
        return self.indexer.publish(version)

    def publish_orphans(self, worker: str) -> int:
        """Where several processes share an index: what others embedded and did not live to publish."""
        published = 0
        while version := self.catalog.queue.claim_to_index(worker):
            published += self.publish(version)
        return published

    def reconcile(self, on_progress: Callable[[int, int], None] | None = None, *, release: bool = True) -> Reconciled:
        """Finishes or redoes what a killed process left under way; see Indexer.reconcile."""
        return self.indexer.reconcile(on_progress, is_sole_owner=self.is_sole_owner, release=release)

    def release(self) -> int:
        """Queues again what workers held that ended with the process before this one. Needs no index."""
        return self.catalog.queue.release_all() if self.is_sole_owner else 0

    def set_audience(self, document: DocumentId, audience: Audience, *, draft: bool = False) -> Document:
        """On return no search finds the document, or what was attached to it, for those who may no longer see it."""
        changed = self.catalog.documents.set_audience(document, audience, draft=draft)
        for child in self.catalog.documents.children(document):
            self.set_audience(child, audience, draft=draft)
        self.indexer.refresh([document])
        return changed

    def set_facts(self, document: DocumentId, facts: DocumentFacts, declared: Iterable[str]) -> Document:
        """``declared`` names what a person said: guesses leave it alone from now on.

        A new title is among the words of every passage on return; the next version is embedded below it.
        """
        former = self.catalog.documents.get(document, EVERYTHING)
        changed = self.catalog.documents.set_facts(document, facts, list(declared))
        if changed.facts.title != former.facts.title:
            self.indexer.rewrite(document)
        self.indexer.refresh([document])
        return changed

    def hide(self, document: DocumentId) -> None:
        """Deleted for everybody, and for :meth:`restore` to take back until it is removed for good."""
        for child in self.catalog.documents.children(document):
            self.hide(child)
        self.catalog.documents.mark_deleted(document)
        self.indexer.withdraw(document)

    def restore(self, document: DocumentId) -> None:
        self.catalog.documents.restore(document)
        self.indexer.rewrite(document)
        for child in self.catalog.documents.children(document):
            self.restore(child)

    def remove(self, document: DocumentId, *, spare: timedelta = timedelta(0)) -> None:
        """Gone for good, with what was attached to it, and its original where nothing else needs it.

        Beside uploads, ``spare`` originals that came in again so lately: somebody may be about to register them.
        """
        for child in self.catalog.documents.children(document):
            self.remove(child, spare=spare)
        self.hide(document)
        for sha256 in self.catalog.documents.purge(document):
            self.originals.remove_old(sha256, age=spare)

    def reindex(self, on_progress: Callable[[int, int], None] | None = None) -> int:
        """Makes the index anew for the present model; returns how many documents it holds."""
        with self._opening:
            self._close_index()
            self._index = rebuild_index(self.settings, self.folder, self.catalog, self.embedder, on_progress)
            return self.catalog.documents.count()

    def status(self) -> Status:
        index = self.index if self.catalog.documents.count() or self._index else None
        return Status(
            documents=self.catalog.documents.count(),
            passages=self.catalog.passages.count(),
            stages=self.catalog.queue.counts(),
            organisations=len(self.catalog.organisations.all()),
            index=None if index is None else index.manifest,
            index_passages=0 if index is None else index.count_passages(),
            data_bytes=self.folder.size(),
        )

    # The end

    def _close_index(self) -> None:
        if self._search is not None:
            self._search.close()
        if self._index is not None:
            self._index.close()
        self._index = self._indexer = self._search = self._similarity = None

    def close(self) -> None:
        try:
            self._close_index()
            if self._embedder is not None:
                self._embedder.close()
        finally:
            self.catalog.close()
            self.folder.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
