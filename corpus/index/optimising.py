"""Optimising the embedded index while everybody goes on with it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from corpus.errors import Conflict, IndexFailure, StorageError
from corpus.index.generations import Generations, sync_log, sync_tree
from corpus.index.shard_owner import Operation, ShardOwner
from corpus.index.shard_process import OptimisingProcess, ShardProcess
from corpus.index.turns import Turns

_TOO_MANY_DELETED = 0.2  # of the points
_LONG_LOG = 128 * 1024 * 1024  # bytes; two thirds of it may have to be replayed at the next load


class Optimiser:
    """Copies the shard, has another process optimise the copy, catches it up with what was written, goes on with it.

    Searching never waits for any of it. Writing waits while files are copied and while the pointer is turned.
    """

    def __init__(
        self,
        shard: ShardOwner,
        generations: Generations,
        writing: Turns,
        start: Callable[[Path], ShardProcess],
        start_optimising: Callable[[Path], OptimisingProcess],
        graph_from: int,
    ) -> None:
        self._shard = shard
        self._generations = generations
        self._writing = writing
        self._start = start
        self._start_optimising = start_optimising
        self._graph_from = graph_from
        self._at_work = threading.Lock()
        self._process: OptimisingProcess | None = None
        self._is_stopped = False

    def run(self) -> bool:
        """False where nothing is to be gained, or somebody is at it already."""
        if not self._at_work.acquire(blocking=False):
            return False
        try:
            if not self._is_worth_it():
                return False
            self._renew()
        finally:
            self._at_work.release()
        return True

    def stop(self) -> None:
        """Gives up what is under way, and returns when nothing of it is left."""
        self._is_stopped = True
        if process := self._process:
            process.kill()
        self._at_work.acquire()

    def _is_worth_it(self) -> bool:
        points: int
        indexed: int
        points, indexed = self._shard.ask("size")
        in_graph = indexed - points  # the engine counts both vectors of a point, and all of the sparse ones
        if points - in_graph > self._graph_from or self._log_size() > _LONG_LOG:
            return True
        deleted = in_graph - points  # at least so many
        return deleted > max(self._graph_from, points) * _TOO_MANY_DELETED

    def _log_size(self) -> int:
        return sum(file.stat().st_size for file in (self._shard.generation / "shard" / "wal").iterdir())

    def _renew(self) -> None:
        fresh = self._generations.begin()
        try:
            former = self._exchange(fresh)
        except BaseException as error:
            self._shard.drop_journal()
            shutil.rmtree(fresh, ignore_errors=True)
            if isinstance(error, OSError):
                raise StorageError(
                    f"The index could not be copied to be optimised: {error}.",
                    hint=f"It needs as much room again in {self._generations.folder}. Searching goes on meanwhile.",
                ) from error
            raise
        former.kill()
        self._generations.remove_others()

    def _exchange(self, fresh: Path) -> ShardProcess:
        """Makes the optimised copy the current generation, and returns the process that held the former one."""
        with self._writing:
            shutil.copytree(self._shard.generation, fresh, dirs_exist_ok=True)
            self._shard.begin_journal()
        self._optimise(fresh)
        process = self._start(fresh)
        try:
            journal = self._shard.journal()
            _replay(process, journal)
            sync_tree(fresh)
            _replay(process, self._shard.recent())  # what they read is at hand when the process is asked in earnest
            with self._writing:
                self._require_going_on()
                _replay(process, self._shard.journal(len(journal)))
                sync_log(process.folder)
                self._generations.make_current(fresh)
                return self._shard.exchange(process)
        except BaseException:
            process.kill()
            raise

    def _optimise(self, fresh: Path) -> None:
        self._process = self._start_optimising(fresh)
        if self._is_stopped:
            self._process.kill()
        try:
            self._process.wait()
        except IndexFailure:
            self._require_going_on()
            raise

    def _require_going_on(self) -> None:
        if self._is_stopped:
            raise Conflict("The index was closed while it was optimised.", code="index_closed")


def _replay(process: ShardProcess, operations: Sequence[Operation]) -> None:
    for method, arguments in operations:
        process.call(method, *arguments)
