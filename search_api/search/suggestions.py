"""Suggestions over HTTP: what many ask, then titles and headings."""

from __future__ import annotations

from corpus.index.visibility import visible_to
from search_api.access.caller import Caller
from search_api.search.schemas import Suggestion
from search_api.service import Service


def suggest(service: Service, caller: Caller, typed: str, limit: int) -> list[Suggestion]:
    asked = service.frequent.like(typed, max(1, limit // 2))
    found = service.suggestions.suggest(typed, visible_to(caller.principal), limit - len(asked))
    return [
        *(Suggestion(text=text, kind="query", document=None) for text in asked),
        *(Suggestion(text=one.text, kind=one.kind.value, document=one.document) for one in found),
    ]
