"""Receiving a form with files: each goes to the disk as it comes, so that memory stays small whatever is sent."""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from corpus.documents import Failure
from corpus.errors import BadInput, DocumentError
from corpus.originals import Incoming, Original, Originals

HEAD = 64 * 1024  # bytes, enough to tell what a file is
AT_ONCE = 256 * 1024  # bytes that are parsed and written together
MOST_FILES = 100
MOST_FIELDS = 10
LONGEST_FIELD = 64 * 1024  # bytes
LONGEST_NAME = 200  # characters
PATIENCE = 60.0  # seconds without a byte


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """``original`` is None where the file was refused while it came; ``failure`` says why."""

    name: str  # data, never a path
    head: bytes = field(repr=False)
    original: Original | None
    failure: Failure | None = None


@dataclass(frozen=True, slots=True)
class Form:
    files: tuple[ReceivedFile, ...]
    fields: dict[str, str]


async def receive_form(request: Request, originals: Originals, *, max_file: int) -> Form:
    """Files are parts called ``file``; at most ``max_file`` bytes of each are taken.

    Raises BadInput for what is no form, or one of too many parts. What had come by then is thrown away.
    """
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise BadInput("Send a form (multipart/form-data).", code="no_form", hint="Put each file into a part `file`.")
    try:
        receiver = _Receiver(boundary, originals, max_file)
    except FormParserError as error:
        raise _bad_form(error) from error
    try:
        async for chunk in _gathered(request):
            await run_in_threadpool(receiver.feed, chunk)
        return await run_in_threadpool(receiver.finish)
    finally:
        await run_in_threadpool(receiver.close)


async def _gathered(request: Request) -> AsyncIterator[bytes]:
    """The body in pieces worth a thread's turn. Raises BadInput where the sender falls asleep."""
    gathered = bytearray()
    pieces = request.stream()
    with suppress(StopAsyncIteration):
        while True:
            try:
                gathered += await asyncio.wait_for(anext(pieces), PATIENCE)
            except TimeoutError:
                raise BadInput("The upload stopped half-way.", code="upload_stopped", hint="Send it again.") from None
            if len(gathered) >= AT_ONCE:
                yield bytes(gathered)
                gathered.clear()
    if gathered:
        yield bytes(gathered)


class _Receiver:
    """The parser's callbacks. Its methods are called from one thread at a time."""

    def __init__(self, boundary: bytes, originals: Originals, max_file: int) -> None:
        self._originals = originals
        self._max_file = max_file
        self._files: list[ReceivedFile] = []
        self._fields: dict[str, str] = {}
        self._header_name = b""
        self._header_value = b""
        self._disposition = b""
        self._field = ""
        self._name: str | None = None
        self._text = bytearray()
        self._head = bytearray()
        self._incoming: Incoming | None = None
        self._failure: Failure | None = None
        self._is_whole = False
        self._parts = 0
        self._parser = MultipartParser(
            boundary,
            {
                "on_part_begin": self._begin,
                "on_header_field": self._on_header_field,
                "on_header_value": self._on_header_value,
                "on_header_end": self._end_header,
                "on_headers_finished": self._end_headers,
                "on_part_data": self._data,
                "on_part_end": self._end,
                "on_end": self._finished,
            },
        )

    def feed(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as error:
            raise _bad_form(error) from error

    def finish(self) -> Form:
        try:
            self._parser.finalize()
        except FormParserError as error:
            raise _bad_form(error) from error
        if not self._is_whole:
            raise BadInput("The form ends half-way.", code="bad_form", hint="Send it again.")
        return Form(tuple(self._files), self._fields)

    def close(self) -> None:
        if self._incoming is not None:
            self._incoming.discard()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_FILES + MOST_FIELDS:
            raise BadInput(
                f"The form has more than {MOST_FILES} files.", code="too_many_parts", hint="Send them in several forms."
            )
        self._disposition = b""

    def _on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]

    def _on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]

    def _end_header(self) -> None:
        if self._header_name.lower() == b"content-disposition":
            self._disposition = self._header_value
        self._header_name = self._header_value = b""

    def _end_headers(self) -> None:
        _, options = parse_options_header(self._disposition.decode("latin-1"))
        self._field = options.get(b"name", b"").decode("utf-8", errors="replace")
        name = options.get(b"filename")
        self._name = None if name is None else clean_name(name.decode("utf-8", errors="replace"))
        self._text.clear()
        self._head.clear()
        self._failure = None
        if self._name is None:
            if len(self._fields) >= MOST_FIELDS:
                raise BadInput(f"The form has more than {MOST_FIELDS} fields.", code="too_many_parts")
            return
        if self._field != "file":
            raise BadInput(f"A file is in a part called {self._field[:50]!r}.", code="bad_form", hint="Call it `file`.")
        if len(self._files) >= MOST_FILES:
            raise BadInput(f"The form has more than {MOST_FILES} files.", code="too_many_parts")
        self._incoming = self._originals.begin(max_bytes=self._max_file)

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name is None:
            self._text += data[start:end]
            if len(self._text) > LONGEST_FIELD:
                raise BadInput(f"The field {self._field[:50]!r} is too long.", code="bad_form")
            return
        if self._incoming is None:
            return  # refused already; its remaining bytes are read and forgotten
        if len(self._head) < HEAD:
            self._head += data[start : min(end, start + HEAD - len(self._head))]
        try:
            self._incoming.write(data[start:end])
        except DocumentError as error:
            self._incoming.discard()
            self._incoming = None
            self._failure = Failure(error.code, error.message, error.hint)

    def _end(self) -> None:
        if self._name is None:
            try:
                self._fields[self._field] = self._text.decode()
            except UnicodeDecodeError:
                raise BadInput(f"The field {self._field[:50]!r} is no UTF-8 text.", code="not_text") from None
            return
        original = None
        if self._incoming is not None:
            if self._incoming.size == 0:
                self._failure = Failure(
                    "empty", "It is empty (0 bytes).", "Check that it was sent or copied to its end."
                )
                self._incoming.discard()
            else:
                original = self._incoming.keep()
            self._incoming = None
        self._files.append(ReceivedFile(self._name, bytes(self._head), original, self._failure))

    def _finished(self) -> None:
        self._is_whole = True


def clean_name(given: str) -> str:
    """What the sender calls the file, as a line of text: its last part, without what no screen shows."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rsplit("/", 1)[-1]
    name = "".join(char for char in name if char.isprintable()).strip()
    if len(name) > LONGEST_NAME:
        stem, dot, suffix = name.rpartition(".")
        name = f"{stem[: LONGEST_NAME - 11]}{dot}{suffix[:10]}" if stem else name[:LONGEST_NAME]
    return name if name.strip(".") else "document"


def _bad_form(error: FormParserError) -> BadInput:
    return BadInput(f"The form could not be read: {error}.", code="bad_form")
