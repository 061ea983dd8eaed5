"""What one file may cost. Reaching a limit is that file's error, with a code; nothing is cut off in silence."""

from __future__ import annotations

from dataclasses import dataclass

MEBI = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Limits of one conversion. Sizes in bytes, times in seconds."""

    file_size: int = 100 * MEBI
    memory: int = 1024 * MEBI  # that the conversion may take on top of the interpreter and the libraries
    cpu_seconds: int = 120
    wall_seconds: float = 180.0
    pages: int = 3000  # of a PDF, slides of a presentation
    unpacked_size: int = 500 * MEBI  # of all parts of a zip-based file together
    compression_ratio: int = 200  # unpacked to packed, of any part beyond a mebibyte
    zip_entries: int = 20_000
    characters: int = 20_000_000  # of the text that comes out
    blocks: int = 1_000_000
    table_rows: int = 200_000  # of a workbook or a CSV file, all sheets together
    attachments: int = 100
    attachment_size: int = 50 * MEBI  # of all attachments of a message together
    nesting: int = 100  # of parts of a message; of groups of shapes
