"""The library as what an evaluation asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from corpus.documents import Principal
from corpus.evaluation.collection import Collection
from corpus.evaluation.evaluate import Answer, Ranked
from corpus.library import Library
from corpus.search.results import Mode, PassageHit, SearchRequest

OnProgress = Callable[[int, int | None, str], None]
PASSAGES_OF_A_DOCUMENT = 100


@dataclass(frozen=True, slots=True)
class Searched:
    """A collection that is indexed, and who searches it."""

    collection: Collection
    searcher: Callable[[Mode], LibrarySearcher]


class LibrarySearcher:
    """Ranks what ``names`` names: passages by their id in the catalog. Others are passed over."""

    def __init__(self, library: Library, names: Mapping[int, str], mode: Mode, *, passages: int) -> None:
        self._library = library
        self._names = names
        self._mode = mode
        self._passages = passages  # of a document, at most

    def search(self, question: str, limit: int) -> Answer:
        """One search: it ranks what is irrelevant as well, and says whether nothing of it is relevant."""
        request = SearchRequest(
            question,
            Principal.operator(),
            mode=self._mode,
            limit=limit,
            passages_per_document=self._passages,
            with_facets=False,
            only_relevant=False,
        )
        results = self._library.search(request)
        found = sorted((passage for hit in results.hits for passage in hit.passages), key=lambda each: -each.score)
        named: dict[str, Ranked] = {}
        for each in found:
            if name := self._names.get(each.stored.id):
                named.setdefault(name, Ranked(name, each.score, _because(each)))
        return Answer(tuple(named.values())[:limit], results.nothing_found)


def _because(passage: PassageHit) -> str:
    why = passage.why
    meaning = "" if why.meaning is None else f"meaning {why.meaning:.3f}; "
    return f"{meaning}words: {', '.join(why.words[:8]) or 'none'}"
