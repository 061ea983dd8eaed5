"""Real files of many makers, and files made to break readers: each ends with an outcome, the readable ones with text.

The folders are beside the project and no part of it. ``make test`` looks at a sample, ``slow`` at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.isolation import Converter
from ingest.isolation.wire import CODES
from ingest.limits import Limits

SAMPLE_EVERY = 12


@pytest.fixture(scope="module")
def converter() -> Iterator[Converter]:
    with Converter() as ready:
        yield ready


def outcome(converter: Converter, path: Path) -> ConvertedDocument | str:
    """The document, or the code of the error."""
    try:
        return converter.convert(path, file_name=path.name, limits=Limits(cpu_seconds=120, wall_seconds=240))
    except DocumentError as caught:
        error = caught
    assert error.code in CODES, f"{path.name}: {error.code}"
    assert error.message.startswith(f"{path.name}: ")
    return error.code


def check_promises(document: ConvertedDocument, name: str) -> None:
    """What ``ingest.converted`` promises of every block."""
    for block in document.blocks:
        text = block.text
        assert text == text.strip(), (name, block)
        assert text, (name, block)
        assert unicodedata.is_normalized("NFC", text), (name, block)
        assert not any(unicodedata.category(char) in ("Cc", "Cs") and char != "\n" for char in text), (name, block)
        if block.kind not in (BlockKind.PARAGRAPH, BlockKind.CODE):
            assert "\n" not in text, (name, block)
        assert block.page is None or block.page >= 1
        assert (block.level is not None) == (block.kind in (BlockKind.HEADING, BlockKind.LIST_ITEM)), (name, block)
        if document.pages is not None and block.page is not None:
            assert block.page <= document.pages, (name, block)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("folder", ["hostile", "real-docs"])
def test_a_sample_of_all_files_ends_with_an_outcome(shared: Path, converter: Converter, folder: str) -> None:
    for path in files(shared / folder)[::SAMPLE_EVERY]:
        result = outcome(converter, path)
        if isinstance(result, ConvertedDocument):
            check_promises(result, path.name)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_hostile_file_ends_with_an_outcome_and_none_by_force(shared: Path, converter: Converter) -> None:
    crashed = []
    for path in files(shared / "hostile"):
        result = outcome(converter, path)
        if isinstance(result, ConvertedDocument):
            check_promises(result, path.name)
        elif result in ("crashed", "timed_out", "out_of_memory"):
            crashed.append((path.name, result))
    assert crashed == []


UNREADABLE = {
    # Nothing or only white space in them.
    "empty.eml": "empty",
    "empty.txt": "empty",
    "fake-text-all-whitespace.txt": "empty",
    "empty.xlsx": "no_text",
    # A password is needed to open them.
    "fake-encrypted.eml": "encrypted",
    "password.pdf": "encrypted",
    "password_protected.xlsx": "encrypted",
    "libreoffice-writer-password.pdf": "encrypted",
    # Pictures, of text or of something else.
    "cmyk-image.pdf": "no_text",
    "grayscale-image.pdf": "no_text",
    "imagemagick-ASCII85Decode.pdf": "no_text",
    "imagemagick-CCITTFaxDecode.pdf": "no_text",
    "imagemagick-lzw.pdf": "no_text",
    "loremipsum-flat.pdf": "no_text",
    "picture.pptx": "no_text",
    "single_table.pdf": "no_text",
    "table-multi-row-column-cells.pdf": "no_text",
    "test-image-jpg-mime.pptx": "no_text",
    # Its list of pages leads to objects that are not there.
    "unreadablemetadata.pdf": "corrupt",
}


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_every_real_document_is_read_but_those_that_cannot_be(shared: Path, converter: Converter) -> None:
    unread: dict[str, str] = {}
    for path in files(shared / "real-docs"):
        result = outcome(converter, path)
        if isinstance(result, ConvertedDocument):
            check_promises(result, path.name)
        else:
            unread[path.name] = result
    assert unread == UNREADABLE


@pytest.mark.parametrize("name", sorted(UNREADABLE))
def test_what_cannot_be_read_says_why(shared: Path, converter: Converter, name: str) -> None:
    (path,) = (shared / "real-docs").rglob(name)
    assert outcome(converter, path) == UNREADABLE[name]


def words(text: str) -> set[str]:
    return set(re.findall(r"\w{4,}", text))


@pytest.mark.parametrize("folder", ["treaties", "codes-br"])
def test_no_word_of_a_law_is_lost(shared: Path, converter: Converter, folder: str) -> None:
    """Against a reader that keeps everything between tags, scripts and styles apart."""
    for path in sorted((shared / "real-docs" / folder).rglob("*.html"))[::6]:
        tree = html.fromstring(path.read_bytes(), parser=html.HTMLParser(encoding=_encoding_of(path)))
        for element in tree.iter("script", "style", "head"):
            element.text = ""
        expected = words(" ".join(unicodedata.normalize("NFC", text) for text in tree.find("body").itertext()))
        document = converter.convert(path, file_name=path.name)
        missing = expected - words(" ".join(block.text for block in document.blocks).replace("~~", ""))
        assert len(missing) <= len(expected) * 0.002, (path.name, sorted(missing)[:20])


def _encoding_of(path: Path) -> str:
    try:
        path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"
