"""The file as a format gets it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO

from ingest.limits import Limits


def _ignore_progress(done: int, total: int | None) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class Source:
    """The bytes of one file, seekable, and what may be spent on them. ``file_name`` is data, never a path."""

    stream: BinaryIO
    file_name: str
    limits: Limits = field(default_factory=Limits)
    progress: Callable[[int, int | None], None] = _ignore_progress  # pages, sheets or parts done, of how many

    def read(self) -> bytes:
        """All bytes; the size has been checked before a format is asked."""
        self.stream.seek(0)
        return self.stream.read()
