"""Convert a file in a child process of its own, and say in one way how it went."""

from __future__ import annotations

import atexit
import os
import signal
import stat
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus.errors import DocumentError
from ingest.converted import ConvertedDocument
from ingest.formats.registry import FORMATS, Format
from ingest.isolation import wire
from ingest.isolation.child import NO_MEMORY_LEFT, Task
from ingest.isolation.running import ConverterUnavailable, Ending, Running, StarterLost
from ingest.isolation.starters import Starter, starter_for_this_system
from ingest.limits import Limits

OnProgress = Callable[[int, int | None], None]
"""Called with pages (or sheets, or parts) done, and of how many, or None where that is not known."""

_ATTEMPTS = 2
_OVERDUE_HINT = "Split it, or save it anew: a file this slow to read is usually damaged."


class Converter:
    """Converts files, each in an isolated child. Thread-safe; several conversions may be under way at once.

    It keeps one small process from which children are forked; ``close()``, or leaving its ``with`` block, ends that and
    every child. It starts with the first file.
    """

    def __init__(
        self,
        formats: Sequence[Format] = FORMATS,
        *,
        start: Callable[[Sequence[Format]], Starter] = starter_for_this_system,
    ) -> None:
        self._formats = tuple(formats)
        self._start = start
        self._lock = threading.Lock()
        self._starter: Starter | None = None
        self._closed = False
        self._owner = 0  # the process that the starter belongs to: after a fork of it, it is another's

    def convert(
        self, path: Path, *, file_name: str, limits: Limits | None = None, on_progress: OnProgress | None = None
    ) -> ConvertedDocument:
        """The text and facts of the file at ``path``; its type is told from its content.

        ``file_name`` is what its sender calls it: data, never a path. ``on_progress`` is called in this thread. Raises
        ``DocumentError`` with a code of ``wire.CODES``, or ``unreadable`` where the file cannot be opened; and
        ``ConverterUnavailable``, which is no fault of the file's.
        """
        limits = limits or Limits()
        source = _open(path, file_name, limits)
        try:
            return self._convert(Task(file_name, limits), source, on_progress)
        finally:
            os.close(source)

    def close(self) -> None:
        """End the process kept and every child; what is being converted ends with ``ConverterUnavailable``."""
        with self._lock:
            self._closed = True
            starter = self._starter
        self._forget(starter)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _convert(self, task: Task, source: int, on_progress: OnProgress | None) -> ConvertedDocument:
        lost: list[str] = []
        for _ in range(_ATTEMPTS):
            starter = self._ready_starter()
            try:
                os.lseek(source, 0, os.SEEK_SET)
                return self._attempt(starter, task, source, on_progress)
            except StarterLost as error:
                self._forget(starter)
                lost.append(str(error))
        raise DocumentError(
            f"{task.file_name}: the process that converts files was lost {len(lost)} times ({lost[-1]}).",
            code="crashed",
            hint="Try again; if it comes back, look at the memory of this machine.",
        )

    def _ready_starter(self) -> Starter:
        with self._lock:
            if self._closed:
                raise ConverterUnavailable("The converter is closed.", hint="Try again once the service has started.")
            if self._starter is None or self._owner != os.getpid():
                self._starter, self._owner = self._start(self._formats), os.getpid()
            return self._starter

    def _forget(self, starter: Starter | None) -> None:
        """End this starter; another thread may have replaced it already."""
        with self._lock:
            if self._starter is starter:
                self._starter = None
            ours = self._owner == os.getpid()
        if starter is not None and ours:
            starter.close()

    def _attempt(self, starter: Starter, task: Task, source: int, on_progress: OnProgress | None) -> ConvertedDocument:
        running = starter.start(task, source)
        try:
            answer = _answer_of(running, task.limits, on_progress)
            if isinstance(answer, ConvertedDocument):
                return answer
            error = answer if answer is not None else _error_of(running.wait(), task.limits)
        finally:
            running.close()
        raise DocumentError(f"{task.file_name}: {error.message}", code=error.code, hint=error.hint)


def _answer_of(
    running: Running, limits: Limits, on_progress: OnProgress | None
) -> ConvertedDocument | DocumentError | None:
    try:
        return wire.read_answer(running.read, limits, on_progress)
    except wire.BadAnswer as error:
        running.stop()
        ending = running.wait()
        if ending.signal not in (None, signal.SIGKILL) or ending.overdue or ending.status == NO_MEMORY_LEFT:
            return _error_of(ending, limits)
        return DocumentError(f"Reading it went wrong: the answer was {error}.", code="crashed", hint=_OVERDUE_HINT)
    except TimeoutError:
        return _overdue(limits)


def _error_of(ending: Ending, limits: Limits) -> DocumentError:
    """What it means that a child ended in this way without an answer."""
    if ending.overdue:
        return _overdue(limits)
    if ending.status == NO_MEMORY_LEFT:
        return _out_of_memory(limits)
    if ending.signal is None:
        return DocumentError(f"Reading it ended with status {ending.status} and no answer.", code="crashed", hint=None)
    if ending.signal == getattr(signal, "SIGXCPU", None):
        return DocumentError(
            f"Reading it takes more than {limits.cpu_seconds} seconds of computing.",
            code="timed_out",
            hint=_OVERDUE_HINT,
        )
    if ending.signal == getattr(signal, "SIGKILL", None):  # not by us: the kernel ran out of memory
        return _out_of_memory(limits)
    name = signal.Signals(ending.signal).name if ending.signal in list(signal.Signals) else str(ending.signal)
    return DocumentError(
        f"Reading it crashed the program that reads ({name}).",
        code="crashed",
        hint="Open it where it was made and save it again, or as PDF.",
    )


def _overdue(limits: Limits) -> DocumentError:
    return DocumentError(
        f"Reading it takes more than {limits.wall_seconds:g} seconds.", code="timed_out", hint=_OVERDUE_HINT
    )


def _out_of_memory(limits: Limits) -> DocumentError:
    return DocumentError(
        f"It takes more than {limits.memory // 2**20} MB of memory to read.",
        code="out_of_memory",
        hint="Split it, or save it anew without its pictures.",
    )


def _open(path: Path, file_name: str, limits: Limits) -> int:
    """A descriptor of the file, once it is known to be one of a size that is taken."""
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)  # a pipe's writer may never come
    try:
        source = os.open(path, flags)
    except OSError as error:
        raise DocumentError(
            f"{file_name}: it cannot be opened ({error.strerror}).",
            code="unreadable",
            hint="Check that it is there and may be read.",
        ) from error
    status = os.fstat(source)
    problem = _problem_of(status, limits)
    if problem is not None:
        os.close(source)
        raise DocumentError(f"{file_name}: {problem.message}", code=problem.code, hint=problem.hint)
    return source


def _problem_of(status: os.stat_result, limits: Limits) -> DocumentError | None:
    if not stat.S_ISREG(status.st_mode):
        return DocumentError("It is not a file but a folder, a pipe or a device.", code="unsupported_type")
    if status.st_size == 0:
        return DocumentError(
            "It is empty (0 bytes).", code="empty", hint="Check that it was sent or copied to its end."
        )
    if status.st_size > limits.file_size:
        return DocumentError(
            f"It has {status.st_size / 2**20:.0f} MB; at most {limits.file_size / 2**20:.0f} MB are taken.",
            code="too_large",
            hint="Split it, or save it anew with smaller pictures.",
        )
    return None


_default = Converter()
atexit.register(_default.close)


def convert_isolated(
    path: Path, *, file_name: str, limits: Limits | None = None, on_progress: OnProgress | None = None
) -> ConvertedDocument:
    """``Converter.convert`` with the converter that this process keeps."""
    return _default.convert(path, file_name=file_name, limits=limits, on_progress=on_progress)
