from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from corpus.documents import Audience, Principal
from corpus.errors import BadInput, NotFound
from corpus.index.protocol import Filters
from corpus.index.visibility import visible_to
from corpus.indexing import EVERYTHING
from corpus.library import Library
from corpus.search.filters import read_filters
from corpus.search.results import Mode, Order, SearchRequest
from ingest.run import Report
from tests.library.texts import ALL, COFFEE, LEATHER

QUESTION = "café tostado en Chile"


def found(library: Library, organisation: str | None, mode: Mode = Mode.HYBRID) -> int:
    results = library.search(SearchRequest(QUESTION, Principal(organisation), mode=mode))
    assert len(results.hits) == results.total
    return results.total


@pytest.mark.parametrize("mode", list(Mode))
def test_each_sees_what_was_shared_with_them(library: Library, take_in: Callable[..., Report], mode: Mode) -> None:
    [event] = take_in({"coffee.md": COFFEE}, audience=Audience.of("beta")).events
    assert (found(library, "alpha", mode), found(library, "beta", mode), found(library, "gamma", mode)) == (1, 1, 0)
    assert found(library, None, mode) == 0
    assert event.document is not None
    library.set_audience(event.document, Audience.owner())
    assert (found(library, "alpha", mode), found(library, "beta", mode)) == (1, 0)
    library.set_audience(event.document, Audience.cluster(), draft=True)
    assert (found(library, "alpha", mode), found(library, "beta", mode)) == (1, 0)
    library.set_audience(event.document, Audience.cluster())
    assert found(library, "gamma", mode) == 1


def test_counts_and_facets_say_nothing_of_what_is_hidden(library: Library, take_in: Callable[..., Report]) -> None:
    take_in({"coffee.md": COFFEE}, audience=Audience.owner())
    hidden = visible_to(Principal("beta"))
    assert library.index.count(hidden, Filters()) == 0
    results = library.search(SearchRequest(QUESTION, Principal("beta")))
    assert all(not counts for counts in results.facets.values())


def test_no_search_that_starts_after_narrowing_sees_the_document(
    library: Library, take_in: Callable[..., Report]
) -> None:
    [event] = take_in({"coffee.md": COFFEE}).events
    assert event.document is not None
    narrowed = threading.Event()
    stop = threading.Event()
    late: list[int] = []

    def ask() -> None:
        while not stop.is_set():
            after = narrowed.is_set()
            seen = found(library, "beta")
            if after:
                late.append(seen)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    library.set_audience(event.document, Audience.owner())
    narrowed.set()
    while len(late) < 50:
        threads[0].join(0.05)
    stop.set()
    for thread in threads:
        thread.join()
    assert set(late) == {0}


def test_hidden_and_restored(library: Library, take_in: Callable[..., Report]) -> None:
    [event] = take_in({"coffee.md": COFFEE}).events
    assert event.document is not None
    library.hide(event.document)
    assert found(library, "alpha") == 0
    with pytest.raises(NotFound):
        library.catalog.documents.get(event.document, visible_to(Principal.operator()))
    library.restore(event.document)
    assert found(library, "alpha") == 1


def test_filters_leave_what_they_say(library: Library, take_in: Callable[..., Report]) -> None:
    take_in(ALL)

    def titles(**filters: list[str]) -> set[str]:
        request = SearchRequest("exportar", Principal("alpha"), read_filters(**filters), only_relevant=False)
        return {hit.document.facts.title for hit in library.search(request).hits}

    assert titles(hs_codes=["0901"]) == {"Vender café tostado en Chile"}
    assert titles(languages=["pt"]) == {"Manga fresca para o Brasil"}
    assert titles(organisations=["beta"]) == set()
    assert len(titles()) == len(ALL)


def test_highlights_are_the_words_that_matched(library: Library, take_in: Callable[..., Report]) -> None:
    take_in(ALL)
    hit = library.search(SearchRequest("certificado de origen", Principal("alpha"))).hits[0].passages[0]
    text = hit.stored.passage.text
    marked = [text[highlight.start : highlight.end] for highlight in hit.highlights]
    assert "certificado" in marked
    assert "origen" in marked
    assert set(hit.why.words) <= set(marked)
    assert hit.why.by_words


def test_pages_of_results_do_not_overlap(library: Library, take_in: Callable[..., Report]) -> None:
    take_in(ALL)
    requests = [
        SearchRequest("exportar", Principal("alpha"), limit=1, offset=offset, only_relevant=False, order=order)
        for order in Order
        for offset in range(len(ALL))
    ]
    pages = [[hit.document.id for hit in library.search(request).hits] for request in requests]
    for start in (0, len(ALL)):
        assert len({document for page in pages[start : start + len(ALL)] for document in page}) == len(ALL)


@pytest.mark.parametrize(
    ("text", "code"),
    [("", "empty_query"), (" \n\x00 ", "empty_query"), ("arancel " * 12_500, "query_too_long")],
)
def test_a_question_that_is_none_is_refused(library: Library, text: str, code: str) -> None:
    with pytest.raises(BadInput) as refused:
        library.search(SearchRequest(text, Principal("alpha")))
    assert refused.value.code == code


@pytest.mark.parametrize("text", ["'; DROP TABLE document; --", "<script>", "的", "\ud800 chromium", "{{7*7}} x"])
def test_any_text_is_a_question(library: Library, take_in: Callable[..., Report], text: str) -> None:
    take_in({"leather.md": LEATHER})
    library.search(SearchRequest(text, Principal("alpha")))


@pytest.mark.parametrize("text", ["?", "🥭" * 50, "-x", "\ud800"])
def test_a_question_without_a_word_is_refused_in_a_sentence(library: Library, text: str) -> None:
    with pytest.raises(BadInput) as refused:
        library.search(SearchRequest(text, Principal("alpha")))
    assert refused.value.code == "empty_query"


def test_an_empty_library_answers_that_nothing_is_found(library: Library) -> None:
    assert library.search(SearchRequest(QUESTION, Principal("alpha"))).nothing_found


def test_a_corrected_title_is_found_by_its_words(library: Library, take_in: Callable[..., Report]) -> None:
    [event] = take_in({"coffee.md": COFFEE}).events
    assert event.document is not None
    facts = library.catalog.documents.get(event.document, EVERYTHING).facts

    def by_word() -> int:
        return library.search(SearchRequest("quetzalcoatlus", Principal("alpha"), mode=Mode.KEYWORD)).total

    assert by_word() == 0
    library.set_facts(event.document, replace(facts, title="El quetzalcoatlus y su café"), ["title"])
    assert by_word() == 1
    assert found(library, "alpha") == 1
