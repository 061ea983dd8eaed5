"""From what is asked over HTTP to the one search, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from corpus.documents import DocumentId, Passage, StoredPassage
from corpus.errors import NotFound
from corpus.index.protocol import Facet
from corpus.search.results import DocumentHit, PassageHit, SearchRequest, SearchResults
from search_api.access.caller import Caller
from search_api.documents.rights import visible
from search_api.documents.schemas import document_url, tell_document
from search_api.feedback.service import own as own_verdicts
from search_api.schemas import Verdict
from search_api.search.schemas import (
    DocumentHitAnswer,
    FacetValue,
    FiltersBody,
    HighlightAnswer,
    OperatorAnswer,
    PassageAnswer,
    PassageHitAnswer,
    PassagesAnswer,
    SearchAnswer,
    SearchBody,
    WhyAnswer,
)
from search_api.service import Service

_PASSAGE = tuple(field.name for field in fields(Passage))

Verdicts = Mapping[tuple[DocumentId, int | None], Verdict]
"""What the caller said of answers to this question, by document and passage."""


def find(service: Service, request: SearchRequest) -> SearchResults:
    """The search behind every door; counted for the metrics."""
    results = service.library.search(request)
    service.metrics.search(results.milliseconds)
    return results


def answer_search(service: Service, caller: Caller, body: SearchBody) -> SearchAnswer:
    """Raises BadInput."""
    results = find(
        service,
        SearchRequest(
            text=body.query,
            principal=caller.principal,
            filters=body.filters.read(),
            mode=body.mode,
            order=body.order,
            limit=body.limit,
            offset=body.offset,
            passages_per_document=body.passages_per_document,
            with_facets=body.facets,
        ),
    )
    if body.offset == 0:
        service.recording.searched(
            caller,
            [hit.document for hit in results.hits],
            nothing=results.nothing_found,
            typed=body.query if body.filters == FiltersBody() else None,
        )
    said = own_verdicts(service, caller, body.query) if results.hits else {}
    return SearchAnswer(
        language=results.language,
        total=results.total,
        nothing_found=results.nothing_found,
        operators=[OperatorAnswer.model_validate(operator) for operator in results.operators],
        hits=[_hit(hit, caller, service.settings.address, said) for hit in results.hits],
        facets={
            facet: [
                FacetValue(
                    value=value,
                    label=results.organisations[value].name if facet is Facet.ORGANISATION else value,
                    count=count,
                )
                for value, count in counts.items()
            ]
            for facet, counts in results.facets.items()
        },
        milliseconds=dict(results.milliseconds) if body.explain else None,
    )


def passages_of(
    service: Service, caller: Caller, document_id: DocumentId, *, around: int | None, reach: int
) -> PassagesAnswer:
    """``reach`` passages before and after the ordinal ``around``; the first ones where it is None. Raises NotFound."""
    catalog = service.library.catalog
    document = visible(service, caller, document_id)
    if document.current_version is None:
        raise NotFound(f"There is no text of document {document_id!r} yet.", code="not_ready")
    first = 0 if around is None else max(0, around - reach)
    last = 2 * reach if around is None else around + reach
    found, total = catalog.passages.between(document.current_version, first, last)
    if around is not None and around >= total:
        raise NotFound(f"Document {document_id!r} has no passage {around}.", code="unknown_passage")
    organisation = catalog.organisations.get(document.organisation)
    return PassagesAnswer(
        document=tell_document(document, organisation, caller, service.settings.address),
        passages=[tell_passage(stored) for stored in found],
        total=total,
    )


def tell_passage(stored: StoredPassage) -> PassageAnswer:
    return PassageAnswer(id=stored.id, **_told_of(stored.passage))


def _told_of(passage: Passage) -> dict[str, Any]:
    """All of it. (``asdict`` copies what it finds, at ten times the price.)"""
    return {name: getattr(passage, name) for name in _PASSAGE}


def _hit(hit: DocumentHit, caller: Caller, address: str, said: Verdicts) -> DocumentHitAnswer:
    return DocumentHitAnswer(
        document=tell_document(hit.document, hit.organisation, caller, address),
        score=hit.score,
        in_another_language=hit.in_another_language,
        passages=[_passage_hit(passage, address, said) for passage in hit.passages],
        verdict=said.get((hit.document.id, None)),
    )


def _passage_hit(hit: PassageHit, address: str, said: Verdicts) -> PassageHitAnswer:
    passage = hit.stored.passage
    return PassageHitAnswer(
        id=hit.stored.id,
        **_told_of(passage),
        url=document_url(address, hit.stored.document_id, passage.ordinal),
        score=hit.score,
        highlights=[HighlightAnswer(start=one.start, end=one.end) for one in hit.highlights],
        why=WhyAnswer.model_validate(hit.why),
        verdict=said.get((hit.stored.document_id, passage.ordinal)),
    )
