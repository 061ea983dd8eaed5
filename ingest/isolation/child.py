"""What happens in the child: give up what is not needed, tell the type, convert, answer, end."""

from __future__ import annotations

import logging
import os
import sys
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.errors import DocumentError
from ingest.converted import ConvertedDocument
from ingest.formats.registry import Format
from ingest.formats.source import Source
from ingest.formats.unreadable import refusal
from ingest.isolation import guard, landlock, wire
from ingest.limits import Limits
from ingest.media_type import media_type_of

NO_MEMORY_LEFT = 77  # exit status: even to say so took more memory than there was


@dataclass(frozen=True, slots=True)
class Task:
    """One file to convert, as the parent asks for it."""

    file_name: str
    limits: Limits

    @classmethod
    def from_json(cls, told: dict[str, Any]) -> Task:
        return cls(told["file_name"], Limits(**told["limits"]))


@dataclass(frozen=True, slots=True)
class Kit:
    """What every child of one converter has."""

    formats: tuple[Format, ...]
    readable: tuple[str, ...]  # folders that it may import from

    @classmethod
    def of(cls, formats: Sequence[Format]) -> Kit:
        packages = ("ingest", "corpus", *(known.module for known in formats))
        return cls(tuple(formats), landlock.library_folders(packages))


def run(task: Task, kit: Kit, *, source: int, answer: int) -> None:
    """Convert the file open at descriptor ``source``, answer at descriptor ``answer``, end the process."""
    status = 1
    try:
        warnings.simplefilter("ignore")
        logging.disable(logging.CRITICAL)
        guard.confine(task.limits, kit.readable)
        answered = _answer_frames(task, kit.formats, source, lambda part: _write(answer, part))
        for part in answered:
            _write(answer, part)
        status = 0
    except MemoryError:
        status = NO_MEMORY_LEFT
    finally:
        os._exit(status)  # no clean-up: what the file's bytes have built is not run again


def _answer_frames(
    task: Task, formats: Sequence[Format], source: int, send: Callable[[bytes], None]
) -> Sequence[bytes]:
    try:
        with os.fdopen(source, "rb") as stream:
            document = convert_stream(
                Source(stream, task.file_name, task.limits, lambda done, total: send(wire.progress_frame(done, total))),
                formats,
            )
        return list(wire.document_frames(document))
    except DocumentError as error:
        told = error
    except MemoryError:
        told = DocumentError(
            f"It takes more than {task.limits.memory // 2**20} MB of memory to read.",
            code="out_of_memory",
            hint="Split it, or save it anew without its pictures.",
        )
    except RecursionError:
        told = DocumentError("It is nested too deeply to be read.", code="corrupt")
    except guard.NotAllowed as error:
        told = DocumentError(f"Reading it led to {error}, which no document needs.", code="corrupt")
    except Exception as error:  # what a library raises over a damaged file can be anything
        told = DocumentError(
            f"It is damaged, or not what it says it is ({type(error).__name__}: {str(error)[:200]}).",
            code="corrupt",
            hint="Open it where it was made and save it again.",
        )
    return [wire.error_frame(told)]


def convert_stream(source: Source, formats: Sequence[Format]) -> ConvertedDocument:
    """Tell the type of the file by its content and convert it, in this process. It may raise anything."""
    media_type = media_type_of(source.stream, file_name=source.file_name)
    known = next((candidate for candidate in formats if candidate.media_type == media_type), None)
    if known is None:
        raise refusal(media_type, file_name=source.file_name)
    return known.load()(source)


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def silence() -> None:
    """Let nothing that a library prints reach the terminal or the answer."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    os.close(nowhere)
    sys.stdout = sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
