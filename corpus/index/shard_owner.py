"""The one shard that is asked, whichever process holds it just now."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np

from corpus.errors import Conflict
from corpus.index.mending import mend
from corpus.index.protocol import IndexQuery, WordsLeg
from corpus.index.shard import Found
from corpus.index.shard_process import ShardProcess, ShardProcessDied
from corpus.index.turns import Turns

Operation = tuple[str, tuple[Any, ...]]
"""A method of :class:`corpus.index.shard.Shard` that writes, and its arguments."""

_REMEMBERED = 16  # questions
_UNSEEN = frozenset({"write"})  # passages that are written are not found until they are published

log = logging.getLogger(__name__)


class ShardOwner:
    """Serves one request after the other, in the order in which they came. Safe for threads.

    A process that died is replaced and asked again: every request may be repeated.
    """

    def __init__(self, generation: Path, start: Callable[[Path], ShardProcess]) -> None:
        self._start = start
        self._process = start(generation)
        self._turns = Turns()
        self._hidden: frozenset[int] = frozenset()
        self._changes = 0  # of what may be found
        self._journal: list[Operation] | None = None
        self._recent: deque[IndexQuery] = deque(maxlen=_REMEMBERED)
        self._is_mended = False
        self._is_closed = False

    @property
    def generation(self) -> Path:
        return self._process.folder.parent

    @property
    def process_id(self) -> int:
        return self._process.pid

    def ask(self, method: str, *arguments: Any) -> Any:
        with self._turns:
            return self._answer(method, *arguments)

    def ask_for_found(self, method: str, *arguments: Any) -> Any:
        """A request to which the versions that are hidden at its turn are added."""
        with self._turns:
            return self._answer(method, *arguments, self._hidden)

    def search(self, query: IndexQuery, by_words: WordsLeg | None = None) -> Found:
        """What the words brought before a change is asked again: an answer shows one state of the index."""
        self._recent.append(query)
        with self._turns:
            found: Found | None = None
            if by_words is not None and by_words.changes == self._changes and query.dense is not None:
                found = self._answer("search_on", by_words.number, query.dense.astype(np.float32).tobytes())
            if found is None:
                found = self._answer("search", query, self._hidden)
            return found

    def by_words(self, query: IndexQuery) -> WordsLeg:
        with self._turns:
            number, scores = self._answer("by_words", query, self._hidden)
            return WordsLeg(scores, self._changes, number)

    def apply(self, method: str, *arguments: Any) -> None:
        """A write. While a copy is optimised it is noted as well."""
        with self._turns:
            if method not in _UNSEEN:
                self._changes += 1
            self._answer(method, *arguments)
            if self._journal is not None:
                self._journal.append((method, arguments))

    def hide(self, *, more: Iterable[int] = (), less: Iterable[int] = ()) -> None:
        """Versions that no search sees from now on, whatever their points say, and versions that are seen again."""
        with self._turns:
            self._changes += 1
            self._hidden = (self._hidden - set(less)) | set(more)

    def begin_journal(self) -> None:
        self._journal = []

    def drop_journal(self) -> None:
        self._journal = None

    def journal(self, start: int = 0) -> list[Operation]:
        with self._turns:
            return [] if self._journal is None else self._journal[start:]

    def recent(self) -> list[Operation]:
        """The latest searches, as requests."""
        with self._turns:
            return [("search", (query, self._hidden)) for query in self._recent]

    def exchange(self, process: ShardProcess) -> ShardProcess:
        """From the next request on this process is asked. Returns the one that was asked until now."""
        with self._turns:
            self._require_open()
            self._journal = None
            self._changes += 1
            process, self._process = self._process, process
            return process

    def close(self) -> None:
        """Lets the engine flush. May be called twice."""
        with self._turns:
            if self._is_closed:
                return
            self._is_closed = True
            try:
                self._process.close()
            except ShardProcessDied as error:
                # What was acknowledged is in the log, which the next opening replays. On a full disk, say, nothing
                # can be flushed, and that must not hide the error for which everything is being closed.
                log.warning("%s", error.message)

    def _answer(self, method: str, *arguments: Any) -> Any:
        """Only for who has the turn."""
        self._require_open()
        try:
            if not self._is_mended:
                mend(self._process.call)
                self._is_mended = True
            return self._process.call(method, *arguments)
        except ShardProcessDied:
            self._process.kill()
            self._process = self._start(self.generation)
            return self._process.call(method, *arguments)

    def _require_open(self) -> None:
        if self._is_closed:
            raise Conflict(f"The index in {self.generation.parent} is closed.", code="index_closed")
