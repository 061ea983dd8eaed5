"""The embedded index: a shard of Qdrant Edge in a process of ours, in generations on the disk."""

from __future__ import annotations

import logging
import shutil
import threading
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from corpus.documents import DocumentId
from corpus.embedding.embedder import Vector
from corpus.errors import Conflict, IndexFailure, NotFound, StorageError
from corpus.index import layout
from corpus.index import manifest as manifests
from corpus.index.conditions import AnyOf, Conditions, document_is, version_is
from corpus.index.folder_lock import FolderLock
from corpus.index.generations import Generations, sync_log, sync_tree
from corpus.index.protocol import (
    Candidate,
    DocumentPayload,
    Facet,
    Filters,
    IndexedPassage,
    IndexManifest,
    IndexQuery,
)
from corpus.index.shard import Found
from corpus.index.shard_process import ShardProcess, ShardProcessDied, optimise_in_process
from corpus.index.turns import Turns
from corpus.index.visibility import Visibility

_POINTS_AT_ONCE = 32  # a search waits for one such batch at most
_IDS_AT_ONCE = 256
GRAPH_FROM: Final = 13_000  # points; up to here, comparing with each one is as fast
_TOO_MANY_DELETED = 0.2  # of the points in the graph
_WARMING = 16  # questions that a fresh process has read its way to before it is asked in earnest
_LONG_LOG = 128 * 1024 * 1024  # bytes; two thirds of it may have to be replayed at the next load

_PUBLISHED = Conditions((AnyOf(layout.PUBLISHED, (1,)),))
_UNPUBLISHED = Conditions((AnyOf(layout.PUBLISHED, (0,)),))

log = logging.getLogger(__name__)

T = TypeVar("T")
_Operation = tuple[str, tuple[Any, ...]]


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
        self._generations = Generations(generation.parent)
        self._manifest, self._projection = manifest, projection
        self._graph_from = graph_from
        self._process = self._start(generation)
        self._turns = Turns()
        self._writing = Turns()  # a writer in a loop lets the optimiser in
        self._optimising = threading.Lock()
        self._hidden: frozenset[int] = frozenset()  # versions that no search sees, whatever their points say
        self._journal: list[_Operation] | None = None  # what was written since the copy that is being optimised
        self._recent: deque[IndexQuery] = deque(maxlen=_WARMING)
        self._is_mended = False
        self._is_closed = False

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
        return self._process.pid

    def write(self, passages: Sequence[IndexedPassage]) -> None:
        with self._writing:
            for batch in _batches(passages, _POINTS_AT_ONCE):
                self._apply("write", batch)

    def publish(self, document_id: DocumentId, version_id: int) -> None:
        with self._writing:
            heads: list[tuple[str, int, int, int]] = self._ask("heads", document_is(document_id))
            is_found = any(version == version_id and published for _, version, published, _ in heads)
            ids: list[int] = self._ask("ids", version_is(version_id))
            others = self._versions_of(document_id) - {version_id}
            if not is_found:
                self._hide(self._hidden | {version_id})
            if ids:
                sequence = 1 + max((sequence for *_, sequence in heads), default=0)
                self._mark(version_id, ids, sequence)
            self._hide(self._hidden - {version_id} | others)
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
            for ids in _batches(self._ask("ids", document_is(document_id)), _IDS_AT_ONCE):
                self._apply("set_document", ids, payload)
            self._sync()

    def search(self, query: IndexQuery) -> list[Candidate]:
        self._recent.append(query)
        with self._turns:
            found: Found = self._answer("search", query, self._hidden)
        return found.candidates()

    def vectors(self, passage_ids: Sequence[int]) -> Mapping[int, Vector]:
        found: dict[int, Vector] = self._ask("vectors", passage_ids)
        return found

    def facet(self, facet: Facet, visibility: Visibility, filters: Filters, limit: int = 50) -> Mapping[str, int]:
        with self._turns:
            counts: dict[str, int] = self._answer("facet", facet, visibility, filters, limit, self._hidden)
            return counts

    def count(self, visibility: Visibility, filters: Filters) -> int:
        with self._turns:
            return int(self._answer("count", visibility, filters, self._hidden))

    def count_passages(self) -> int:
        with self._turns:
            return int(self._answer("count_passages", self._hidden))

    def versions(self) -> Mapping[DocumentId, Mapping[int, bool]]:
        with self._writing:
            found: dict[DocumentId, dict[int, bool]] = {}
            for document_id, version_id, _, _ in self._ask("heads", _PUBLISHED):
                found.setdefault(document_id, {})[version_id] = True
            for version_id in self._ask("values", layout.VERSION, _UNPUBLISHED):
                document_id = self._ask("document_of", version_id)
                found.setdefault(document_id, {}).setdefault(version_id, False)
            return found

    def optimise(self) -> bool:
        """Copies the shard, has another process optimise the copy, catches it up, and goes on with it."""
        if not self._optimising.acquire(blocking=False):
            return False
        try:
            return self._optimise()
        finally:
            self._optimising.release()

    def close(self) -> None:
        with self._writing, self._turns:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                self._process.close()
            except ShardProcessDied as error:
                # What was acknowledged is in the log, which the next opening replays. On a full disk, say, nothing
                # can be flushed, and that must not hide the error for which everything is being closed.
                log.warning("%s", error.message)
            finally:
                self._lock.release()

    def _mark(self, version_id: int, ids: list[int], sequence: int) -> None:
        """The head is the last to be published: a version without a published head is half published, thus not."""
        languages = sorted(self._ask("values", layout.LANGUAGE, version_is(version_id)))
        head, *rest = ids
        self._apply("set_fields", [head], {layout.HEAD: 1, layout.LANGUAGES: languages, layout.SEQUENCE: sequence})
        for batch in _batches(rest, _IDS_AT_ONCE):
            self._apply("set_fields", batch, {layout.PUBLISHED: 1, layout.HEAD: 0})
        self._apply("set_fields", [head], {layout.PUBLISHED: 1})

    def _withdraw(self, versions: set[int]) -> None:
        self._hide(self._hidden | versions)
        self._delete(versions)
        self._sync()

    def _delete(self, versions: set[int]) -> None:
        """Versions that are hidden already. The head, a version's first point, is the first to go."""
        for version_id in sorted(versions):
            for ids in _batches(self._ask("ids", version_is(version_id)), _IDS_AT_ONCE):
                self._apply("delete", ids)
        self._hide(self._hidden - versions)

    def _versions_of(self, document_id: DocumentId) -> set[int]:
        return set(self._ask("values", layout.VERSION, document_is(document_id)))

    def _hide(self, versions: frozenset[int] | set[int]) -> None:
        with self._turns:
            self._hidden = frozenset(versions)

    def _apply(self, method: str, *arguments: Any) -> None:
        with self._turns:
            self._answer(method, *arguments)
            if self._journal is not None:
                self._journal.append((method, arguments))

    def _ask(self, method: str, *arguments: Any) -> Any:
        with self._turns:
            return self._answer(method, *arguments)

    def _answer(self, method: str, *arguments: Any) -> Any:
        """Only for who has the turn. A process that died is replaced and asked again: every request may be repeated."""
        if self._is_closed:
            raise Conflict(f"The index in {self._generations.folder} is closed.", code="index_closed")
        try:
            if not self._is_mended:
                self._mend()
            return self._process.call(method, *arguments)
        except ShardProcessDied:
            self._process.kill()
            self._process = self._start(self._process.folder.parent)
            return self._process.call(method, *arguments)

    def _mend(self) -> None:
        """Undoes what a killed process left half done: a publication without its head, a version without its end."""
        call = self._process.call
        heads: list[tuple[str, int, int, int]] = call("heads", _PUBLISHED)
        whole = {version_id for _, version_id, _, _ in heads}
        for version_id in set(call("values", layout.VERSION, _PUBLISHED)) - whole:
            call("set_fields", call("ids", version_is(version_id)), {layout.PUBLISHED: 0, layout.HEAD: 0})
        latest: dict[str, tuple[int, int]] = {}
        for document_id, version_id, _, sequence in heads:
            latest[document_id] = max(latest.get(document_id, (0, 0)), (sequence, version_id))
        for document_id, version_id, _, _ in heads:
            if latest[document_id][1] != version_id:
                call("delete", call("ids", version_is(version_id)))
        self._is_mended = True

    def _sync(self) -> None:
        sync_log(self._process.folder)

    def _optimise(self) -> bool:
        if not self._is_worth_optimising():
            return False
        fresh = self._generations.begin()
        try:
            with self._writing:
                shutil.copytree(self._process.folder.parent, fresh, dirs_exist_ok=True)
                self._journal = []
            optimise_in_process(fresh / "shard", self._manifest.dimensions, self._graph_from)
            self._swap(fresh)
        except BaseException as error:
            self._journal = None
            shutil.rmtree(fresh, ignore_errors=True)
            if isinstance(error, OSError):
                raise StorageError(
                    f"The index could not be copied to be optimised: {error}.",
                    hint=f"It needs as much room again in {self._generations.folder}. Searching goes on meanwhile.",
                ) from error
            raise
        return True

    def _start(self, generation: Path) -> ShardProcess:
        return ShardProcess(generation / "shard", self._manifest.dimensions, self._graph_from)

    def _is_worth_optimising(self) -> bool:
        points: int
        indexed: int
        points, indexed = self._ask("size")
        in_graph = indexed - points  # the engine counts both vectors of a point, and all of the sparse ones
        if points - in_graph > self._graph_from or self._log_size() > _LONG_LOG:
            return True
        deleted = in_graph - points  # at least so many
        return deleted > max(self._graph_from * _TOO_MANY_DELETED, points * _TOO_MANY_DELETED)

    def _log_size(self) -> int:
        return sum(file.stat().st_size for file in (self._process.folder / "wal").iterdir())

    def _swap(self, fresh: Path) -> None:
        """Searches go on with the old shard until the last moment; only writing waits while the pointer is turned."""
        process = self._start(fresh)
        try:
            caught_up = _replay(process, list(self._journal or ()))
            sync_tree(fresh)
            for query in list(self._recent):
                process.call("search", query, self._hidden)
            with self._writing:
                _replay(process, (self._journal or [])[caught_up:])
                sync_log(process.folder)
                self._generations.make_current(fresh)
                with self._turns:
                    process, self._process = self._process, process
                self._journal = None
        finally:
            process.kill()
        self._generations.remove_others()


def _replay(process: ShardProcess, journal: Sequence[_Operation]) -> int:
    for method, arguments in journal:
        process.call(method, *arguments)
    return len(journal)


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
