"""Which engine is behind the index: a server where there is a URL, else the folder's own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from corpus.errors import BadSetting
from corpus.index.protocol import IndexManifest, PassageIndex

COLLECTION: Final = "lonja"


def open_index(
    folder: Path | None,
    url: str | None = None,
    *,
    expected: IndexManifest | None = None,
    api_key: str | None = None,
    collection: str = COLLECTION,
) -> PassageIndex:
    """The index as it is. ``folder`` is used where ``url`` is None.

    Raises NotFound where there is none yet, Conflict where another process has the folder open, WrongModelPack where
    it was built with something else than ``expected``, IndexFailure where the server cannot be reached.
    """
    if url is not None:
        from corpus.index.connection import connect
        from corpus.index.server import ServerIndex

        return ServerIndex.open(connect(url, api_key), collection, expected)
    from corpus.index.edge import EdgeIndex

    return EdgeIndex.open(_required(folder), expected)


def create_index(
    folder: Path | None,
    url: str | None = None,
    *,
    manifest: IndexManifest,
    projection: bytes | None = None,
    api_key: str | None = None,
    collection: str = COLLECTION,
) -> PassageIndex:
    """An empty index in place of whatever index was there. Raises as :func:`open_index` does, NotFound excepted."""
    if url is not None:
        from corpus.index.connection import connect
        from corpus.index.server import ServerIndex

        return ServerIndex.create(connect(url, api_key), collection, manifest, projection)
    from corpus.index.edge import EdgeIndex

    return EdgeIndex.create(_required(folder), manifest, projection)


def _required(folder: Path | None) -> Path:
    if folder is None:
        raise BadSetting("The index has neither a folder nor the URL of a server.", hint="Set LONJA_DATA.")
    return folder
