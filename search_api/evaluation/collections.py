"""A collection with judgements, indexed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.catalog.arrivals import Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Audience, DocumentFacts, Organisation, Passage
from corpus.embedding.embedder import Embedder
from corpus.evaluation.collection import Collection, CollectionPassage
from corpus.language import LanguageTeller
from corpus.library import Library
from corpus.passage_text import embedding_text
from corpus.settings import read_settings
from ingest.converted import Block, ConvertedDocument
from ingest.passages import PassageLimits, passages_of
from ingest.structure import structure
from search_api.evaluation.searcher import LibrarySearcher, OnProgress, Searched

OWNER = "evaluation"
TOGETHER = 64
ROOM_FOR_HEADINGS = 60  # tokens of a passage that is embedded whole


@contextmanager
def indexed(collection: Collection, on_progress: OnProgress = lambda _done, _total, _what: None) -> Iterator[Searched]:
    """A library in a temporary folder that holds the collection.

    Each passage of the collection is a document of its own: found once, by the best of its parts.
    """
    with TemporaryDirectory(prefix="lonja-eval-") as folder, Library(read_settings(data=Path(folder))) as library:
        library.catalog.organisations.put(Organisation(OWNER, "Evaluation"))
        names = dict(_take_in(library, collection, on_progress))
        yield Searched(collection, lambda mode: LibrarySearcher(library, names, mode, passages=1))


def _take_in(library: Library, collection: Collection, on_progress: OnProgress) -> Iterator[tuple[int, str]]:
    cutter = _Cutter(library.embedder)
    total = len(collection.passages)
    on_progress(0, total, "passages")  # what is opened first is open
    for start in range(0, total, TOGETHER):
        batch = collection.passages[start : start + TOGETHER]
        cut = [cutter.passages(each) for each in batch]
        texts = [embedding_text(each.title, part) for each, parts in zip(batch, cut, strict=True) for part in parts]
        vectors = library.embedder.embed_passages(texts)
        at = 0
        for each, parts in zip(batch, cut, strict=True):
            prepared = Prepared(
                passages=parts,
                vectors=vectors[at : at + len(parts)],
                pack=library.embedder.identity.digest,
                guesses=DocumentFacts(title=each.title, language=parts[0].language),
                pages=None,
                media_type="text/plain",
            )
            at += len(parts)
            version = _publish(library, each, prepared)
            yield from ((stored.id, each.id) for stored in library.catalog.passages.of_version(version))
        on_progress(min(start + TOGETHER, total), total, "passages")


def _publish(library: Library, passage: CollectionPassage, prepared: Prepared) -> int:
    registered = library.catalog.arrivals.register(
        Arrival(
            organisation=OWNER,
            source_key=f"collection:{passage.id}",
            sha256=hashlib.sha256(passage.id.encode()).hexdigest(),
            size=len(passage.text),
            media_type="text/plain",
            file_name=passage.id,
            facts=DocumentFacts(title=passage.title),
            declared=frozenset({"title"}),
            audience=Audience.owner(),
        )
    )
    claimed = library.catalog.queue.claim("eval")
    assert claimed is not None
    library.catalog.queue.store(claimed.id, prepared)
    library.publish(claimed)
    return registered.version_id


class _Cutter:
    """A passage of a collection stays whole where it fits the model, and is cut as a document's text where not."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._limits = PassageLimits.for_model(embedder)
        self._teller = LanguageTeller()

    def passages(self, passage: CollectionPassage) -> list[Passage]:
        language = self._teller.tell_all([passage.text], passage.language)[0]
        room = self._embedder.max_tokens - ROOM_FOR_HEADINGS
        if len(self._embedder.token_offsets(passage.text)) <= room:
            return [Passage(0, passage.text, language)]
        converted = ConvertedDocument("text/plain", (Block(passage.text),))
        sections = structure(converted, language=language)
        return list(passages_of(sections, self._embedder, self._limits, language=language))
