"""Suggestions over HTTP: what many ask, then titles and headings."""

from __future__ import annotations

from corpus.documents import Principal, Role
from corpus.index.visibility import visible_to
from corpus.search.results import Mode, SearchRequest
from search_api.access.caller import Caller
from search_api.search.schemas import Suggestion
from search_api.service import Service
from search_api.statistics.words import words_of

ANYBODY = Principal(organisation="", role=Role.MEMBER)
"""Of a firm that there is not (no slug is empty): who sees what is for the whole cluster, and nothing else."""

ENDING = 2  # letters: of a long word, another form of it will do


def suggest(service: Service, caller: Caller, typed: str, limit: int) -> list[Suggestion]:
    """Who has no organisation sees no document, and is told nothing of what others ask of them."""
    asked: list[str] = []
    if caller.organisation is not None and service.warming.is_done:  # titles need no index, and wait for none
        asked = service.frequent.like(typed, max(1, limit // 2), lambda text: everybody_may_find(service, text))
    found = service.suggestions.suggest(typed, visible_to(caller.principal), limit - len(asked))
    return [
        *(Suggestion(text=text, kind="query", document=None) for text in asked),
        *(Suggestion(text=one.text, kind=one.kind.value, document=one.document) for one in found),
    ]


def everybody_may_find(service: Service, text: str) -> bool:
    """Whether all the words of a question stand in documents for the whole cluster."""
    request = SearchRequest(text, ANYBODY, mode=Mode.KEYWORD, only_relevant=False, with_facets=False)
    said = [
        " ".join((hit.document.facts.title, *passage.stored.passage.heading_path, passage.stored.passage.text))
        for hit in service.library.search(request).hits
        for passage in hit.passages
    ]
    known = set(words_of(" ".join(said)))
    return all(word in known or _has_form(word, known) for word in words_of(text))


def _has_form(word: str, known: set[str]) -> bool:
    return len(word) > 3 * ENDING and any(each.startswith(word[:-ENDING]) for each in known)
