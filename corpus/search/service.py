"""The way of a question: parse, embed, one query to the index, fuse, fetch, group, explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from heapq import nlargest
from itertools import islice
from time import perf_counter

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId, Organisation, Passage, StoredPassage
from corpus.embedding.embedder import Embedder, Vector
from corpus.index.bm25 import encode_query
from corpus.index.protocol import Candidate, Facet, IndexQuery, PassageIndex, SparseVector
from corpus.index.terms import is_code, terms
from corpus.index.visibility import Visibility, visible_to
from corpus.indexing import projection_of
from corpus.language import LanguageTeller
from corpus.passage_text import embedding_text
from corpus.reindexing import check_model
from corpus.search.fusion import (
    Fused,
    fuse,
    join_neighbours,
    join_siblings,
    neighbour_candidates,
    sibling_candidates,
)
from corpus.search.highlights import highlights, matched_words
from corpus.search.query import ParsedQuery, both, parse_query
from corpus.search.relevance import Bar
from corpus.search.results import DocumentHit, Mode, Order, PassageHit, SearchRequest, SearchResults, Why

SHORT = 12  # terms, of a question that may be a code or a name and nothing else
VERIFIED = 3  # passages that are read to see whether every word of the question stands in them
CANDIDATES = 100  # of each leg
LIKELY = 24  # passages, the first ones before what moves them a little: most of a page is among them
THOROUGH = 1_000  # of each leg, where passages are read for phrases and for words to leave out


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
        """Raises BadInput for what :func:`parse_query` cannot read."""
        parsed = parse_query(request.text)
        watch = _Watch()
        visibility = visible_to(request.principal)
        filters = both(request.filters, parsed.filters)
        with watch.stage("embed"):
            language = self._teller.tell(parsed.text).language
            dense = None if request.mode is Mode.KEYWORD else self._neutral(parsed.text)
            sparse = None if request.mode is Mode.SEMANTIC else encode_query(parsed.text, language)
        with watch.stage("index"):
            candidates = []
            if filters is not None:
                limit = THOROUGH if parsed.reads_passages else CANDIDATES
                candidates = self._index.search(IndexQuery(visibility, dense, sparse, filters, limit))
        with watch.stage("fuse"):
            read = Read(self._catalog, LIKELY)
            ranked = self._ranked(parsed, language, candidates, sparse, read)
            full = _full_match(parsed.text, candidates, read) if _is_short(sparse) else None
            relevant = Bar(self._projection, dense, sparse, language).relevant(ranked, full)
            groups = _grouped(relevant if request.only_relevant else ranked, request.passages_per_document)
        with watch.stage("fetch"):
            wanted = frozenset(() if sparse is None else sparse.indices.tolist())
            hits, total, facets = self._fetch(request, visibility, groups, language, wanted, read)
        return SearchResults(language, hits, total, facets, not (relevant and total), watch.milliseconds)

    def _neutral(self, text: str) -> Vector:
        return self._projection.apply(self._embedder.embed_query(text))

    def _ranked(
        self,
        parsed: ParsedQuery,
        language: str,
        candidates: Sequence[Candidate],
        sparse: SparseVector | None,
        read: Read,
    ) -> list[Fused]:
        if parsed.reads_passages:
            texts = read(each.passage_id for each in candidates)
            candidates = [
                each
                for each in candidates
                if each.passage_id in texts and parsed.admits(texts[each.passage_id].passage.text)
            ]
        scale = self._projection.scale
        fused = fuse(candidates, scale, 0 if sparse is None else sparse.indices.size)
        read.expect([*_by_words(candidates), *(each.candidate.passage_id for each in fused)])
        if best := read(neighbour_candidates(fused)):
            of_best = {id_: list(terms(each.passage.text, each.passage.language)) for id_, each in best.items()}
            fused = join_neighbours(fused, list(terms(parsed.text, language)), of_best)
        return join_siblings(fused, self._index.vectors(sibling_candidates(fused)), scale)

    def _fetch(
        self,
        request: SearchRequest,
        visibility: Visibility,
        groups: Mapping[DocumentId, Sequence[Fused]],
        language: str,
        wanted: frozenset[int],
        read: Read,
    ) -> tuple[tuple[DocumentHit, ...], int, Mapping[Facet, Mapping[str, int]]]:
        """The catalog has the last word: what it does not show for this visibility, in this version, is not found."""
        documents = self._catalog.documents.some(groups, visibility)
        found = [
            documents[document]
            for document, group in groups.items()
            if document in documents and _is_current(documents[document], group[0].candidate.version_id)
        ]
        if request.order is Order.DATE:
            found.sort(key=lambda document: document.facts.published or document.created.date(), reverse=True)
        page = found[request.offset : request.offset + request.limit]
        passages = read(fused.candidate.passage_id for document in page for fused in groups[document.id])
        organisations = {each.id: each for each in self._catalog.organisations.all()} if page else {}
        hits = (
            _document_hit(
                document, organisations[document.organisation], groups[document.id], passages, language, wanted
            )
            for document in page
        )
        facets = _facets(found) if request.with_facets else {}
        return tuple(hit for hit in hits if hit.passages), len(found), facets


class Read:
    """The passages that one question has read, each once.

    What is expected to be shown is read together with what is asked for first: asking costs more than a few passages.
    """

    def __init__(self, catalog: Catalog, ahead: int) -> None:
        self._catalog = catalog
        self._ahead = ahead
        self._expected: list[int] = []
        self._read: dict[int, StoredPassage] = {}

    def expect(self, ids: Iterable[int]) -> None:
        """The first of them are read with the next."""
        self._expected = list(islice(ids, self._ahead))

    def __call__(self, ids: Iterable[int]) -> dict[int, StoredPassage]:
        """Those of them that are there, by id."""
        wanted = list(ids)
        if missing := [id_ for id_ in wanted if id_ not in self._read]:
            self._read |= self._catalog.passages.some({*missing, *self._expected} - self._read.keys())
            self._expected = []
        return {id_: self._read[id_] for id_ in wanted if id_ in self._read}


def _full_match(text: str, candidates: Sequence[Candidate], read: Read) -> float | None:
    """The BM25 score of the best passage in which every word of the question stands."""
    scores = {each.passage_id: each.sparse for each in candidates}
    for id_, stored in read(_by_words(candidates)).items():
        if _has_every_word(stored.passage, text):
            return scores[id_]
    return None


def _by_words(candidates: Sequence[Candidate]) -> list[int]:
    """The few with the best BM25 scores, the best first."""
    best = nlargest(VERIFIED, (each for each in candidates if each.sparse), key=lambda each: each.sparse or 0.0)
    return [each.passage_id for each in best]


def _is_short(sparse: SparseVector | None) -> bool:
    return sparse is not None and 0 < sparse.indices.size <= SHORT


def _has_every_word(passage: Passage, text: str) -> bool:
    """Of a question with codes in it, every code: "HS 0901.21" is asked of a text that says "partida 0901.21"."""
    wanted = set(terms(text, passage.language))
    wanted = {term for term in wanted if is_code(term)} or wanted
    return bool(wanted) and wanted <= set(terms(embedding_text(None, passage), passage.language))


def _is_current(document: Document, version: int) -> bool:
    """Or about to be: the index shows a new version, whole, a moment before the catalog does, and never the older."""
    return document.current_version is not None and document.current_version <= version


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
