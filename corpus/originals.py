"""Originals: the bytes as they came, kept once under their SHA-256."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from corpus.datafolder import require_room, sync_folder, unusable
from corpus.errors import DocumentError, NotFound

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class Original:
    sha256: str
    size: int  # bytes


class Incoming:
    """A file on its way in, written piece by piece; :meth:`keep` or :meth:`discard` ends it.

    ``write`` and ``keep`` raise StorageError where the disk cannot take it, ``write`` DocumentError past ``max_bytes``.
    """

    def __init__(self, originals: Originals, folder: Path, max_bytes: int | None) -> None:
        self._originals = originals
        self._max_bytes = max_bytes
        self._temporary = folder / secrets.token_hex(16)
        self._digest = hashlib.sha256()
        self.size = 0
        try:
            self._file = self._temporary.open("xb")
        except OSError as error:
            raise unusable(folder, error) from error

    def write(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self._max_bytes is not None and self.size > self._max_bytes:
            raise DocumentError(
                f"The file is larger than {self._max_bytes / 1e6:.0f} MB.",
                code="too_large",
                hint="Split it, or ask the administrator to raise the limit.",
            )
        self._digest.update(chunk)
        try:
            self._file.write(chunk)
        except OSError as error:
            raise unusable(self._temporary, error) from error

    def keep(self) -> Original:
        """Durable on return."""
        original = Original(self._digest.hexdigest(), self.size)
        final = self._originals.path(original.sha256)
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._file.close()
            if final.exists():
                os.utime(final)  # so that :meth:`Originals.remove_old` leaves it to whoever registers it now
            else:
                final.parent.mkdir(exist_ok=True, mode=0o700)
                self._temporary.replace(final)
                sync_folder(final.parent)
        except OSError as error:
            raise unusable(self._temporary, error) from error
        finally:
            self.discard()
        return original

    def discard(self) -> None:
        """Doing it twice, or after :meth:`keep`, is no error."""
        self._file.close()
        self._temporary.unlink(missing_ok=True)


class Originals:
    """A folder of files named by content: ``ab/cdef...``. Safe for several processes at once."""

    def __init__(self, folder: Path, incoming: Path) -> None:
        self._folder = folder
        self._incoming = incoming

    def begin(self, *, max_bytes: int | None = None) -> Incoming:
        """Raises StorageError ``disk_full`` where the disk is nearly full."""
        require_room(self._incoming)
        return Incoming(self, self._incoming, max_bytes)

    def store(self, source: BinaryIO, *, max_bytes: int | None = None) -> Original:
        """Takes in a stream without holding it in memory; durable on return.

        Raises DocumentError ``too_large`` past ``max_bytes``, and StorageError where the disk cannot take it
        (``disk_full`` where it is nearly full).
        """
        incoming = self.begin(max_bytes=max_bytes)
        try:
            while chunk := source.read(CHUNK):
                incoming.write(chunk)
            return incoming.keep()
        finally:
            incoming.discard()

    def path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise NotFound("That is not the hash of an original.")
        return self._folder / sha256[:2] / sha256[2:]

    def remove(self, sha256: str) -> None:
        """Gone for good. The caller knows that no version needs it any more."""
        self.path(sha256).unlink(missing_ok=True)

    def remove_old(self, sha256: str, *, age: timedelta = timedelta(hours=1)) -> bool:
        """Gone, unless it was stored or stored again lately: somebody may be about to register it."""
        path = self.path(sha256)
        try:
            is_old = path.stat().st_mtime < time.time() - age.total_seconds()
        except FileNotFoundError:
            return False
        if is_old:
            self.remove(sha256)
        return is_old

    def remove_remains(self, *, age: timedelta = timedelta(days=1)) -> None:
        """Files on their way in whose process was killed, and the folder that a killed backup or restore worked in."""
        for left in self._incoming.iterdir():
            with suppress(FileNotFoundError):  # it has come in meanwhile
                if left.stat().st_mtime >= time.time() - age.total_seconds():
                    continue
                if left.is_dir():
                    shutil.rmtree(left)
                else:
                    left.unlink()

    def hashes(self) -> Iterator[str]:
        for folder in sorted(self._folder.iterdir()):
            if folder.is_dir() and len(folder.name) == 2:
                for file in sorted(folder.iterdir()):
                    yield folder.name + file.name
