"""Passages for a chatbot: the one search, its answer flattened, each passage with what may be cited of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from corpus.documents import Document
from corpus.errors import NotFound
from corpus.index.protocol import Filters
from corpus.search.results import DocumentHit, PassageHit, SearchRequest
from search_api.access.caller import Caller
from search_api.chatbots.conditions import Attributes, Condition, Known
from search_api.documents.schemas import document_url
from search_api.search.service import find
from search_api.service import Service

EVERYTHING = "lonja"
"""The collection of all that the caller may see; a firm's slug is the collection of what that firm shared."""

PAGE = 50  # documents asked for at once
MIDDLE = 6.0  # spreads (see corpus.search.fusion) that are told as 0.5: about what a plain hit has
DEEPEST = 200  # documents looked at for one question, when conditions leave most of them out


@dataclass(frozen=True, slots=True)
class Retrieved:
    document_id: str
    ordinal: int
    title: str
    text: str
    score: float  # 0 to 1
    attributes: Attributes


def collection(service: Service, name: str) -> Filters:
    """Raises NotFound."""
    if name == EVERYTHING:
        return Filters()
    try:
        service.access.organisations.get(name)
    except NotFound:
        raise NotFound(
            f"There is no collection {name!r}.",
            code="unknown_collection",
            hint=f"Use {EVERYTHING!r} for all that the key may see, or a firm's slug for what that firm shared.",
        ) from None
    return Filters(organisations=(name,))


def retrieve(
    service: Service,
    caller: Caller,
    queries: Sequence[str],
    filters: Filters,
    *,
    limit: int,
    least: float = 0.0,
    condition: Condition | None = None,
) -> list[Retrieved]:
    """At most ``limit`` passages with a score of at least ``least``, the best first. Raises BadInput."""
    if condition is not None:
        filters = condition.narrowed(filters)
    best: dict[int, Retrieved] = {}
    answering: dict[str, Document] = {}
    for query in queries:
        request = SearchRequest(
            text=query, principal=caller.principal, filters=filters, passages_per_document=3, with_facets=False
        )
        for identity, found in _passages(service, request, limit, condition, answering):
            if identity not in best or best[identity].score < found.score:
                best[identity] = found
    service.recording.searched(caller, answering.values(), nothing=not answering)
    ranked = sorted((found for found in best.values() if found.score >= least), key=lambda found: -found.score)
    return ranked[:limit]


def _passages(
    service: Service,
    request: SearchRequest,
    limit: int,
    condition: Condition | None,
    answering: dict[str, Document],
) -> list[tuple[int, Retrieved]]:
    address = service.settings.address
    found: list[tuple[int, Retrieved]] = []
    for offset in range(0, DEEPEST, PAGE):
        results = find(service, replace(request, limit=PAGE if condition else min(limit, PAGE), offset=offset))
        for hit in results.hits:
            for passage in hit.passages:
                one = _retrieved(hit, passage, address)
                if condition is None or condition.holds(one.attributes):
                    found.append((passage.stored.id, one))
                    answering[hit.document.id] = hit.document
        if condition is None or len(found) >= limit or offset + PAGE >= results.total:
            break
    return found


def _retrieved(hit: DocumentHit, passage: PassageHit, address: str) -> Retrieved:
    return Retrieved(
        document_id=hit.document.id,
        ordinal=passage.stored.passage.ordinal,
        title=hit.document.facts.title,
        text=passage.stored.passage.text,
        score=relevance(passage),
        attributes=attributes(hit, passage, address),
    )


def relevance(passage: PassageHit) -> float:
    """The passage's score on the scale from 0 to 1 that those protocols know, in the same order."""
    score = max(0.0, passage.score)
    return round(score / (score + MIDDLE), 6)


def attributes(hit: DocumentHit, passage: PassageHit, address: str) -> Attributes:
    """What may be filtered by and cited; what is not known is left out."""
    facts = hit.document.facts
    text = passage.stored.passage
    known: dict[str, Known | None] = {
        "document_id": hit.document.id,
        "title": facts.title,
        "url": document_url(address, hit.document.id, text.ordinal),
        "kind": facts.kind.value,
        "language": text.language,
        "organisation": hit.organisation.id,
        "organisation_name": hit.organisation.name,
        "countries": list(facts.countries),
        "sectors": list(facts.sectors),
        "hs_codes": list(facts.hs_codes),
        "published": facts.published.isoformat() if facts.published else None,
        "valid_until": facts.valid_until.isoformat() if facts.valid_until else None,
        "source": facts.source,
        "page": text.first_page,
        "heading": " > ".join(text.heading_path) or None,
    }
    return {name: value for name, value in known.items() if value is not None and value != []}
