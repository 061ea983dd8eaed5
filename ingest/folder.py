"""Finding files: those that are named, and those below folders that are named."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from corpus.documents import Failure
from corpus.errors import BadInput

LEFT_OUT = frozenset({"lonja.toml", "Thumbs.db", "desktop.ini"})
"""Beside the documents, and none themselves. Names that start with a dot are left out as well."""


@dataclass(frozen=True, slots=True)
class Unreachable:
    """A file or folder that could not be looked at."""

    path: Path
    failure: Failure


@dataclass(frozen=True, slots=True)
class Found:
    files: tuple[Path, ...]  # absolute, each once, in order
    folders: tuple[Path, ...]  # those named that were looked through whole: what is gone from there is gone
    unreachable: tuple[Unreachable, ...] = field(default=())


def find_files(paths: Iterable[Path]) -> Found:
    """Raises BadInput when a path that was named does not exist: a typing error must not pass for an empty folder."""
    files: dict[Path, None] = {}
    folders: list[Path] = []
    unreachable: list[Unreachable] = []
    for path in paths:
        absolute = Path(os.path.abspath(path.expanduser()))  # noqa: PTH100 -- resolve() would follow links away
        if not absolute.exists():
            raise BadInput(f"There is no file or folder {path}.", code="no_such_path", hint="Check the spelling.")
        if not absolute.is_dir():
            files.update(dict.fromkeys(_regular([absolute], unreachable)))
            continue
        before = len(unreachable)
        files.update(dict.fromkeys(_regular(_below(absolute, unreachable), unreachable)))
        if len(unreachable) == before:
            folders.append(absolute)
    return Found(tuple(files), tuple(folders), tuple(unreachable))


def _below(folder: Path, unreachable: list[Unreachable]) -> Iterator[Path]:
    """Links to folders are not followed: they may lead round in circles."""

    def failed(error: OSError) -> None:
        unreachable.append(
            Unreachable(
                Path(error.filename),
                Failure(
                    "unreadable_folder",
                    f"The folder cannot be read: {error.strerror}.",
                    "Check its permissions. What was taken in from there before is kept.",
                ),
            )
        )

    for here, below, names in os.walk(folder, onerror=failed):
        below[:] = sorted(name for name in below if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name not in LEFT_OUT:
                yield Path(here) / name


def _regular(paths: Iterable[Path], unreachable: list[Unreachable]) -> Iterator[Path]:
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError as error:
            failure = Failure("unreadable_file", f"The file cannot be read: {error.strerror}.", "Is it a broken link?")
            unreachable.append(Unreachable(path, failure))
            continue
        if stat.S_ISREG(mode):
            yield path
        else:
            failure = Failure("unsupported_type", "This is no regular file: a device, a pipe or a socket.")
            unreachable.append(Unreachable(path, failure))
