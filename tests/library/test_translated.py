"""Words of other languages, in the answers that people get."""

from __future__ import annotations

from collections.abc import Callable

from corpus.documents import Audience, Principal
from corpus.index.visibility import visible_to
from corpus.library import Library
from corpus.search.languages import STALE_AFTER, LanguagesSeen
from corpus.search.results import Mode, PassageHit, SearchRequest
from ingest.run import Report

LEITE = """# Laticínios

O queijo e a manteiga pagam tarifa na alfândega. O fiscal pesa cada caixa e abre uma em cada dez para conferir o rótulo.
"""
QUESTION = "arancel del queso y de la mantequilla"


def _passages(library: Library, text: str, organisation: str = "alpha") -> list[PassageHit]:
    request = SearchRequest(text, Principal(organisation), mode=Mode.KEYWORD)
    return [passage for hit in library.search(request).hits for passage in hit.passages]


def test_words_find_what_only_their_translations_say(library: Library, take_in: Callable[..., Report]) -> None:
    take_in({"leite.md": LEITE})
    [passage] = _passages(library, "mantequilla")
    text = passage.stored.passage.text
    assert passage.why.by_words
    assert passage.why.words == ("manteiga",)
    assert [text[each.start : each.end] for each in passage.highlights] == ["manteiga"]
    assert not _passages(library, "dinosaurio")


def test_what_is_marked_stands_in_the_passage(library: Library, take_in: Callable[..., Report]) -> None:
    take_in({"leite.md": LEITE})
    [passage] = _passages(library, QUESTION)
    assert set(passage.why.words) == {"queijo", "manteiga", "tarifa"}


def test_a_language_that_somebody_may_not_see_is_none_of_theirs(
    library: Library, take_in: Callable[..., Report]
) -> None:
    now = 0.0
    seen = LanguagesSeen(library.index, lambda: now)
    [event] = take_in({"leite.md": LEITE}, audience=Audience.owner()).events
    assert event.document is not None
    alpha, beta = visible_to(Principal("alpha")), visible_to(Principal("beta"))
    assert seen.by(alpha) == {"pt"}
    assert seen.by(beta) == set()
    library.set_audience(event.document, Audience.cluster())
    assert seen.by(beta) == {"pt"}  # nothing is not remembered: a library is about to be filled
    library.remove(event.document)
    assert seen.by(beta) == {"pt"}
    now = STALE_AFTER + 1
    assert seen.by(beta) == set()


COURO = "# Peles\n\nO curtume entrega o couro em rolos de vinte folhas, cada um com o seu certificado de curtimento."
LEATHER = "# Hides\n\nThe tannery inspects every roll of leather before it is packed and sent to the port."


def test_one_word_is_asked_in_its_own_language(library: Library, take_in: Callable[..., Report]) -> None:
    take_in({"couro.md": COURO, "leather.md": LEATHER})
    for question, own in (("couro", "Peles"), ("leather", "Hides")):
        hits = library.search(SearchRequest(question, Principal("alpha"))).hits
        assert {hit.document.facts.title: hit.in_another_language for hit in hits} == {
            "Peles": own != "Peles",
            "Hides": own != "Hides",
        }
