"""Checks that every format makes of what it has read."""

from __future__ import annotations

from corpus.errors import DocumentError
from ingest.formats.blocks import Blocks


def require_text(blocks: Blocks, *, hint: str, message: str = "It holds no text.") -> None:
    """Raise ``DocumentError`` where nothing was found to search in: no_text, or corrupt if parts were damaged."""
    if not len(blocks):
        if damage := [warning for warning in blocks.warnings if warning.endswith("damaged.")]:
            raise DocumentError(
                f"Nothing of it can be read. {damage[0]}",
                code="corrupt",
                hint="Open it where it was made and save it again.",
            )
        raise DocumentError(message, code="no_text", hint=hint)
