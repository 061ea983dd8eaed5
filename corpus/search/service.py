"""The way of a question: parse, embed, one query to the index, fuse, fetch, group, explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from time import perf_counter

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId, Organisation, StoredPassage
from corpus.embedding.embedder import Embedder
from corpus.errors import BadInput
from corpus.index.bm25 import encode_query
from corpus.index.protocol import Facet, IndexQuery, PassageIndex
from corpus.index.visibility import Visibility, visible_to
from corpus.indexing import projection_of
from corpus.language import LanguageTeller
from corpus.reindexing import check_model
from corpus.search.fusion import Fused, fuse
from corpus.search.highlights import highlights, matched_words
from corpus.search.results import DocumentHit, Mode, Order, PassageHit, SearchRequest, SearchResults, Why

LONGEST_QUERY = 4_000  # characters
CANDIDATES = 100  # of each leg


class Search:
    """Answers questions over one index. Safe for threads. Raises WrongModelPack where the index is another model's."""

    def __init__(self, catalog: Catalog, index: PassageIndex, embedder: Embedder) -> None:
        check_model(index, embedder)
        self._catalog = catalog
        self._index = index
        self._embedder = embedder
        self._projection = projection_of(index)
        self._teller = LanguageTeller()

    def __call__(self, request: SearchRequest) -> SearchResults:
        """Raises BadInput for a question that is empty or longer than ``LONGEST_QUERY`` characters."""
        text = _checked(request.text)
        watch = _Watch()
        visibility = visible_to(request.principal)
        with watch.stage("embed"):
            language = self._teller.tell(text).language
            dense = None if request.mode is Mode.KEYWORD else self._projection.apply(self._embedder.embed_query(text))
            sparse = None if request.mode is Mode.SEMANTIC else encode_query(text, language)
        with watch.stage("index"):
            query = IndexQuery(visibility, dense, sparse, request.filters, CANDIDATES)
            candidates = self._index.search(query)
        with watch.stage("fuse"):
            groups = _grouped(fuse(candidates), request.passages_per_document)
        with watch.stage("fetch"):
            wanted = frozenset(() if sparse is None else sparse.indices.tolist())
            hits, total, facets = self._fetch(request, visibility, groups, language, wanted)
        return SearchResults(language, hits, total, facets, watch.milliseconds)

    def _fetch(
        self,
        request: SearchRequest,
        visibility: Visibility,
        groups: Mapping[DocumentId, Sequence[Fused]],
        language: str,
        wanted: frozenset[int],
    ) -> tuple[tuple[DocumentHit, ...], int, Mapping[Facet, Mapping[str, int]]]:
        """The catalog has the last word: what it does not show for this visibility, in this version, is not found."""
        documents = self._catalog.documents.some(groups, visibility)
        found = [
            documents[document]
            for document, group in groups.items()
            if document in documents and documents[document].current_version == group[0].candidate.version_id
        ]
        if request.order is Order.DATE:
            found.sort(key=lambda document: document.facts.published or document.created.date(), reverse=True)
        page = found[request.offset : request.offset + request.limit]
        passages = self._catalog.passages.some(
            fused.candidate.passage_id for document in page for fused in groups[document.id]
        )
        organisations = {each.id: each for each in self._catalog.organisations.all()} if page else {}
        hits = (
            _document_hit(
                document, organisations[document.organisation], groups[document.id], passages, language, wanted
            )
            for document in page
        )
        facets = _facets(found) if request.with_facets else {}
        return tuple(hit for hit in hits if hit.passages), len(found), facets


def _checked(text: str) -> str:
    text = text.replace("\x00", " ").strip()
    if not text:
        raise BadInput("The question is empty.", code="empty_query", hint="Write a few words.")
    if len(text) > LONGEST_QUERY:
        raise BadInput(
            f"The question has {len(text)} characters; {LONGEST_QUERY} are allowed.",
            code="query_too_long",
            hint="Ask for one thing at a time.",
        )
    return text


def _grouped(fused: Iterable[Fused], passages: int) -> dict[DocumentId, list[Fused]]:
    """By document, in the order of each document's best passage; of each the best few."""
    groups: dict[DocumentId, list[Fused]] = {}
    for each in fused:
        group = groups.setdefault(each.candidate.document_id, [])
        if len(group) < passages:
            group.append(each)
    return groups


def _document_hit(
    document: Document,
    organisation: Organisation,
    group: Sequence[Fused],
    passages: Mapping[int, StoredPassage],
    language: str,
    wanted: frozenset[int],
) -> DocumentHit:
    hits = tuple(
        _passage_hit(passages[fused.candidate.passage_id], fused, wanted)
        for fused in group
        if fused.candidate.passage_id in passages
    )
    return DocumentHit(
        document=document,
        organisation=organisation,
        score=group[0].score,
        passages=hits,
        in_another_language=bool(hits) and hits[0].stored.passage.language != language,
    )


def _passage_hit(stored: StoredPassage, fused: Fused, wanted: frozenset[int]) -> PassageHit:
    text = stored.passage.text
    marked = highlights(text, stored.passage.language, wanted)
    why = Why(matched_words(text, marked), fused.candidate.dense, fused.by_words, fused.by_meaning)
    return PassageHit(stored, fused.score, why, marked)


def _facets(documents: Iterable[Document]) -> dict[Facet, dict[str, int]]:
    """How many of the relevant documents have each value, the most frequent first."""
    counts: dict[Facet, Counter[str]] = {facet: Counter() for facet in Facet}
    for document in documents:
        facts = document.facts
        counts[Facet.KIND][facts.kind.value] += 1
        counts[Facet.ORGANISATION][document.organisation] += 1
        if facts.language:
            counts[Facet.LANGUAGE][facts.language] += 1
        counts[Facet.COUNTRY].update(facts.countries)
        counts[Facet.SECTOR].update(facts.sectors)
        counts[Facet.HS_CODE].update(facts.hs_codes)
    return {
        facet: dict(sorted(counter.items(), key=lambda pair: (-pair[1], pair[0]))) for facet, counter in counts.items()
    }


class _Watch:
    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.milliseconds[name] = round((perf_counter() - start) * 1000, 3)
