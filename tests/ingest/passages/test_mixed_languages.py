from __future__ import annotations

from corpus.language import LanguageTeller
from ingest.converted import Block, ConvertedDocument
from ingest.mixed_languages import paragraph_languages
from ingest.passages import PassageLimits, passages_of
from ingest.structure import structure
from tests.ingest.passages.counting import FourLetterPieces

TELLER = LanguageTeller()
SPANISH = "El vendedor entrega la mercancía en el puerto convenido y avisa al comprador con cinco días de antelación."
ENGLISH = "The seller delivers the goods at the agreed port and gives the buyer notice five days in advance of it."
LIMITS = PassageLimits(target_tokens=200, max_tokens=300)


def texts(*paragraphs: str) -> list[str]:
    sections = structure(ConvertedDocument("text/html", tuple(map(Block, paragraphs))))
    tell = paragraph_languages(sections, TELLER)
    return [each.text for each in passages_of(sections, FourLetterPieces(), LIMITS, language="es", tell=tell)]


def test_no_passage_holds_two_languages() -> None:
    assert texts(SPANISH, ENGLISH, ENGLISH, SPANISH) == [SPANISH, f"{ENGLISH}\n{ENGLISH}", SPANISH]


def test_a_short_line_goes_with_what_is_before_it() -> None:
    assert texts(SPANISH, "FOB Callao", ENGLISH) == [f"{SPANISH}\nFOB Callao", ENGLISH]


def test_a_document_in_one_language_is_not_looked_at_again() -> None:
    sections = structure(ConvertedDocument("text/html", (Block(SPANISH), Block(SPANISH))))
    assert paragraph_languages(sections, TELLER) is None
