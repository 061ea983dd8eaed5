"""Documents to measure with: a folder or an archive of text files, or the demonstration corpus."""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from corpus.errors import BadInput

SUFFIXES = (".md", ".txt")


@dataclass(frozen=True, slots=True)
class TextFile:
    name: str
    content: bytes


def text_files(source: Path) -> Iterator[TextFile]:
    """The Markdown and plain text files below a folder, or inside a tar archive, in order. Raises BadInput."""
    if source.is_dir():
        paths = sorted(path for path in source.rglob("*") if path.suffix in SUFFIXES and path.is_file())
        yield from (TextFile(path.name, path.read_bytes()) for path in paths)
        return
    if not source.is_file():
        raise BadInput(f"There is no folder or archive {source}.", code="no_such_path")
    with tarfile.open(source) as archive:
        for member in archive:
            if member.isfile() and member.name.endswith(SUFFIXES):
                content = archive.extractfile(member)
                assert content is not None
                yield TextFile(Path(member.name).name, content.read())


def write_files(source: Path, folder: Path, count: int, skip: int = 0) -> list[Path]:
    """``count`` of the files, as files. Raises BadInput where there are fewer."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for file in islice(text_files(source), skip, skip + count):
        path = folder / file.name
        path.write_bytes(file.content)
        written.append(path)
    if len(written) < count:
        raise BadInput(f"{source} has too few text files: {len(written)} of {count}.", hint="Name a larger source.")
    return written
