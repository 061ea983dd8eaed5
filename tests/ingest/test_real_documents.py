"""Treaties, laws and PDFs as they are: nothing lost, articles found, nothing too long."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.documents import Passage
from corpus.errors import DocumentError
from ingest.converted import ConvertedDocument
from ingest.isolation import convert_isolated
from ingest.passages import PassageLimits, passages_of
from ingest.structure import Section, structure
from ingest.structure.furniture import without_furniture
from ingest.structure.markers import marker_at
from ingest.structure.paragraphs import lines_of
from ingest.structure.words import Rank
from tests.ingest.passages.counting import FourLetterPieces

COUNTER = FourLetterPieces()
LIMITS = PassageLimits()
WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Read:
    converted: ConvertedDocument
    sections: list[Section]
    passages: list[Passage]


def read(path: Path) -> Read | None:
    """None for a file that cannot be converted: why is the business of other tests."""
    try:
        converted = convert_isolated(path, file_name=path.name)
    except DocumentError:
        return None
    sections = structure(converted)
    return Read(converted, sections, passages_of(sections, COUNTER, LIMITS, language="es"))


@pytest.mark.parametrize("folder", ["treaties/es", "treaties/fr", "treaties/en", "laws-uy", "codes-br", "pdf-samples"])
def test_nothing_is_lost_and_every_passage_fits(shared: Path, folder: str) -> None:
    found = {path.name: read(path) for path in sorted((shared / "real-docs" / folder).iterdir())}
    readable = {name: each for name, each in found.items() if each is not None}
    assert len(readable) >= len(found) / 2
    for name, document in readable.items():
        shown = "\n".join(part for passage in document.passages for part in (*passage.heading_path, passage.text))
        words = set(WORD.findall(shown))
        lines = lines_of(document.converted.blocks)
        kept = {id(line) for line in without_furniture(lines)}
        dropped = {word for line in lines if id(line) not in kept for word in WORD.findall(line.text)}
        wanted = {word for block in document.converted.blocks for word in WORD.findall(block.text)} - dropped
        torn = {word for word in wanted - words if not any(word in whole for whole in words)}
        assert not torn, name
        for passage in document.passages:
            assert COUNTER.count(passage.text) <= LIMITS.max_tokens, name


def article_numbers(sections: list[Section]) -> list[int]:
    markers = (marker_at(section.heading_path[-1]) for section in sections if section.heading_path)
    numbers = (marker.number.replace(".", "") for marker in markers if marker and marker.rank is Rank.ARTICLE)
    return [int(match[0]) for number in numbers if (match := re.match(r"\d+", number))]


def test_every_article_of_a_law_is_found(shared: Path) -> None:
    """Laws number their articles from 1 without a gap."""
    for path in sorted((shared / "real-docs" / "laws-uy").glob("UY-*.md")):
        document = read(path)
        assert document is not None
        numbers = set(article_numbers(document.sections))
        assert numbers == set(range(1, max(numbers) + 1)), path.name


@pytest.mark.parametrize(("code", "articles"), [("cdc", 119), ("cf88", 250), ("lc87-1996", 36), ("lindb", 30)])
def test_every_article_of_a_code_is_found_though_its_format_marks_none(shared: Path, code: str, articles: int) -> None:
    document = read(shared / "real-docs" / "codes-br" / f"{code}.html")
    assert document is not None
    assert set(range(1, articles + 1)) <= set(article_numbers(document.sections))


def test_articles_of_a_treaty_stand_below_their_chapters(shared: Path) -> None:
    document = read(next((shared / "real-docs" / "treaties" / "es").glob("pta_339*.html")))
    assert document is not None
    paths = [passage.heading_path for passage in document.passages]
    assert (
        "Peru - Chile",
        "CAPÍTULO 5: Procedimientos Aduaneros Y Facilitación Del Comercio",
        "ARTÍCULO 5.2: Despacho De Mercancías",
    ) in paths


def test_running_headers_of_a_paper_are_gone_and_its_pages_are_right(shared: Path) -> None:
    path = next(
        (shared / "hostile").rglob("pdflatex-outline.pdf"), shared / "real-docs/pdf-samples/pdflatex-outline.pdf"
    )
    document = read(path)
    assert document is not None
    pages = [(passage.first_page, passage.last_page) for passage in document.passages]
    assert pages == sorted(pages)
    assert {page for pair in pages for page in pair} <= set(range(1, (document.converted.pages or 0) + 1))
    assert not any(re.fullmatch(r"\d+", line) for passage in document.passages for line in passage.text.splitlines())
