"""A page of a PDF as a picture."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import DocumentError
from ingest.limits import MEBI
from ingest.pdf_page import answer_with, ask_child

if TYPE_CHECKING:
    import pypdfium2

WIDTHS = (320, 640, 960, 1280, 1920)  # pixels
TALLEST = 4.0  # times the width: beyond that a page is drawn smaller
LARGEST = 40 * MEBI  # bytes of a picture


def draw_page(path: Path, page: int, width: int) -> bytes:
    """The page (1-based) as PNG, ``width`` pixels wide.

    Raises DocumentError: ``no_such_page``, ``corrupt``, ``timed_out``, ``busy``.
    """
    picture = ask_child(path, __name__, page, width, largest=LARGEST)
    if not picture.startswith(_SIGNATURE):
        raise DocumentError(f"Page {page} cannot be drawn.", code="corrupt", hint="Open the original.")
    return picture


def in_child(page: int, width: int) -> None:
    """Reads a PDF at standard input, writes a PNG to standard output, ends the process."""
    answer_with(page, lambda drawn: _draw(drawn, width))


def _draw(page: pypdfium2.PdfPage, width: int) -> bytes:
    across, down = page.get_size()
    scale = min(width / max(across, 1.0), TALLEST * width / max(down, 1.0))
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False, draw_annots=True)
    return _png(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, bitmap.n_channels)


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
