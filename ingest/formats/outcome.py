"""Checks that every format makes of what it has read."""

from __future__ import annotations

from corpus.errors import DocumentError
from ingest.formats.blocks import Blocks


def require_text(blocks: Blocks, *, hint: str, message: str = "It holds no text.") -> None:
    """Raise ``DocumentError`` (no_text) where nothing was found to search in."""
    if not len(blocks):
        raise DocumentError(message, code="no_text", hint=hint)
