"""Opening the library's index, and making it anew from the catalog."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypedDict

from corpus.catalog import Catalog
from corpus.datafolder import DataFolder
from corpus.embedding.embedder import Embedder
from corpus.embedding.opening import projection_for
from corpus.embedding.projection import LanguageProjection
from corpus.errors import NotFound
from corpus.index import manifest as manifests
from corpus.index.bm25 import LEXICAL_VERSION
from corpus.index.opening import create_index, open_index
from corpus.index.passage_words import PassageWords
from corpus.index.protocol import IndexManifest, PassageIndex
from corpus.indexing import EVERYTHING, Indexer
from corpus.passage_text import embedding_text
from corpus.settings import LibrarySettings

EMBEDDED_AT_ONCE = 64


class _Place(TypedDict):
    folder: Path
    url: str | None
    api_key: str | None
    collection: str


def open_library_index(settings: LibrarySettings, folder: DataFolder, embedder: Callable[[], Embedder]) -> PassageIndex:
    """The index as it was left, or a new one. The embedder is only asked for when one has to be made.

    Raises WrongModelPack where the index was built with another model than the settings name.
    """
    place = _place(settings, folder)
    try:
        return open_index(**place)
    except NotFound:
        model = embedder()
        return _create(place, model)


def check_model(index: PassageIndex, embedder: Embedder) -> None:
    """Raises WrongModelPack: vectors of two models are never compared."""
    manifests.require_same(index.manifest, _manifest(embedder, None), "the data folder")


def rebuild_index(
    settings: LibrarySettings,
    folder: DataFolder,
    catalog: Catalog,
    embedder: Embedder,
    on_progress: Callable[[int, int], None] | None = None,
) -> PassageIndex:
    """A new index in place of the old one, with what the catalog has.

    Passages that this model has not embedded yet are embedded first; a kill there loses no more than one document, and
    what is embedded twice costs time and nothing else.
    """
    current = list(catalog.passages.current_versions())
    steps = 2 * len(current)
    for done, (document, version) in enumerate(current, start=1):
        _embed_again(catalog, embedder, document, version)
        _tell_words_again(catalog, version)
        if on_progress is not None:
            on_progress(done, steps)
    index = _create(_place(settings, folder), embedder)
    indexer = Indexer(catalog, index)
    for done, (document, _) in enumerate(current, start=len(current) + 1):
        indexer.rewrite(document)
        if on_progress is not None:
            on_progress(done, steps)
    index.optimise()
    return index


def _embed_again(catalog: Catalog, embedder: Embedder, document_id: str, version: int) -> None:
    if catalog.passages.packs(version) == {embedder.identity.digest}:
        return
    found = catalog.documents.some([document_id], EVERYTHING)
    if not found:
        return
    title = found[document_id].facts.title
    stored = catalog.passages.of_version(version)
    for start in range(0, len(stored), EMBEDDED_AT_ONCE):
        batch = stored[start : start + EMBEDDED_AT_ONCE]
        vectors = embedder.embed_passages([embedding_text(title, each.passage) for each in batch])
        catalog.passages.put_embeddings([each.id for each in batch], vectors, embedder.identity.digest)


def _tell_words_again(catalog: Catalog, version: int) -> None:
    """Of passages that an earlier release took in."""
    told = {
        stored.id: PassageWords.of(stored.passage.text, stored.passage.language).to_bytes()
        for stored in catalog.passages.of_version(version)
        if PassageWords.from_bytes(stored.words) is None
    }
    if told:
        catalog.passages.put_words(told)


def _create(place: _Place, embedder: Embedder) -> PassageIndex:
    projection = projection_for(embedder)
    return create_index(**place, manifest=_manifest(embedder, projection), projection=projection.to_bytes())


def _manifest(embedder: Embedder, projection: LanguageProjection | None) -> IndexManifest:
    identity = embedder.identity
    return IndexManifest(
        format=manifests.FORMAT,
        pack_name=identity.name,
        pack_digest=identity.digest,
        dimensions=identity.dimensions,
        projection_digest=None if projection is None else projection.digest,
        lexical_version=LEXICAL_VERSION,
    )


def _place(settings: LibrarySettings, folder: DataFolder) -> _Place:
    return {
        "folder": folder.index,
        "url": settings.qdrant_url,
        "api_key": settings.qdrant_api_key,
        "collection": settings.qdrant_collection,
    }
