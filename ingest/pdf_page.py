"""One page of a PDF, asked of an isolated child process that is given nothing but the file.

PDFium is a large program in C++ that reads what strangers wrote: it gets the same confinement as the converters, and
no process that holds anything else ever loads it.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from corpus.errors import DocumentError
from ingest.limits import MEBI, Limits

if TYPE_CHECKING:
    import pypdfium2

LIMITS = Limits(memory=768 * MEBI, cpu_seconds=20, wall_seconds=30.0)
_AT_ONCE = threading.BoundedSemaphore(2)
_IN_LINE = threading.BoundedSemaphore(16)  # at work and waiting: who opens a hundred pages takes no more threads
_BUSY = 20.0  # seconds that one waits for a turn
_NO_PAGE, _UNREADABLE = 3, 4  # exit statuses


def ask_child(path: Path, module: str, page: int, *arguments: int, largest: int) -> bytes:
    """What ``module.in_child(page, *arguments)`` writes, called in a child whose standard input is the file.

    ``largest`` is in bytes. Raises DocumentError: ``no_such_page``, ``corrupt``, ``timed_out``, ``busy``.
    """
    with _turn():
        answer, status, was_overdue = _run(path, module, (page, *arguments), largest)
    if status == 0 and len(answer) <= largest:
        return answer
    if status == _NO_PAGE:
        raise DocumentError(f"There is no page {page}.", code="no_such_page")
    if was_overdue or status == -24:  # SIGXCPU
        raise DocumentError(f"Page {page} takes too long to draw.", code="timed_out", hint="Open the original.")
    raise DocumentError(f"Page {page} cannot be drawn.", code="corrupt", hint="Open the original.")


@contextmanager
def _turn() -> Iterator[None]:
    """Raises DocumentError (``busy``) where too many wait, or one has waited long."""
    too_many = DocumentError("Too many pages are being drawn.", code="busy", hint="Try again in a moment.")
    if not _IN_LINE.acquire(blocking=False):
        raise too_many
    try:
        if not _AT_ONCE.acquire(timeout=_BUSY):
            raise too_many
        try:
            yield
        finally:
            _AT_ONCE.release()
    finally:
        _IN_LINE.release()


def _run(path: Path, module: str, arguments: tuple[int, ...], largest: int) -> tuple[bytes, int, bool]:
    with path.open("rb") as source:
        process = subprocess.Popen(  # noqa: S603
            [
                sys.executable,
                "-I",
                "-c",
                _CODE,
                json.dumps([folder or str(Path.cwd()) for folder in sys.path]),
                module,
                *map(str, arguments),
            ],
            stdin=source,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={
                name: os.environ[name]
                for name in ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT")
                if name in os.environ
            },
        )
    assert process.stdout is not None
    overdue = threading.Timer(LIMITS.wall_seconds, process.kill)
    overdue.start()
    try:
        answer = process.stdout.read(largest + 1)
        if len(answer) > largest:
            process.kill()
        status = process.wait()
    finally:
        was_overdue = not overdue.is_alive()
        overdue.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
    return answer, status, was_overdue


_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from importlib import import_module; "
    "import_module(sys.argv[2]).in_child(*map(int, sys.argv[3:]))"
)


def answer_with(page: int, answer: Callable[[pypdfium2.PdfPage], bytes]) -> NoReturn:
    """In the child: reads a PDF at standard input, writes what ``answer`` makes of the page, ends the process."""
    import pypdfium2  # loaded before the confinement, which forbids loading

    from ingest.isolation import guard

    guard.confine(LIMITS, ("/usr/share/fonts", "/usr/local/share/fonts"))
    status = _UNREADABLE
    try:
        with os.fdopen(0, "rb", closefd=False) as source:
            document = pypdfium2.PdfDocument(source.read())
        if not 1 <= page <= len(document):
            status = _NO_PAGE
        else:
            _write(answer(document[page - 1]))
            status = 0
    finally:
        os._exit(status)


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
