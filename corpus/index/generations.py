"""The folder of the embedded index: generations, one of them current.

::

    index/
        lock                 held by the process that owns the index
        current              the name of the current generation, replaced in one step
        generation-000001/
            manifest.json    what it was built with
            projection.npz   as the embedding side gave it, where there is one
            shard/           the engine's own files

A generation that is not current is what a killed process left behind.
"""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

from corpus.datafolder import sync_folder
from corpus.errors import IndexFailure

_NAME = re.compile(r"generation-(\d{6,})")


class Generations:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._pointer = folder / "current"

    def exist(self) -> bool:
        return self._pointer.is_file()

    def current(self) -> Path:
        name = self._pointer.read_text(encoding="utf-8").strip()
        generation = self.folder / name
        if not _NAME.fullmatch(name) or not generation.is_dir():
            raise IndexFailure(
                f"The index in {self.folder} names {name!r} as its current generation, which is not there.",
                hint="Build it again from the catalog: lonja reindex.",
            )
        return generation

    def begin(self) -> Path:
        """A folder for a new generation, empty and not current."""
        numbers = [int(match.group(1)) for entry in self.folder.iterdir() if (match := _NAME.fullmatch(entry.name))]
        generation = self.folder / f"generation-{max(numbers, default=0) + 1:06}"
        generation.mkdir()
        return generation

    def make_current(self, generation: Path) -> None:
        """From the return on, also after a power cut, this generation is what is opened."""
        fresh = self._pointer.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as pointer:
            pointer.write(generation.name)
            pointer.flush()
            os.fsync(pointer.fileno())
        fresh.replace(self._pointer)
        sync_folder(self.folder)

    def remove_others(self) -> None:
        """Removes what is not current."""
        current = self.current()
        for entry in self.folder.iterdir():
            if _NAME.fullmatch(entry.name) and entry != current:
                shutil.rmtree(entry, ignore_errors=True)  # tried again at the next opening


def sync_log(shard: Path) -> None:
    """Makes a shard's log survive a power cut. The engine replays it at the next load.

    The engine's own flush syncs about a hundred files, during which nothing is found; this stops nobody.
    """
    for file in (shard / "wal").glob("open-*"):
        _sync_file(file)
    sync_folder(shard / "wal")


def sync_tree(folder: Path) -> None:
    """Makes every file below a folder survive a power cut."""
    for file in folder.rglob("*"):
        if file.is_file():
            _sync_file(file)
        else:
            sync_folder(file)
    sync_folder(folder)


def _sync_file(file: Path) -> None:
    with file.open("rb+") as content:
        os.fsync(content.fileno())
