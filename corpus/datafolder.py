"""The data folder: its layout, the version of its format, and the one process that owns it."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from filelock import FileLock, Timeout

from corpus.errors import DataFolderInUse, DataFolderTooNew, StorageError

ROOM = 64 * 2**20
"""Bytes that stay free. The index's engine dies on a full disk, and a database cannot even delete: a disk that is
nearly full is told of while everything still works."""

FORMAT = 1
"""Raised when an older Lonja could no longer read what a newer one wrote."""


class DataFolder:
    """Opened, it belongs to this process until :meth:`close`; unless it is not opened exclusively.

    Raises DataFolderInUse, DataFolderTooNew, StorageError.
    """

    def __init__(self, path: Path, *, exclusive: bool = True) -> None:
        self.path = path.expanduser().absolute()
        self._lock = FileLock(self.path / "lock", mode=0o600)
        try:
            for folder in (self.path, self.originals, self.incoming):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if exclusive:
                self._lock.acquire(timeout=0)
        except Timeout:
            raise DataFolderInUse(
                f"Another Lonja process is using the data folder {self.path}.",
                hint="Stop it, ask it over HTTP, or name another folder with LONJA_DATA.",
            ) from None
        except OSError as error:
            raise unusable(self.path, error) from error
        try:
            self._check_format()
        except BaseException:
            self._lock.release()
            raise

    @property
    def database(self) -> Path:
        return self.path / "catalog.db"

    @property
    def originals(self) -> Path:
        return self.path / "originals"

    @property
    def incoming(self) -> Path:
        """Files on their way in; on the same file system as the originals, so that a rename completes them."""
        return self.path / "incoming"

    @property
    def index(self) -> Path:
        return self.path / "index"

    def _check_format(self) -> None:
        marker = self.path / "lonja.json"
        if not marker.exists():
            write_durably(marker, json.dumps({"format": FORMAT}).encode())
            return
        try:
            found = int(json.loads(marker.read_bytes())["format"])
        except (ValueError, KeyError, TypeError) as error:
            raise StorageError(
                f"{marker} is damaged.", code="damaged_data_folder", hint="Restore the data folder from a backup."
            ) from error
        if found > FORMAT:
            raise DataFolderTooNew(
                f"The data folder {self.path} was written by a newer Lonja (format {found}; this one reads {FORMAT}).",
                hint="Upgrade Lonja, or name another folder with LONJA_DATA.",
            )

    def size(self) -> int:
        """Bytes on the disk of all files below; the index's files have holes, which take no room."""
        return sum(_bytes_on_disk(file) for file in self.path.rglob("*") if file.is_file())

    def close(self) -> None:
        self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def require_room(folder: Path) -> None:
    """Raises StorageError ``disk_full`` where less than ``ROOM`` is free."""
    free = shutil.disk_usage(folder).free
    if free < ROOM:
        raise StorageError(
            f"The disk of {folder} is nearly full: {free / 1e6:.0f} MB are free.",
            code="disk_full",
            hint=f"Free at least {ROOM / 1e6:.0f} MB and run it again; what was reported as added is kept.",
        )


def _bytes_on_disk(file: Path) -> int:
    try:
        found = file.stat()
    except FileNotFoundError:  # gone since it was listed
        return 0
    return getattr(found, "st_blocks", found.st_size // 512) * 512


def write_durably(path: Path, content: bytes) -> None:
    """The file is there whole or not at all, also after a power cut."""
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Makes a rename in ``folder`` durable. Windows has no such call, and needs none."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def unusable(path: Path, error: OSError) -> StorageError:
    return StorageError(
        f"{path} cannot be used: {error.strerror or error}.",
        code="disk_full" if error.errno == 28 else "storage",
        hint="Free some space and try again." if error.errno == 28 else "Check the folder and its permissions.",
    )
