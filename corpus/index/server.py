"""The index on a Qdrant server, which any number of API processes and workers may use at once.

The layout is the embedded index's. What differs: the server optimises itself, and a publication is one batch that the
server carries out whole even where the client dies. A search that falls into those milliseconds may get a part of the
document's passages; it never gets two versions of it.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
from qdrant_client import QdrantClient, models
from qdrant_client.http.exceptions import ApiException, ResponseHandlingException

from corpus.documents import DocumentId
from corpus.embedding.embedder import Vector
from corpus.errors import IndexFailure, NotFound
from corpus.index import layout
from corpus.index import manifest as manifests
from corpus.index.conditions import (
    AnyOf,
    Between,
    Conditions,
    document_is,
    documents_for,
    passages_for,
    version_is,
)
from corpus.index.connection import is_in_memory
from corpus.index.protocol import (
    Candidate,
    DocumentPayload,
    Facet,
    Filters,
    IndexedPassage,
    IndexManifest,
    IndexQuery,
    SparseVector,
    WordsLeg,
)
from corpus.index.visibility import Visibility

_CARRIED = [layout.DOCUMENT, layout.VERSION, layout.LANGUAGE, layout.SEQUENCE]
_POINTS_AT_ONCE = 128
_PAGE = 1_000  # points a scroll brings at once
_ALL_VALUES = 1_000_000
_TRIES = 3
_SEARCHING = models.SearchParams(hnsw_ef=100, quantization=models.QuantizationSearchParams(rescore=True))

T = TypeVar("T")


class ServerIndex:
    """A :class:`corpus.index.protocol.PassageIndex` in one collection. Safe for threads and for processes."""

    def __init__(
        self, client: QdrantClient, collection: str, manifest: IndexManifest, projection: bytes | None
    ) -> None:
        self._client = client
        self._collection = collection
        self._manifest, self._projection = manifest, projection
        self._params = None if is_in_memory(client) else _SEARCHING

    @classmethod
    def create(
        cls, client: QdrantClient, collection: str, manifest: IndexManifest, projection: bytes | None = None
    ) -> ServerIndex:
        """An empty index. A collection of that name is gone with all that was in it."""
        manifests.check_projection(manifest, projection, collection)
        metadata = {"manifest": manifests.to_json(manifest)}
        if projection is not None:
            metadata["projection"] = base64.b64encode(projection).decode("ascii")
        _tried(lambda: client.delete_collection(collection))
        _tried(
            lambda: client.create_collection(
                collection,
                vectors_config={layout.DENSE: _dense_params(manifest.dimensions)},
                sparse_vectors_config={layout.SPARSE: models.SparseVectorParams(modifier=models.Modifier.IDF)},
                metadata=metadata,
            )
        )
        if not is_in_memory(client):
            for key, kind in layout.PAYLOAD_INDEXES.items():
                _create_payload_index(client, collection, key, kind)
        return cls(client, collection, manifest, projection)

    @classmethod
    def open(cls, client: QdrantClient, collection: str, expected: IndexManifest | None = None) -> ServerIndex:
        """Raises NotFound where there is no such collection, WrongModelPack where it was built with something else."""
        if not _tried(lambda: client.collection_exists(collection)):
            raise NotFound(
                f"The Qdrant server has no collection {collection!r}.", code="no_index", hint="Build it: lonja reindex."
            )
        metadata = _tried(lambda: client.get_collection(collection)).config.metadata or {}
        manifest = manifests.from_json(str(metadata.get("manifest", "")), collection)
        stored = metadata.get("projection")
        projection = None if stored is None else base64.b64decode(stored)
        manifests.check_projection(manifest, projection, collection)
        if expected is not None:
            manifests.require_same(manifest, expected, collection)
        return cls(client, collection, manifest, projection)

    @property
    def manifest(self) -> IndexManifest:
        return self._manifest

    @property
    def projection(self) -> bytes | None:
        return self._projection

    def write(self, passages: Sequence[IndexedPassage]) -> None:
        for start in range(0, len(passages), _POINTS_AT_ONCE):
            points = [_point(passage) for passage in passages[start : start + _POINTS_AT_ONCE]]
            _tried(lambda points=points: self._client.upsert(self._collection, points, wait=True))  # type: ignore[misc]

    def publish(self, document_id: DocumentId, version_id: int) -> None:
        mine = version_is(version_id)
        head = next(iter(self._scroll(mine, [], limit=1)), None)
        operations: list[models.UpdateOperation] = []
        if head is not None:
            earlier = [int(record.payload[layout.SEQUENCE]) for record in self._heads(document_is(document_id))]
            fields = {layout.PUBLISHED: 1, layout.SEQUENCE: 1 + max(earlier, default=0)}
            languages = sorted(self._values(layout.LANGUAGE, mine, _ALL_VALUES))
            own = {layout.HEAD: 1, layout.LANGUAGES: languages}
            operations += [
                models.SetPayloadOperation(set_payload=models.SetPayload(payload=own, points=[head.id])),
                models.SetPayloadOperation(set_payload=models.SetPayload(payload=fields, filter=_filter(mine))),
            ]
        others = Conditions(document_is(document_id).must, (AnyOf(layout.VERSION, (version_id,)),))
        operations.append(models.DeleteOperation(delete=models.FilterSelector(filter=_filter(others))))
        _tried(lambda: self._client.batch_update_points(self._collection, operations, wait=True))

    def withdraw(self, document_id: DocumentId) -> None:
        self._delete(document_is(document_id))

    def withdraw_versions(self, document_id: DocumentId, version_ids: Iterable[int]) -> None:
        versions = tuple(version_ids)
        if versions:
            self._delete(Conditions((*document_is(document_id).must, AnyOf(layout.VERSION, versions))))

    def update(self, document_id: DocumentId, payload: DocumentPayload) -> None:
        fields = layout.document_fields(payload)
        concerned = _filter(document_is(document_id))
        _tried(lambda: self._client.set_payload(self._collection, fields, points=concerned, wait=True))

    def by_words(self, query: IndexQuery) -> WordsLeg | None:  # noqa: ARG002 - the contract's
        """None: other processes change the collection between two requests."""
        return None

    def search(self, query: IndexQuery, by_words: WordsLeg | None = None) -> list[Candidate]:  # noqa: ARG002 - never given
        conditions = passages_for(query.visibility, query.filters)
        if conditions is None or query.limit < 1:
            return []
        legs: dict[str, Any] = {}
        if query.dense is not None:
            legs[layout.DENSE] = query.dense.tolist()
        if query.sparse is not None and query.sparse.indices.size:
            legs[layout.SPARSE] = _sparse(query.sparse)
        if not legs:
            return []
        answers = self._query(legs, dict.fromkeys(legs, _filter(conditions)), query.limit)
        points = _of_one_version({int(point.id): point for answer in answers.values() for point in answer})
        scores = {leg: {int(point.id): point.score for point in answer} for leg, answer in answers.items()}
        missing = {
            leg: points.keys() - scores[leg].keys() for leg in legs if len(answers[leg]) >= query.limit
        }  # a leg that brought less than it was asked for has no more to give
        rest = self._query(legs, {leg: _having(ids) for leg, ids in missing.items() if ids}, len(points))
        for leg, answer in rest.items():
            scores[leg] |= {int(point.id): point.score for point in answer}
        return [
            Candidate(
                passage_id=id_,
                document_id=point.payload[layout.DOCUMENT],
                version_id=point.payload[layout.VERSION],
                language=point.payload[layout.LANGUAGE],
                dense=None if query.dense is None else scores.get(layout.DENSE, {}).get(id_, 0.0),
                sparse=None if query.sparse is None else scores.get(layout.SPARSE, {}).get(id_, 0.0),
            )
            for id_, point in points.items()
        ]

    def vectors(self, passage_ids: Sequence[int]) -> Mapping[int, Vector]:
        records = _tried(
            lambda: self._client.retrieve(
                self._collection, list(passage_ids), with_payload=False, with_vectors=[layout.DENSE]
            )
        )
        return {int(record.id): np.array(_named(record.vector), dtype=np.float32) for record in records}

    def facet(self, facet: Facet, visibility: Visibility, filters: Filters, limit: int = 50) -> Mapping[str, int]:
        conditions = documents_for(visibility, filters)
        if conditions is None or limit < 1:
            return {}
        return {str(value): count for value, count in self._values(layout.FACET_KEYS[facet], conditions, limit).items()}

    def count(self, visibility: Visibility, filters: Filters) -> int:
        return self._count(documents_for(visibility, filters))

    def count_passages(self) -> int:
        return self._count(passages_for(Visibility(None), Filters()))

    def versions(self) -> Mapping[DocumentId, Mapping[int, bool]]:
        found: dict[DocumentId, dict[int, bool]] = {}
        for record in self._heads(Conditions((AnyOf(layout.PUBLISHED, (1,)),))):
            found.setdefault(record.payload[layout.DOCUMENT], {})[record.payload[layout.VERSION]] = True
        unpublished = Conditions((AnyOf(layout.PUBLISHED, (0,)),))
        for version_id in self._values(layout.VERSION, unpublished, _ALL_VALUES):
            for record in self._scroll(version_is(version_id), [layout.DOCUMENT], limit=1):
                found.setdefault(record.payload[layout.DOCUMENT], {}).setdefault(version_id, False)
        return found

    def optimise(self) -> bool:
        """The server does this by itself."""
        return False

    def close(self) -> None:
        self._client.close()

    def _query(self, legs: Mapping[str, Any], filters: Mapping[str, models.Filter], limit: int) -> dict[str, list[Any]]:
        """What each leg that has a filter brings, in one request."""
        if not filters:
            return {}
        requests = [
            models.QueryRequest(
                query=legs[leg], using=leg, filter=found, params=self._params, limit=limit, with_payload=_CARRIED
            )
            for leg, found in filters.items()
        ]
        answers = _tried(lambda: self._client.query_batch_points(self._collection, requests))
        return {leg: list(answer.points) for leg, answer in zip(filters, answers, strict=True)}

    def _delete(self, conditions: Conditions) -> None:
        selector = models.FilterSelector(filter=_filter(conditions))
        _tried(lambda: self._client.delete(self._collection, selector, wait=True))

    def _count(self, conditions: Conditions | None) -> int:
        if conditions is None:
            return 0
        return _tried(lambda: self._client.count(self._collection, _filter(conditions), exact=True)).count

    def _values(self, key: str, conditions: Conditions, limit: int) -> dict[Any, int]:
        found = _filter(conditions)
        answer = _tried(lambda: self._client.facet(self._collection, key, facet_filter=found, limit=limit, exact=True))
        return {hit.value: hit.count for hit in answer.hits}

    def _heads(self, conditions: Conditions) -> list[Any]:
        among = Conditions((AnyOf(layout.HEAD, (1,)), *conditions.must), conditions.must_not)
        return self._scroll(among, [layout.DOCUMENT, layout.VERSION, layout.SEQUENCE])

    def _scroll(self, conditions: Conditions, keys: list[str], limit: int | None = None) -> list[Any]:
        """Records in ascending order of id, all of them or the first ``limit``."""
        records: list[Any] = []
        offset: Any = None
        while True:
            page, offset = _tried(
                lambda at=offset: self._client.scroll(  # type: ignore[misc]
                    self._collection, _filter(conditions), limit=limit or _PAGE, offset=at, with_payload=keys
                )
            )
            records += page
            if offset is None or limit is not None:
                return records


def _tried(request: Callable[[], T]) -> T:
    """A request to the server. Connections that break are tried again: every request here may be repeated.

    Raises IndexFailure.
    """
    for attempt in range(1, _TRIES + 1):
        try:
            return request()
        except ResponseHandlingException as error:
            if attempt == _TRIES:
                raise IndexFailure(
                    f"The Qdrant server does not answer: {error}.",
                    code="index_unreachable",
                    hint="Look whether it runs, and whether LONJA_QDRANT_URL is right.",
                ) from error
        except (ApiException, ValueError) as error:
            raise IndexFailure(f"The Qdrant server refused: {error}.") from error
    raise AssertionError


def _dense_params(dimensions: int) -> models.VectorParams:
    """As in the embedded index: bytes pick the candidates, half floats score them."""
    quantised = models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99, always_ram=True)
    return models.VectorParams(
        size=dimensions,
        distance=models.Distance.DOT,
        datatype=models.Datatype.FLOAT16,
        quantization_config=models.ScalarQuantization(scalar=quantised),
    )


def _create_payload_index(client: QdrantClient, collection: str, key: str, kind: layout.FieldKind) -> None:
    is_lookup = kind is layout.FieldKind.LOOKUP
    schema: models.KeywordIndexParams | models.IntegerIndexParams = (
        models.KeywordIndexParams(type=models.KeywordIndexType.KEYWORD)
        if kind is layout.FieldKind.KEYWORD
        else models.IntegerIndexParams(type=models.IntegerIndexType.INTEGER, lookup=is_lookup, range=not is_lookup)
    )
    _tried(lambda: client.create_payload_index(collection, key, field_schema=schema, wait=True))


def _of_one_version(points: dict[int, Any]) -> dict[int, Any]:
    """Where a publication came between, two versions of a document were found: the later one is kept."""
    latest: dict[str, int] = {}
    for point in points.values():
        document_id = point.payload[layout.DOCUMENT]
        latest[document_id] = max(latest.get(document_id, 0), point.payload[layout.SEQUENCE])
    return {
        id_: point
        for id_, point in points.items()
        if point.payload[layout.SEQUENCE] == latest[point.payload[layout.DOCUMENT]]
    }


def _point(passage: IndexedPassage) -> models.PointStruct:
    vector: dict[str, Any] = {layout.DENSE: passage.dense.tolist()}
    if passage.sparse.indices.size:
        vector[layout.SPARSE] = _sparse(passage.sparse)
    return models.PointStruct(id=passage.id, vector=vector, payload=layout.passage_fields(passage))


def _sparse(vector: SparseVector) -> models.SparseVector:
    return models.SparseVector(indices=vector.indices.tolist(), values=vector.values.tolist())


def _named(vectors: Any) -> Any:
    return vectors[layout.DENSE]


def _having(ids: Iterable[int]) -> models.Filter:
    return models.Filter(must=[models.HasIdCondition(has_id=list(ids))])


def _filter(conditions: Conditions) -> models.Filter:
    return models.Filter(
        must=[_condition(condition) for condition in conditions.must],
        must_not=[_condition(condition) for condition in conditions.must_not],
    )


def _condition(condition: AnyOf | Between) -> models.FieldCondition:
    if isinstance(condition, Between):
        return models.FieldCondition(key=condition.key, range=models.Range(gte=condition.low, lte=condition.high))
    return models.FieldCondition(key=condition.key, match=models.MatchAny(any=list(condition.values)))  # type: ignore[arg-type]
