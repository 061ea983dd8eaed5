"""Where each character of a PDF's page stands, to mark a passage on the page's picture."""

from __future__ import annotations

import json
from ctypes import c_int
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpus.errors import DocumentError
from ingest.limits import MEBI
from ingest.pdf_page import answer_with, ask_child

if TYPE_CHECKING:
    import pypdfium2

LARGEST = 8 * MEBI  # bytes of the answer
MOST = 60_000  # characters of a page; those beyond are not told
SCALE = 20_000  # the page's width and height in the child's answer


@dataclass(frozen=True, slots=True)
class Box:
    """Fractions of the page's width and height as it is shown, from its left and top edge."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Character:
    text: str  # one, or what a ligature stands for
    box: Box


def read_page(path: Path, page: int) -> list[Character]:
    """The characters of the page (1-based) that are no spaces, in the order of the page's content.

    Raises DocumentError: ``no_such_page``, ``corrupt``, ``timed_out``, ``busy``.
    """
    answer = ask_child(path, __name__, page, largest=LARGEST)
    try:
        return [_character(each) for each in json.loads(answer)]
    except (ValueError, TypeError, RecursionError) as error:  # the child has read what strangers wrote
        raise DocumentError(f"The text of page {page} cannot be read.", code="corrupt") from error


def _character(told: Any) -> Character:
    text, *edges = told
    if not isinstance(text, str) or len(edges) != 4 or not all(type(edge) is int for edge in edges):
        raise ValueError("not a character")
    left, top, right, bottom = (min(max(edge / SCALE, 0.0), 1.0) for edge in edges)
    return Character(text, Box(min(left, right), min(top, bottom), max(left, right), max(top, bottom)))


def in_child(page: int) -> None:
    """Reads a PDF at standard input, writes JSON to standard output, ends the process."""
    answer_with(page, _read)


def _read(page: pypdfium2.PdfPage) -> bytes:
    from pypdfium2 import raw

    text = page.get_textpage()
    told: list[list[Any]] = []
    across, down = c_int(), c_int()

    def shown(x: float, y: float) -> tuple[int, int]:
        """The page may be turned and cropped."""
        raw.FPDF_PageToDevice(page, 0, 0, SCALE, SCALE, 0, x, y, across, down)
        return across.value, down.value

    for index in range(min(text.count_chars(), MOST)):
        char = chr(raw.FPDFText_GetUnicode(text, index))
        if char.isspace() or not char.isprintable():
            continue
        left, bottom, right, top = text.get_charbox(index, loose=True)
        told.append([char, *shown(left, top), *shown(right, bottom)])
    return json.dumps(told).encode()
