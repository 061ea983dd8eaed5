"""How the tests of formats read a file: its type told by its content, its format found in the registry."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO

import pytest

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.registry import FORMATS
from ingest.formats.source import Source
from ingest.isolation.child import convert_stream
from ingest.limits import Limits


def read(data: bytes | str, name: str = "file", limits: Limits | None = None) -> ConvertedDocument:
    """Convert in this process: what a file says is the same in the child."""
    content = data.encode() if isinstance(data, str) else data
    return convert_stream(Source(BytesIO(content), name, limits or Limits()), FORMATS)


def refuse(data: bytes | str, name: str = "file", limits: Limits | None = None) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read(data, name, limits)
    return caught.value


def texts(document: ConvertedDocument, *kinds: BlockKind) -> list[str]:
    return [block.text for block in document.blocks if not kinds or block.kind in kinds]


def kinds(document: ConvertedDocument) -> list[tuple[str, str]]:
    return [(block.kind.value, block.text) for block in document.blocks]


def headings(document: ConvertedDocument) -> list[tuple[int | None, str]]:
    return [(block.level, block.text) for block in document.blocks if block.kind is BlockKind.HEADING]


def table(document: ConvertedDocument) -> tuple[list[str], list[str]]:
    """The headers and the rows of all tables."""
    return texts(document, BlockKind.TABLE_HEADER), texts(document, BlockKind.TABLE_ROW)


def joined(parts: Sequence[str]) -> str:
    return "\n".join(parts)
