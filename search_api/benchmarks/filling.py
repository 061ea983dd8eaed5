"""A library of many passages, quickly: real texts and real BM25; most vectors are noisy copies of embedded ones."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from corpus.catalog.arrivals import Arrival
from corpus.catalog.queue import Prepared
from corpus.documents import Audience, DocumentFacts, Kind, Organisation, Passage
from corpus.embedding.embedder import Embedder, Matrix
from corpus.index.bm25 import term_ids
from corpus.library import Library
from corpus.passage_text import embedding_text
from ingest.converted import Block, ConvertedDocument
from ingest.passages import PassageLimits, passages_of
from ingest.structure import structure
from search_api.benchmarks.texts import TextFile, text_files

FIRMS = 8
EMBEDDED = 1_000  # passages whose vectors are real
NOISE = 0.35  # length of the noise beside a vector of length 1
COMMON = 0.1  # of the passages: a word that more of them have tells none from another


def fill(
    library: Library, source: Path, passages: int, on_progress: Callable[[int, int], None] = lambda _done, _total: None
) -> int:
    """Publishes documents until ``passages`` are there, or the source ends; returns how many are."""
    for number in range(FIRMS):
        library.catalog.organisations.put(Organisation(f"firm-{number}", f"Firm {number}", "COL"))
    vectors = _Vectors(library.embedder)
    done = 0
    for number, (title, found) in enumerate(_documents(library.embedder, source)):
        if done >= passages:
            break
        found = found[: passages - done]
        _publish(library, number, title, found, vectors.of(title, found))
        done += len(found)
        on_progress(done, passages)
    return done


def _documents(embedder: Embedder, source: Path) -> Iterator[tuple[str, list[Passage]]]:
    limits = PassageLimits.for_model(embedder)
    while True:
        empty = True
        for file in text_files(source):
            title, sections = _title(file), structure(converted(file), language="es")
            found = list(passages_of(sections, embedder, limits, language="es"))
            if found:
                empty = False
                yield title, found
        if empty:
            return


def converted(file: TextFile) -> ConvertedDocument:
    text = file.content.decode("utf-8", errors="replace")
    blocks = tuple(Block(part.strip()) for part in text.split("\n\n") if part.strip())
    return ConvertedDocument("text/plain", blocks)


def _title(file: TextFile) -> str:
    return Path(file.name).stem.replace("-", " ")


def _publish(library: Library, number: int, title: str, passages: list[Passage], vectors: Matrix) -> None:
    firm = f"firm-{number % FIRMS}"
    registered = library.catalog.arrivals.register(
        Arrival(
            organisation=firm,
            source_key=f"bench:{number}",
            sha256=hashlib.sha256(f"{number}".encode()).hexdigest(),
            size=1,
            media_type="text/plain",
            file_name=f"{number}.txt",
            facts=DocumentFacts(title=title, kind=list(Kind)[number % len(Kind)], countries=("URY",)),
            declared=frozenset({"title", "kind", "countries"}),
            audience=Audience.owner() if number % 5 == 0 else Audience.cluster(),
        )
    )
    claimed = library.catalog.queue.claim("bench")
    assert claimed is not None
    assert claimed.id == registered.version_id
    prepared = Prepared(
        passages=passages,
        vectors=vectors,
        pack=library.embedder.identity.digest,
        guesses=DocumentFacts(title=title, language="es"),
        pages=None,
        media_type="text/plain",
    )
    library.catalog.queue.store(claimed.id, prepared)
    library.publish(claimed)


class _Vectors:
    """Of the first passages their own; of others that of a passage with the same words, and noise.

    Taken at random, meaning would find a passage for what its words do not say, which no library does.
    """

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._known = np.empty((0, 0), np.float32)
        self._having: dict[int, list[int]] = {}  # rows of ``_known``, by term
        self._chance = np.random.default_rng(0)

    def of(self, title: str, passages: list[Passage]) -> Matrix:
        if len(self._known) < EMBEDDED:
            vectors = self._embedder.embed_passages([embedding_text(title, passage) for passage in passages])
            for row, passage in enumerate(passages, len(self._known)):
                for term in set(term_ids(passage.text, passage.language)):
                    self._having.setdefault(term, []).append(row)
            self._known = np.concatenate([self._known.reshape(-1, vectors.shape[1]), vectors])
            return vectors
        chosen = self._known[[self._alike(passage) for passage in passages]]
        noise = self._chance.normal(size=chosen.shape).astype(np.float32)
        noisy = chosen + NOISE * noise / np.linalg.norm(noise, axis=1, keepdims=True)
        return np.asarray(noisy / np.linalg.norm(noisy, axis=1, keepdims=True), np.float32)

    def _alike(self, passage: Passage) -> int:
        """The known passage that shares most of its rarer words."""
        shared = np.zeros(len(self._known), np.float32)
        for term in set(term_ids(passage.text, passage.language)):
            having = self._having.get(term, ())
            if 0 < len(having) <= COMMON * len(self._known):
                shared[having] += 1 / len(having)
        return int(shared.argmax() if shared.any() else self._chance.integers(len(self._known)))
