"""One Qdrant Edge shard, in this process: what the index process does for its owner.

Every engine call holds the interpreter's lock for its whole run (measured with 0.9), which is why this lives in a
process of its own, see :mod:`corpus.index.shard_process`. Nothing here is safe for several threads.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import qdrant_edge as engine

from corpus.embedding.embedder import Vector
from corpus.index import layout
from corpus.index.conditions import AnyOf, Between, Conditions, documents_for, passages_for, version_is
from corpus.index.protocol import Candidate, DocumentPayload, Facet, Filters, IndexedPassage, IndexQuery, SparseVector
from corpus.index.visibility import Visibility

_CARRIED = [layout.DOCUMENT, layout.VERSION, layout.LANGUAGE]
_PAGE = 10_000  # points a scroll brings at once
_MANY_VALUES = 1_000_000
_COMPONENT_BYTES = 2
_BEGUN = 256  # questions
_SEARCHING = engine.SearchParams(
    hnsw_ef=100,  # of real vectors, 0.991 of the ten nearest are found; 0.997 with 256, at twice the cost
    quantization=engine.QuantizationSearchParams(rescore=True),
)


Origin = tuple[str, int, str]
"""The document, the version and the language of a passage."""


@dataclass(frozen=True, slots=True)
class Found:
    """Candidates by columns, which cross a pipe ten times as fast. A leg that was not asked has no scores."""

    ids: list[int]
    origins: list[Origin]
    dense: list[float] | None
    sparse: list[float] | None

    def candidates(self) -> list[Candidate]:
        nothing = [None] * len(self.ids)
        rows = zip(self.ids, self.origins, self.dense or nothing, self.sparse or nothing, strict=True)
        return [Candidate(id_, *origin, dense, sparse) for id_, origin, dense, sparse in rows]


_NOTHING = Found([], [], None, None)


@dataclass(slots=True)
class _Asked:
    """A question as the engine takes it, without its meaning."""

    among: engine.Filter
    words: Any  # None where it has no word to look for
    with_words: bool  # whether words were asked for
    limit: int
    scores: dict[int, float] | None = None  # what the words brought, once they were searched

    @classmethod
    def of(cls, query: IndexQuery, hidden: frozenset[int]) -> _Asked | None:
        """None where nothing can be found."""
        conditions = passages_for(query.visibility, query.filters, hidden)
        if conditions is None or query.limit < 1:
            return None
        return cls(_filter(conditions), _words_leg(query), query.sparse is not None, query.limit)


class Shard:
    """Opens the shard in ``folder``, or makes it there with vectors of ``dimensions``.

    Optimising builds a graph for vectors where there are ``graph_from`` or more.
    """

    def __init__(self, folder: Path, dimensions: int, graph_from: int) -> None:
        config = shard_config(dimensions, graph_from)
        if (folder / "segments").is_dir():
            self._shard = engine.EdgeShard.load(str(folder), config)
        else:
            self._shard = engine.EdgeShard.create(str(folder), config)
            for key, kind in layout.PAYLOAD_INDEXES.items():
                self._shard.update(engine.UpdateOperation.create_field_index(key, _index_params(kind)))
            self._shard.flush()
        self._begun: dict[int, _Asked | None] = {}  # by number: questions whose meaning is still being told
        self._origins: dict[int, Origin] = {}  # of passages that were found before: the payload is slow to read

    def write(self, passages: Sequence[IndexedPassage]) -> None:
        points = [engine.Point(passage.id, _vectors(passage), layout.passage_fields(passage)) for passage in passages]
        self._shard.update(engine.UpdateOperation.upsert_points(points))
        self._forget(passage.id for passage in passages)

    def set_fields(self, ids: list[int], fields: dict[str, Any]) -> None:
        self._shard.update(engine.UpdateOperation.set_payload(list(ids), fields))

    def set_document(self, ids: list[int], payload: DocumentPayload) -> None:
        self.set_fields(ids, layout.document_fields(payload))

    def delete(self, ids: list[int]) -> None:
        self._shard.update(engine.UpdateOperation.delete_points(list(ids)))
        self._forget(ids)

    def _forget(self, ids: Iterable[int]) -> None:
        for id_ in ids:
            self._origins.pop(id_, None)

    def by_words(self, query: IndexQuery, hidden: frozenset[int]) -> tuple[int, dict[int, float]]:
        """BM25 scores by passage, the best first; and a number by which :meth:`search_on` knows the question."""
        asked = _Asked.of(query, hidden)
        if asked is not None and asked.words is not None:
            asked.scores = self._scores(asked.words, asked.among, asked.limit)
        number = secrets.randbits(62)  # no other process of this shard, before or after, gives the same
        self._begun[number] = asked
        if len(self._begun) > _BEGUN:
            del self._begun[next(iter(self._begun))]
        return number, {} if asked is None else asked.scores or {}

    def search_on(self, number: int, dense: bytes) -> Found | None:
        """A question whose words were searched, and nothing has changed since; None where it is not known any more.

        ``dense`` are the bytes of a float32 vector.
        """
        if number not in self._begun:
            return None
        asked = self._begun.pop(number)
        return _NOTHING if asked is None else self._search(asked, np.frombuffer(dense, np.float32))

    def search(self, query: IndexQuery, hidden: frozenset[int]) -> Found:
        asked = _Asked.of(query, hidden)
        return _NOTHING if asked is None else self._search(asked, query.dense)

    def _search(self, asked: _Asked, vector: Vector | None) -> Found:
        dense = None if vector is None else engine.Query.Nearest(vector.tolist(), using=layout.DENSE)
        if dense is None and asked.words is None:
            return _NOTHING
        by_meaning = {} if dense is None else self._scores(dense, asked.among, asked.limit)
        by_words = asked.scores
        if by_words is None:
            by_words = {} if asked.words is None else self._scores(asked.words, asked.among, asked.limit)
        ids = list({**by_meaning, **by_words})
        return Found(
            ids,
            self._origins_of(ids),
            None if dense is None else self._complete(dense, by_meaning, ids, asked.limit),
            self._complete(asked.words, by_words, ids, asked.limit) if asked.with_words else None,
        )

    def _scores(self, leg: Any, among: engine.Filter, limit: int) -> dict[int, float]:
        request = engine.QueryRequest(limit, query=leg, filter=among, params=_SEARCHING, with_payload=False)
        return {point.id: point.score for point in self._shard.query(request)}  # type: ignore[misc]

    def _complete(self, leg: Any, scores: Mapping[int, float], ids: Sequence[int], limit: int) -> list[float]:
        """A leg's scores for all of them. A leg that brought less than it was asked for has no more to give."""
        missing = set(ids) - scores.keys()
        if leg is not None and missing and len(scores) >= limit:
            among = engine.Filter(must=[engine.HasIdCondition(missing)])  # type: ignore[arg-type]
            scores = {**scores, **self._scores(leg, among, len(missing))}
        return [scores.get(id_, 0.0) for id_ in ids]

    def _origins_of(self, ids: Sequence[int]) -> list[Origin]:
        unknown = [id_ for id_ in ids if id_ not in self._origins]
        if unknown:
            for record in self._shard.retrieve(list(unknown), with_payload=_CARRIED, with_vector=False):
                fields = record.payload or {}
                origin = (fields[layout.DOCUMENT], fields[layout.VERSION], fields[layout.LANGUAGE])
                self._origins[int(record.id)] = (sys.intern(origin[0]), origin[1], sys.intern(origin[2]))
        return [self._origins[id_] for id_ in ids]

    def vectors(self, ids: Sequence[int]) -> dict[int, Vector]:
        records = self._shard.retrieve(list(ids), with_payload=False, with_vector=[layout.DENSE])
        return {int(record.id): np.array(_named(record.vector), dtype=np.float32) for record in records}

    def facet(
        self, facet: Facet, visibility: Visibility, filters: Filters, limit: int, hidden: frozenset[int]
    ) -> dict[str, int]:
        conditions = documents_for(visibility, filters, hidden)
        if conditions is None or limit < 1:
            return {}
        return {str(value): count for value, count in self._values(layout.FACET_KEYS[facet], conditions)[:limit]}

    def count(self, visibility: Visibility, filters: Filters, hidden: frozenset[int]) -> int:
        conditions = documents_for(visibility, filters, hidden)
        return 0 if conditions is None else self._count(conditions)

    def count_passages(self, hidden: frozenset[int]) -> int:
        conditions = passages_for(Visibility(None), Filters(), hidden)
        return 0 if conditions is None else self._count(conditions)

    def ids(self, conditions: Conditions) -> list[int]:
        """The points that match, in ascending order."""
        return [int(record.id) for record in self._scroll(conditions, [])]

    def values(self, key: str, conditions: Conditions) -> dict[Any, int]:
        """Every value of an indexed field among the points that match, with the number of points."""
        return dict(self._values(key, conditions))

    def heads(self, conditions: Conditions) -> list[tuple[str, int, int, int]]:
        """Document, version, whether published (1 or 0), and sequence of every head that matches."""
        keys = [layout.DOCUMENT, layout.VERSION, layout.PUBLISHED, layout.SEQUENCE]
        among = Conditions((AnyOf(layout.HEAD, (1,)), *conditions.must), conditions.must_not)
        return [
            (
                str(record.payload[layout.DOCUMENT]),
                int(record.payload[layout.VERSION]),
                int(record.payload[layout.PUBLISHED]),
                int(record.payload[layout.SEQUENCE]),
            )
            for record in self._scroll(among, keys)
        ]

    def document_of(self, version_id: int) -> str | None:
        answer, _ = self._shard.scroll(
            engine.ScrollRequest(
                limit=1, filter=_filter(version_is(version_id)), with_payload=[layout.DOCUMENT], with_vector=False
            )
        )
        return str(answer[0].payload[layout.DOCUMENT]) if answer and answer[0].payload else None

    def size(self) -> tuple[int, int]:
        """Points in the shard, and points that the graph of the dense vectors holds (more or less)."""
        info = self._shard.info()
        return info.points_count, info.indexed_vectors_count

    def optimise(self) -> None:
        self._shard.optimize()
        self._shard.flush()

    def close(self) -> None:
        self._shard.close()

    def _count(self, conditions: Conditions) -> int:
        return self._shard.count(engine.CountRequest(exact=True, filter=_filter(conditions)))

    def _values(self, key: str, conditions: Conditions) -> list[tuple[Any, int]]:
        """Values with their points, the most frequent first.

        The engine's inexact way counts exactly as long as no limit cuts a segment's values, in a tenth of the time.
        """
        request = engine.FacetRequest(key, _MANY_VALUES, exact=False, filter=_filter(conditions))
        answer = self._shard.facet(request)
        return [(hit.value, hit.count) for hit in answer.hits]

    def _scroll(self, conditions: Conditions, keys: list[str]) -> list[Any]:
        records: list[Any] = []
        offset = None
        while True:
            page, offset = self._shard.scroll(
                engine.ScrollRequest(
                    offset=offset,
                    limit=_PAGE,
                    filter=_filter(conditions),
                    with_payload=keys or False,
                    with_vector=False,
                )
            )
            records += page
            if offset is None:
                return records


def shard_config(dimensions: int, graph_from: int) -> engine.EdgeConfig:
    """Bytes pick the candidates, half floats score them.

    At 30,000 points bytes build the graph with a third of the work of floats and answer three times as fast. Half
    floats are off by less than 0.0001 of a cosine. Nothing is left cold on the disk: a search would wait for a hundred
    reads.
    """
    quantised = engine.ScalarQuantizationConfig(engine.ScalarType.Int8, quantile=0.99, memory=engine.Memory.Pinned)
    dense = engine.EdgeVectorParams(
        dimensions,
        engine.Distance.Dot,
        datatype=engine.VectorStorageDatatype.Float16,
        quantization_config=quantised,
        memory=engine.Memory.Cached,
    )
    vectors_kilobytes = graph_from * dimensions * _COMPONENT_BYTES // 1024
    return engine.EdgeConfig(
        vectors={layout.DENSE: dense},
        sparse_vectors={layout.SPARSE: engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf)},
        payload_memory=engine.Memory.Cached,
        optimizers=engine.EdgeOptimizersConfig(indexing_threshold=max(1, vectors_kilobytes)),
    )


def _index_params(kind: layout.FieldKind) -> Any:
    if kind is layout.FieldKind.KEYWORD:
        return engine.KeywordIndexParams()
    is_lookup = kind is layout.FieldKind.LOOKUP
    return engine.IntegerIndexParams(lookup=is_lookup, range=not is_lookup)


def _words_leg(query: IndexQuery) -> Any:
    if query.sparse is None or not query.sparse.indices.size:
        return None
    return engine.Query.Nearest(_sparse(query.sparse), using=layout.SPARSE)


def _vectors(passage: IndexedPassage) -> dict[str, Any]:
    vectors: dict[str, Any] = {layout.DENSE: passage.dense.tolist()}
    if passage.sparse.indices.size:
        vectors[layout.SPARSE] = _sparse(passage.sparse)
    return vectors


def _named(vectors: Any) -> Any:
    return vectors[layout.DENSE]


def _sparse(vector: SparseVector) -> engine.SparseVector:
    return engine.SparseVector(vector.indices.tolist(), vector.values.tolist())


def _filter(conditions: Conditions) -> engine.Filter:
    return engine.Filter(
        must=[_condition(condition) for condition in conditions.must] or None,
        must_not=[_condition(condition) for condition in conditions.must_not] or None,
    )


def _condition(condition: AnyOf | Between) -> engine.FieldCondition:
    if isinstance(condition, Between):
        return engine.FieldCondition(condition.key, range=engine.RangeFloat(gte=condition.low, lte=condition.high))
    if len(condition.values) == 1:
        return engine.FieldCondition(condition.key, match=engine.MatchValue(condition.values[0]))
    return engine.FieldCondition(condition.key, match=engine.MatchAny(list(condition.values)))  # type: ignore[arg-type]
