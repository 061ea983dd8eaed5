"""Suggestions over HTTP: what many ask, then titles and headings, and what was probably meant."""

from __future__ import annotations

from corpus.documents import Principal, Role
from corpus.folding import fold, folded_words
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
    meant: list[str] = []
    seen = visible_to(caller.principal)
    if caller.organisation is not None and service.warming.is_done:  # titles need no index, and wait for none
        asked = service.frequent.like(typed, max(1, limit // 2), lambda text: everybody_may_find(service, text))
        right = service.suggestions.respelled(typed, seen, lambda word: stands_somewhere(service, caller, word))
        meant = [right] if right is not None else []
    found = service.suggestions.suggest(typed, seen, limit - len(asked) - len(meant))
    some = [
        *(Suggestion(text=text, kind="query", document=None) for text in asked),
        *(Suggestion(text=one.text, kind=one.kind.value, document=one.document) for one in found),
        *(Suggestion(text=text, kind="spelling", document=None) for text in meant),
    ]
    return some[:limit]


def stands_somewhere(service: Service, caller: Caller, word: str) -> bool:
    """Whether it stands in a text that the caller may see. Words like it are found as well, and do not count."""
    request = SearchRequest(word, caller.principal, mode=Mode.KEYWORD, only_relevant=False, with_facets=False)
    texts = (passage.stored.passage.text for hit in service.library.search(request).hits for passage in hit.passages)
    return any(fold(word) in folded_words(text) for text in texts)


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
