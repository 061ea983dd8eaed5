"""What an index was built with, written beside it and held against what is asked of it."""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from hashlib import sha256
from typing import Any, Final

from corpus.errors import DataFolderTooNew, IndexFailure, WrongModelPack
from corpus.index.protocol import IndexManifest

FORMAT: Final = 2
_SHOWN = 40  # characters of a name or digest that a message shows

_REINDEX = "Build the index again from the catalog: lonja reindex."


def to_json(manifest: IndexManifest) -> str:
    return json.dumps(asdict(manifest), indent=2, sort_keys=True)


def from_json(text: str, place: str) -> IndexManifest:
    """Raises DataFolderTooNew for a format that only a later release knows, IndexFailure for one that is damaged."""
    try:
        record: dict[str, Any] = json.loads(text)
        too_new = int(record["format"]) > FORMAT
    except (ValueError, KeyError, TypeError) as error:
        raise IndexFailure(f"The manifest of the index in {place} is damaged: {error}.", hint=_REINDEX) from error
    if too_new:
        raise DataFolderTooNew(
            f"The index in {place} has format {record['format']}, and this release knows formats up to {FORMAT}.",
            hint="Install the release that made it, or a later one.",
        )
    names = {field.name for field in fields(IndexManifest)}
    if record.keys() != names:
        odd = ", ".join(sorted(record.keys() ^ names))
        raise IndexFailure(f"The manifest of the index in {place} is damaged: {odd}.", hint=_REINDEX)
    return IndexManifest(**record)


def require_same(found: IndexManifest, expected: IndexManifest, place: str) -> None:
    """Raises WrongModelPack, naming what differs, where vectors of the two could not be compared.

    The projection is not held against anything: an index is asked for the one that it was built with.
    """
    differences = [
        f"{what} {str(was)[:_SHOWN]!r} instead of {str(wanted)[:_SHOWN]!r}"
        for what, was, wanted in (
            ("format", found.format, expected.format),
            ("model pack", found.pack_name, expected.pack_name),
            ("pack digest", found.pack_digest, expected.pack_digest),
            ("dimensions", found.dimensions, expected.dimensions),
            ("word encoding", found.lexical_version, expected.lexical_version),
        )
        if was != wanted
    ]
    if differences:
        raise WrongModelPack(
            f"The index in {place} was built with {', '.join(differences)}.",
            hint=f"{_REINDEX} Or set the model pack that it was built with.",
        )


def check_projection(manifest: IndexManifest, projection: bytes | None, place: str) -> None:
    """Raises IndexFailure where the stored projection is not the one that the manifest speaks of."""
    digest = None if projection is None else projection_digest(projection)
    if digest != manifest.projection_digest:
        raise IndexFailure(f"The language-neutral projection of the index in {place} is damaged.", hint=_REINDEX)


def projection_digest(projection: bytes) -> str:
    """SHA-256 in hexadecimal digits."""
    return sha256(projection).hexdigest()
