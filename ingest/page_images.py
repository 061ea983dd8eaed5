"""A page of a PDF as a picture, drawn in an isolated child process that is given nothing but the file.

PDFium is a large program in C++ that reads what strangers wrote: it gets the same confinement as the converters, and
no process that holds anything else ever loads it.
"""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import threading
import zlib
from pathlib import Path
from typing import IO

from corpus.errors import DocumentError
from ingest.limits import MEBI, Limits

LIMITS = Limits(memory=768 * MEBI, cpu_seconds=20, wall_seconds=30.0)
WIDTHS = (320, 640, 960, 1280, 1920)  # pixels
TALLEST = 4.0  # times the width: beyond that a page is drawn smaller
LARGEST = 40 * MEBI  # bytes of a picture
_AT_ONCE = threading.BoundedSemaphore(2)
_BUSY = 20.0  # seconds that one waits for a turn
_NO_PAGE, _UNREADABLE = 3, 4  # exit statuses


def draw_page(path: Path, page: int, width: int) -> bytes:
    """The page (1-based) as PNG, ``width`` pixels wide.

    Raises DocumentError: ``no_such_page``, ``corrupt``, ``timed_out``, ``out_of_memory``, ``busy``.
    """
    if not _AT_ONCE.acquire(timeout=_BUSY):
        raise DocumentError("Too many pages are being drawn.", code="busy", hint="Try again in a moment.")
    try:
        with path.open("rb") as source:
            return _draw(source, page, width)
    finally:
        _AT_ONCE.release()


def _draw(source: IO[bytes], page: int, width: int) -> bytes:
    process = subprocess.Popen(  # noqa: S603
        [
            sys.executable,
            "-I",
            "-c",
            _CODE,
            json.dumps([path or str(Path.cwd()) for path in sys.path]),
            str(page),
            str(width),
        ],
        stdin=source,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT") if name in os.environ
        },
    )
    assert process.stdout is not None
    overdue = threading.Timer(LIMITS.wall_seconds, process.kill)
    overdue.start()
    try:
        picture = process.stdout.read(LARGEST + 1)
        if len(picture) > LARGEST:
            process.kill()
        status = process.wait()
    finally:
        was_overdue = not overdue.is_alive()
        overdue.cancel()
        process.kill()
        process.wait()
        process.stdout.close()
    if status == 0 and picture.startswith(_SIGNATURE):
        return picture
    if status == _NO_PAGE:
        raise DocumentError(f"There is no page {page}.", code="no_such_page")
    if was_overdue or status == -24:  # SIGXCPU
        raise DocumentError(f"Page {page} takes too long to draw.", code="timed_out", hint="Open the original.")
    raise DocumentError(f"Page {page} cannot be drawn.", code="corrupt", hint="Open the original.")


_CODE = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from ingest import page_images; "
    "page_images.draw_in_child(int(sys.argv[2]), int(sys.argv[3]))"
)


def draw_in_child(page: int, width: int) -> None:
    """Reads a PDF at standard input, writes a PNG to standard output, ends the process."""
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
            drawn = document[page - 1]
            across, down = drawn.get_size()
            scale = min(width / max(across, 1.0), TALLEST * width / max(down, 1.0))
            bitmap = drawn.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, draw_annots=True)
            _write(_png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels))
            status = 0
    finally:
        os._exit(status)


_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _png(pixels: bytes, width: int, height: int, stride: int, channels: int) -> bytes:
    """PNG (ISO/IEC 15948): one chunk of rows, each with the filter "none" before it."""
    colour = {1: 0, 3: 2, 4: 6}[channels]
    used = width * channels
    rows = b"".join(b"\x00" + pixels[row * stride : row * stride + used] for row in range(height))
    header = struct.pack("!IIBBBBB", width, height, 8, colour, 0, 0, 0)
    return _SIGNATURE + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 6)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))


def _write(data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(1, view) :]
