"""The embedded index: a shard of Qdrant Edge in a process of ours, in generations on the disk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from corpus.documents import DocumentId
from corpus.embedding.embedder import Vector
from corpus.errors import IndexFailure, NotFound
from corpus.index import layout
from corpus.index import manifest as manifests
from corpus.index.conditions import PUBLISHED, UNPUBLISHED, document_is, version_is
from corpus.index.folder_lock import FolderLock
from corpus.index.generations import Generations, sync_log, sync_tree
from corpus.index.optimising import Optimiser
from corpus.index.protocol import (
    Candidate,
    DocumentPayload,
    Facet,
    Filters,
    IndexedPassage,
    IndexManifest,
    IndexQuery,
    WordsLeg,
)
from corpus.index.shard_owner import ShardOwner
from corpus.index.shard_process import OptimisingProcess, ShardProcess
from corpus.index.turns import Turns
from corpus.index.visibility import Visibility

GRAPH_FROM: Final = 13_000  # points; up to here, comparing with each one is as fast

_POINTS_AT_ONCE = 32  # a search waits for one such batch at most
_IDS_AT_ONCE = 256

T = TypeVar("T")


class EdgeIndex:
    """A :class:`corpus.index.protocol.PassageIndex` in a folder that one process at a time may own.

    Writes are in the engine's log, and the log on the disk, when a call returns. The engine's own files are flushed
    at :meth:`close` and by :meth:`optimise`, which works on a copy: flushing stalls searches, syncing the log does not.
    """

    def __init__(
        self,
        lock: FolderLock,
        generation: Path,
        manifest: IndexManifest,
        projection: bytes | None,
        graph_from: int,
    ) -> None:
        self._lock = lock
        self._manifest, self._projection = manifest, projection
        self._writing = Turns()  # a writer in a loop lets the optimiser in
        self._is_closed = False

        def start(generation: Path) -> ShardProcess:
            return ShardProcess(generation / "shard", manifest.dimensions, graph_from)

        def start_optimising(generation: Path) -> OptimisingProcess:
            return OptimisingProcess(generation / "shard", manifest.dimensions, graph_from)

        self._shard = ShardOwner(generation, start)
        self._optimiser = Optimiser(
            self._shard, Generations(generation.parent), self._writing, start, start_optimising, graph_from
        )

    @classmethod
    def create(
        cls, folder: Path, manifest: IndexManifest, projection: bytes | None = None, graph_from: int = GRAPH_FROM
    ) -> EdgeIndex:
        """An empty index. What was in the folder is gone. Raises Conflict where another process has it open."""
        folder.mkdir(parents=True, exist_ok=True)
        manifests.check_projection(manifest, projection, str(folder))
        lock = FolderLock(folder)
        try:
            generations = Generations(folder)
            generation = generations.begin()
            (generation / "shard").mkdir()
            (generation / "manifest.json").write_text(manifests.to_json(manifest), encoding="utf-8")
            if projection is not None:
                (generation / "projection.npz").write_bytes(projection)
            sync_tree(generation)
            generations.make_current(generation)
            generations.remove_others()
            return cls(lock, generation, manifest, projection, graph_from)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def open(cls, folder: Path, expected: IndexManifest | None = None, graph_from: int = GRAPH_FROM) -> EdgeIndex:
        """The index as it was left, however its last process ended. It is loaded while the caller goes on.

        Raises NotFound where there is none, Conflict where another process has it open, WrongModelPack where it was
        built with something else than ``expected``.
        """
        if not Generations(folder).exist():
            raise NotFound(f"There is no index in {folder}.", code="no_index", hint="Build it: lonja reindex.")
        lock = FolderLock(folder)
        try:
            generations = Generations(folder)
            generation = generations.current()
            generations.remove_others()
            manifest, projection = _read_manifest(generation)
            if expected is not None:
                manifests.require_same(manifest, expected, str(folder))
            return cls(lock, generation, manifest, projection, graph_from)
        except BaseException:
            lock.release()
            raise

    @property
    def manifest(self) -> IndexManifest:
        return self._manifest

    @property
    def projection(self) -> bytes | None:
        return self._projection

    @property
    def process_id(self) -> int:
        """Of the process that holds the shard, whose memory is the index's."""
        return self._shard.process_id

    def write(self, passages: Sequence[IndexedPassage]) -> None:
        with self._writing:
            for batch in _batches(passages, _POINTS_AT_ONCE):
                self._shard.apply("write", batch)

    def publish(self, document_id: DocumentId, version_id: int) -> None:
        with self._writing:
            heads: list[tuple[str, int, int, int]] = self._shard.ask("heads", document_is(document_id))
            is_found = any(version == version_id and published for _, version, published, _ in heads)
            ids: list[int] = self._shard.ask("ids", version_is(version_id))
            others = self._versions_of(document_id) - {version_id}
            if not is_found:
                self._shard.hide(more=[version_id])
            if ids:
                sequence = 1 + max((sequence for *_, sequence in heads), default=0)
                self._mark(version_id, ids, sequence)
            self._shard.hide(more=others, less=[version_id])
            self._delete(others)
            self._sync()

    def withdraw(self, document_id: DocumentId) -> None:
        with self._writing:
            self._withdraw(self._versions_of(document_id))

    def withdraw_versions(self, document_id: DocumentId, version_ids: Iterable[int]) -> None:
        with self._writing:
            self._withdraw(self._versions_of(document_id) & set(version_ids))

    def update(self, document_id: DocumentId, payload: DocumentPayload) -> None:
        with self._writing:
            for ids in _batches(self._shard.ask("ids", document_is(document_id)), _IDS_AT_ONCE):
                self._shard.apply("set_document", ids, payload)
            self._sync()

    def search(self, query: IndexQuery, by_words: WordsLeg | None = None) -> list[Candidate]:
        return self._shard.search(query, by_words).candidates()

    def by_words(self, query: IndexQuery) -> WordsLeg | None:
        return self._shard.by_words(query)

    def vectors(self, passage_ids: Sequence[int]) -> Mapping[int, Vector]:
        found: dict[int, Vector] = self._shard.ask("vectors", passage_ids) if passage_ids else {}
        return found

    def facet(self, facet: Facet, visibility: Visibility, filters: Filters, limit: int = 50) -> Mapping[str, int]:
        counts: dict[str, int] = self._shard.ask_for_found("facet", facet, visibility, filters, limit)
        return counts

    def count(self, visibility: Visibility, filters: Filters) -> int:
        return int(self._shard.ask_for_found("count", visibility, filters))

    def count_passages(self) -> int:
        return int(self._shard.ask_for_found("count_passages"))

    def versions(self) -> Mapping[DocumentId, Mapping[int, bool]]:
        with self._writing:
            found: dict[DocumentId, dict[int, bool]] = {}
            for document_id, version_id, _, _ in self._shard.ask("heads", PUBLISHED):
                found.setdefault(document_id, {})[version_id] = True
            for version_id in self._shard.ask("values", layout.VERSION, UNPUBLISHED):
                document_id = self._shard.ask("document_of", version_id)
                found.setdefault(document_id, {}).setdefault(version_id, False)
            return found

    def optimise(self) -> bool:
        return self._optimiser.run()

    def close(self) -> None:
        if self._is_closed:
            return
        self._is_closed = True
        self._optimiser.stop()
        with self._writing:
            try:
                self._shard.close()
            finally:
                self._lock.release()

    def _mark(self, version_id: int, ids: list[int], sequence: int) -> None:
        """The head is the last to be published: a version without a published head is half published, thus not."""
        languages = sorted(self._shard.ask("values", layout.LANGUAGE, version_is(version_id)))
        head, *rest = ids
        fields = {layout.HEAD: 1, layout.LANGUAGES: languages, layout.SEQUENCE: sequence}
        self._shard.apply("set_fields", [head], fields)
        for batch in _batches(rest, _IDS_AT_ONCE):
            self._shard.apply("set_fields", batch, {layout.PUBLISHED: 1, layout.HEAD: 0})
        self._shard.apply("set_fields", [head], {layout.PUBLISHED: 1})

    def _withdraw(self, versions: set[int]) -> None:
        self._shard.hide(more=versions)
        self._delete(versions)
        self._sync()

    def _delete(self, versions: set[int]) -> None:
        """Versions that are hidden already. The head, a version's first point, is the first to go."""
        for version_id in sorted(versions):
            for ids in _batches(self._shard.ask("ids", version_is(version_id)), _IDS_AT_ONCE):
                self._shard.apply("delete", ids)
        self._shard.hide(less=versions)

    def _versions_of(self, document_id: DocumentId) -> set[int]:
        return set(self._shard.ask("values", layout.VERSION, document_is(document_id)))

    def _sync(self) -> None:
        sync_log(self._shard.generation / "shard")


def _batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]


def _read_manifest(generation: Path) -> tuple[IndexManifest, bytes | None]:
    try:
        text = (generation / "manifest.json").read_text(encoding="utf-8")
    except OSError as error:
        raise IndexFailure(
            f"The manifest of the index in {generation} cannot be read: {error}.",
            hint="Build the index again from the catalog: lonja reindex.",
        ) from error
    manifest = manifests.from_json(text, str(generation))
    stored = generation / "projection.npz"
    projection = stored.read_bytes() if stored.exists() else None
    manifests.check_projection(manifest, projection, str(generation))
    return manifest, projection
