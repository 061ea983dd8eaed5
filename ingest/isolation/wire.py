"""How a child answers: frames of one type byte, a length and a payload. The reader trusts nothing in them.

A child has read a file that may have taken it over, so that what it sends is data: no pickle, every value checked.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from operator import attrgetter
from typing import Any

from corpus.errors import DocumentError
from ingest.converted import Attachment, Block, BlockKind, ConvertedDocument
from ingest.limits import Limits

PROGRESS, ATTACHMENT, RESULT, ERROR = b"P", b"A", b"R", b"E"
_HEADER = struct.Struct("!cI")
_PROGRESS = struct.Struct("!qq")
_UNKNOWN_TOTAL = -1
_SURROGATE = re.compile("[\ud800-\udfff]")  # JSON can name what UTF-8 cannot hold
_OTHER_FRAMES = 10_000  # of progress that is not told in pages, and the result
_BLOCK_OVERHEAD = 128  # bytes of JSON around a block's text
_of_block = attrgetter(*(field.name for field in fields(Block)))

CODES = frozenset(
    "encrypted corrupt empty too_large unsupported_type timed_out out_of_memory crashed no_text too_many_pages "
    "bomb".split()
)
"""What a conversion can end with, beside a document."""


class BadAnswer(Exception):
    """The child sent something that no honest child sends."""


def frame(kind: bytes, payload: bytes) -> bytes:
    return _HEADER.pack(kind, len(payload)) + payload


def progress_frame(done: int, total: int | None) -> bytes:
    return frame(PROGRESS, _PROGRESS.pack(done, _UNKNOWN_TOTAL if total is None else total))


def error_frame(error: DocumentError) -> bytes:
    told = {"code": error.code, "message": error.message[:1000], "hint": error.hint}
    return frame(ERROR, json.dumps(told).encode())


def document_frames(document: ConvertedDocument) -> Iterator[bytes]:
    """The document as frames: each attachment's content, then the rest as JSON."""
    for attachment in document.attachments:
        yield frame(ATTACHMENT, attachment.content)
    told: dict[str, Any] = {
        name: getattr(document, name)
        for name in ("media_type", "title", "author", "language", "pages", "metadata", "warnings")
    }
    told["created"] = document.created.isoformat() if document.created else None
    told["attachments"] = [attachment.name for attachment in document.attachments]
    told["blocks"] = [_of_block(block) for block in document.blocks]
    # Escaped beyond ASCII a text takes up to twelve bytes a character; as UTF-8 four.
    yield frame(RESULT, json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", errors="replace"))


def most_bytes(limits: Limits) -> int:
    """More than any honest answer within the limits takes."""
    blocks = min(limits.blocks, limits.characters)
    return 4 * limits.characters + _BLOCK_OVERHEAD * blocks + limits.attachment_size + 16 * 1024 * 1024


def read_answer(
    read: Callable[[int], bytes], limits: Limits, on_progress: Callable[[int, int | None], None] | None
) -> ConvertedDocument | DocumentError | None:
    """The document or the error that the child sent; None where it ended without saying anything.

    ``read(n)`` gives up to n bytes, none at the end. Raises ``BadAnswer``.
    """
    left = most_bytes(limits)
    frames_left = limits.pages + limits.attachments + _OTHER_FRAMES
    attachments: list[bytes] = []
    while header := _read_exactly(read, _HEADER.size, may_end=True):
        kind, length = _HEADER.unpack(header)
        left -= _HEADER.size + length
        frames_left -= 1
        if left < 0 or frames_left < 0:
            raise BadAnswer("too long")
        payload = _read_exactly(read, length)
        if kind == PROGRESS and length == _PROGRESS.size:
            done, total = _PROGRESS.unpack(payload)
            if on_progress is not None:
                on_progress(done, None if total == _UNKNOWN_TOTAL else total)
        elif kind == ATTACHMENT and len(attachments) < limits.attachments:
            attachments.append(payload)
        elif kind == RESULT:
            return _document(_json(payload), attachments)
        elif kind == ERROR:
            return _error(_json(payload))
        else:
            raise BadAnswer(f"a frame {kind!r} of {length} bytes")
    return None


def _read_exactly(read: Callable[[int], bytes], count: int, *, may_end: bool = False) -> bytes:
    parts: list[bytes] = []
    missing = count
    while missing:
        part = read(min(missing, 1 << 20))
        if not part:
            if may_end and missing == count:
                return b""
            raise BadAnswer("cut short")
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)


def _json(payload: bytes) -> dict[str, Any]:
    try:
        value = json.loads(payload)
    except (ValueError, RecursionError) as error:
        raise BadAnswer("not JSON") from error
    if not isinstance(value, dict):
        raise BadAnswer("not an object")
    return value


def _error(told: dict[str, Any]) -> DocumentError:
    code, message = _text(told.get("code")), _text(told.get("message"))
    return DocumentError(message, code=code if code in CODES else "corrupt", hint=_text_or_none(told.get("hint")))


def _document(told: dict[str, Any], contents: list[bytes]) -> ConvertedDocument:
    names = [_text(name) for name in _list(told.get("attachments"))]
    if len(names) != len(contents):
        raise BadAnswer("attachments without a name")
    created = _text_or_none(told.get("created"))
    try:
        day = date.fromisoformat(created) if created else None
    except ValueError as error:
        raise BadAnswer("not a date") from error
    return ConvertedDocument(
        media_type=_text(told.get("media_type")),
        blocks=tuple(_block(item) for item in _list(told.get("blocks"))),
        title=_text_or_none(told.get("title")),
        author=_text_or_none(told.get("author")),
        created=day,
        language=_text_or_none(told.get("language")),
        pages=_number_or_none(told.get("pages")),
        attachments=tuple(Attachment(name, content) for name, content in zip(names, contents, strict=True)),
        metadata=tuple(_pair(item) for item in _list(told.get("metadata"))),
        warnings=tuple(_text(item) for item in _list(told.get("warnings"))),
    )


def _block(item: Any) -> Block:
    fields = _list(item)
    if len(fields) != 7:
        raise BadAnswer("not a block")
    text, kind, level, page, sheet, row, language = fields
    try:
        known = BlockKind(kind)
    except ValueError as error:
        raise BadAnswer("no kind of block") from error
    return Block(
        _text(text),
        known,
        _number_or_none(level),
        _number_or_none(page),
        _text_or_none(sheet),
        _number_or_none(row),
        _text_or_none(language),
    )


def _pair(item: Any) -> tuple[str, str]:
    pair = _list(item)
    if len(pair) != 2:
        raise BadAnswer("not a pair")
    return _text(pair[0]), _text(pair[1])


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise BadAnswer("not a list")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str) or _SURROGATE.search(value):
        raise BadAnswer("not text")
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _number_or_none(value: Any) -> int | None:
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise BadAnswer("not a number")
    return value
