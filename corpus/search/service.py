"""The way of a question: parse, embed, one query to the index, fuse, fetch, group, explain."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from heapq import nlargest
from itertools import islice
from time import perf_counter
from typing import NamedTuple

from corpus.catalog import Catalog
from corpus.documents import Document, DocumentId, Organisation, OrganisationId, Passage, StoredPassage
from corpus.embedding.embedder import Embedder, Vector
from corpus.index.bm25 import encode_query, term_ids
from corpus.index.protocol import Candidate, Facet, Filters, IndexQuery, PassageIndex, SparseVector, WordsLeg
from corpus.index.translations import NOTHING, Translated, translate
from corpus.index.visibility import visible_to
from corpus.indexing import projection_of
from corpus.language import LanguageTeller
from corpus.reindexing import check_model
from corpus.search.fusion import (
    Fused,
    fuse,
    join_neighbours,
    join_siblings,
    join_written,
    neighbour_candidates,
    sibling_candidates,
    written_candidates,
)
from corpus.search.highlights import highlights, matched_words
from corpus.search.languages import AskedIn, LanguagesSeen, asked_in
from corpus.search.query import both, parse_query
from corpus.search.reading import Read
from corpus.search.relevance import SPEAKING, Bar, named_countries, speaks_of_the_countries
from corpus.search.results import DocumentHit, Mode, Order, PassageHit, SearchRequest, SearchResults, Why
from corpus.search.written import share_written, written_words

SHORT = 12  # terms, of a question that may be a code or a name and nothing else
VERIFIED = 3  # passages that are read to see whether every word of the question stands in them
CANDIDATES = 100  # of each leg
AHEAD = (
    8  # passages that are read while the question is embedded; reading more takes as much from embedding as it saves
)
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
        self._languages = LanguagesSeen(index)
        translate("", "en", ())  # reads the lexicon, which the first question should not have to wait for
        self._beside = ThreadPoolExecutor(thread_name_prefix="search")

    def __call__(self, request: SearchRequest) -> SearchResults:
        """Raises BadInput for what :func:`parse_query` cannot read."""
        watch = _Watch()
        with watch.stage("embed"):
            parsed = parse_query(request.text)
            visibility = visible_to(request.principal)
            filters = both(request.filters, parsed.filters)
            read = Read(self._catalog, visibility, LIKELY)
            limit = THOROUGH if parsed.reads_passages else CANDIDATES
            asked = IndexQuery(visibility, None, None, filters or Filters(), limit)
            by_words: WordsLeg | None = None
            dense: Vector | None = None
            if request.mode is Mode.HYBRID and filters is not None:
                beside = self._beside.submit(self._words_first, parsed.text, asked, read)
                dense = self._neutral(parsed.text)
                understood, by_words = beside.result()
            else:
                understood = self._understand(parsed.text, asked, with_words=request.mode is not Mode.SEMANTIC)
                if request.mode is not Mode.KEYWORD:
                    dense = self._neutral(parsed.text)
            query = replace(asked, dense=dense, sparse=understood.asked)
        with watch.stage("index"):
            candidates = [] if filters is None else self._index.search(query, by_words)
        with ExitStack() as reading:
            with watch.stage("fuse"):
                reading.enter_context(self._catalog.reading_once())
                if parsed.reads_passages:
                    stored = read.passages(each.passage_id for each in candidates)
                    admitted, parsed = parsed.admitted({id_: each.passage.text for id_, each in stored.items()})
                    candidates = [each for each in candidates if each.passage_id in admitted]
                ranked = self._ranked(parsed.text, understood, candidates, read)
                relevant = self._relevant(parsed.text, understood, dense, ranked, read)
                groups = _grouped(relevant if request.only_relevant else ranked, request.passages_per_document)
            with watch.stage("fetch"):
                page = _fetch(request, groups, understood, read)
                reading.close()
        nothing_found = not (relevant and page.total)
        return SearchResults(
            language=understood.language.language,
            hits=page.hits,
            total=page.total,
            facets=page.facets,
            organisations=page.organisations,
            nothing_found=nothing_found,
            milliseconds=watch.milliseconds,
            operators=parsed.operators,
        )

    def close(self) -> None:
        """Waits for what is under way. The catalog, the index and the embedder are their owner's to close."""
        self._beside.shutdown()

    def _words_first(self, text: str, asked: IndexQuery, read: Read) -> tuple[_Understood, WordsLeg | None]:
        """Beside the embedding, which keeps one core busy: searches the words and reads the best of what they bring."""
        understood = self._understand(text, asked, with_words=True)
        found = self._index.by_words(replace(asked, sparse=understood.asked))
        if found is not None:
            read.whole(islice(found.scores, AHEAD))
        return understood, found

    def _understand(self, text: str, asked: IndexQuery, *, with_words: bool) -> _Understood:
        seen = self._languages.by(asked.visibility)
        language = asked_in(text, self._teller, seen)
        if not with_words:
            return _Understood(language, None, NOTHING, None)
        sparse = encode_query(text, language.language)
        translated = translate(text, language.language, asked.filters.languages or seen)
        return _Understood(language, sparse, translated, translated.added_to(sparse))

    def _neutral(self, text: str) -> Vector:
        return self._projection.apply(self._embedder.embed_query(text))

    def _ranked(self, text: str, understood: _Understood, candidates: Sequence[Candidate], read: Read) -> list[Fused]:
        scale = self._projection.scale
        sparse = understood.sparse
        fused = fuse(candidates, scale, 0 if sparse is None else sparse.indices.size)
        read.expect(each.candidate.passage_id for each in fused)
        if best := read.terms(neighbour_candidates(fused)):
            said_in = {each.candidate.passage_id: each.candidate.language for each in fused}
            as_asked = {id_: understood.translated.as_asked(found, said_in[id_]) for id_, found in best.items()}
            fused = join_neighbours(fused, term_ids(text, understood.language.language), as_asked)
        fused = join_siblings(fused, self._index.vectors(sibling_candidates(fused)), scale)
        words = written_words(text, understood.language.language)
        compared = read.passages(written_candidates(fused, understood.language.language) if words else ())
        return join_written(fused, {id_: share_written(words, each.passage.text) for id_, each in compared.items()})

    def _relevant(
        self, text: str, understood: _Understood, dense: Vector | None, ranked: Sequence[Fused], read: Read
    ) -> list[Fused]:
        sparse = understood.sparse
        full = _full_match(text, _best_by_words(ranked), read) if _is_short(sparse) else None
        relevant = Bar(self._projection, dense, sparse, understood.language.language).relevant(ranked, full)
        named = named_countries(text) if dense is not None else frozenset[str]()
        if named and not speaks_of_the_countries(named, _read(relevant[:SPEAKING], read)):
            return []
        return relevant


def _fetch(
    request: SearchRequest,
    groups: Mapping[DocumentId, Sequence[Fused]],
    understood: _Understood,
    read: Read,
) -> _Page:
    """The catalog has the last word: what it does not show to who asks, in this version, is not found."""
    documents = read.documents(groups)
    found = [
        documents[document]
        for document, group in groups.items()
        if document in documents and _is_current(documents[document], group[0].candidate.version_id)
    ]
    if request.order is Order.DATE:
        found.sort(key=lambda document: document.facts.published or document.created.date(), reverse=True)
    page = found[request.offset : request.offset + request.limit]
    passages = read.passages(fused.candidate.passage_id for document in page for fused in groups[document.id])
    organisations = read.organisations(document.organisation for document in found)
    hits = (
        _document_hit(document, organisations[document.organisation], groups[document.id], passages, understood, read)
        for document in page
    )
    facets = _facets(found) if request.with_facets else {}
    return _Page(tuple(hit for hit in hits if hit.passages), len(found), facets, organisations)


def _read(found: Iterable[Fused], read: Read) -> Iterator[tuple[Document, Passage]]:
    passages = read.passages(each.candidate.passage_id for each in found)
    documents = read.documents(stored.document_id for stored in passages.values())
    for stored in passages.values():
        if stored.document_id in documents:
            yield documents[stored.document_id], stored.passage


def _full_match(text: str, best: Mapping[int, float], read: Read) -> float | None:
    """The BM25 score of the best passage in which every word of the question stands."""
    return next((score for id_, score in best.items() if read.has_every_word(id_, text)), None)


def _best_by_words(ranked: Iterable[Fused]) -> dict[int, float]:
    """The BM25 scores of the few with the best ones, the best first."""
    candidates = (fused.candidate for fused in ranked if fused.by_words)
    best = nlargest(VERIFIED, candidates, key=lambda each: each.sparse or 0.0)
    return {each.passage_id: each.sparse or 0.0 for each in best}


def _is_short(sparse: SparseVector | None) -> bool:
    return sparse is not None and 0 < sparse.indices.size <= SHORT


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
    understood: _Understood,
    read: Read,
) -> DocumentHit:
    hits = tuple(
        _passage_hit(passages[fused.candidate.passage_id], fused, understood, read)
        for fused in group
        if fused.candidate.passage_id in passages
    )
    return DocumentHit(
        document=document,
        organisation=organisation,
        score=group[0].score,
        passages=hits,
        in_another_language=bool(hits) and hits[0].stored.passage.language not in understood.language.perhaps,
    )


def _passage_hit(stored: StoredPassage, fused: Fused, understood: _Understood, read: Read) -> PassageHit:
    text = stored.passage.text
    marked = highlights(read.words(stored), understood.wanted_in(stored.passage.language))
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


class _Page(NamedTuple):
    """What is shown of what was found, and what is told of all of it."""

    hits: tuple[DocumentHit, ...]
    total: int  # documents
    facets: Mapping[Facet, Mapping[str, int]]
    organisations: Mapping[OrganisationId, Organisation]


class _Understood(NamedTuple):
    """What is known of a question without its meaning."""

    language: AskedIn
    sparse: SparseVector | None  # its own terms; None where words are not asked
    translated: Translated
    asked: SparseVector | None  # the terms that are looked for, translated ones among them

    def wanted_in(self, language: str) -> frozenset[int]:
        """What is highlighted: its own terms, and what they are called in a passage's language."""
        own = () if self.sparse is None else self.sparse.indices.tolist()
        return self.translated.ids(language).union(own)


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
