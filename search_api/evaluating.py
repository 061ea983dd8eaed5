"""A collection with judgements, searched by the very search that members use."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from corpus.catalog.arrivals import Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Audience, DocumentFacts, Organisation, Passage, Principal
from corpus.embedding.embedder import Embedder
from corpus.evaluation.collection import Collection, CollectionPassage
from corpus.evaluation.evaluate import Ranked
from corpus.language import LanguageTeller
from corpus.library import Library
from corpus.passage_text import embedding_text
from corpus.search.results import DocumentHit, Mode, SearchRequest
from corpus.settings import read_settings
from ingest.converted import Block, ConvertedDocument
from ingest.passages import PassageLimits, passages_of
from ingest.structure import structure

OWNER = "evaluation"
TOGETHER = 64
ROOM_FOR_HEADINGS = 60  # tokens of a passage that is embedded whole


class CollectionSearcher:
    """Each passage of the collection is a document of its own: found once, by the best of its parts."""

    def __init__(self, library: Library, names: dict[str, str], mode: Mode) -> None:
        self._library = library
        self._names = names  # collection id by document id
        self._mode = mode

    def search(self, question: str, limit: int) -> Sequence[Ranked]:
        request = SearchRequest(
            question,
            Principal(OWNER),
            mode=self._mode,
            limit=limit,
            passages_per_document=1,
            with_facets=False,
            only_relevant=False,
        )
        return [
            Ranked(self._names[hit.document.id], hit.score, _because(hit)) for hit in self._library.search(request).hits
        ]

    def finds_nothing(self, question: str) -> bool:
        """Whether a member would be told that nothing was found."""
        return self._library.search(SearchRequest(question, Principal(OWNER), mode=self._mode)).nothing_found


@contextmanager
def indexed(
    collection: Collection, on_progress: Callable[[int, int], None] = lambda _done, _total: None
) -> Iterator[Callable[[Mode], CollectionSearcher]]:
    """A library in a temporary folder that holds the collection; gives a searcher for each mode."""
    with TemporaryDirectory(prefix="lonja-eval-") as folder, Library(read_settings(data=Path(folder))) as library:
        library.catalog.organisations.put(Organisation(OWNER, "Evaluation"))
        names = dict(_take_in(library, collection, on_progress))
        yield lambda mode: CollectionSearcher(library, names, mode)


def _take_in(
    library: Library, collection: Collection, on_progress: Callable[[int, int], None]
) -> Iterator[tuple[str, str]]:
    cutter = _Cutter(library.embedder)
    total = len(collection.passages)
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
            yield _publish(library, each, prepared), each.id
        on_progress(min(start + TOGETHER, total), total)


def _publish(library: Library, passage: CollectionPassage, prepared: Prepared) -> str:
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
    return registered.document_id


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


def _because(hit: DocumentHit) -> str:
    if not hit.passages:
        return ""
    why = hit.passages[0].why
    meaning = "" if why.meaning is None else f"meaning {why.meaning:.3f}; "
    return f"{meaning}words: {', '.join(why.words[:8]) or 'none'}"
