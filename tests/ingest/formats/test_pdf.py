"""PDF: pages, paragraphs as a reader sees them, headings, and what cannot be read."""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.annotations import FreeText
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from ingest.converted import BlockKind
from ingest.formats.pdf import convert
from ingest.formats.source import Source
from ingest.limits import Limits
from tests.ingest.formats.making import Line, pdf, prose, rewritten, written
from tests.ingest.formats.reading import headings, kinds, read, refuse, texts

BODY = (
    "The parties agree on what follows, in good",
    "faith and without reserve, for the whole of",
    "the time that this agreement is in force.",
)


def test_lines_become_paragraphs_by_the_space_between_them() -> None:
    document = read(pdf([*prose(700, *BODY), *prose(640, *BODY)]))
    assert texts(document) == ["\n".join(BODY)] * 2


def test_an_indented_line_begins_a_paragraph() -> None:
    lines = [
        *prose(700, *BODY),
        Line(90, 664, "Second paragraph begins further in"),
        Line(72, 652, "and goes on here."),
    ]
    assert texts(read(pdf(lines))) == ["\n".join(BODY), "Second paragraph begins further in\nand goes on here."]


def test_items_of_lists_and_articles_begin_paragraphs() -> None:
    lines = prose(700, "The list:", "• coffee and", "cacao", "• fruit", "Article 2", "says more.")
    assert kinds(read(pdf(lines))) == [
        ("paragraph", "The list:"),
        ("list_item", "coffee and cacao"),
        ("list_item", "fruit"),
        ("paragraph", "Article 2\nsays more."),
    ]


def test_columns_are_read_one_after_the_other() -> None:
    left, right = prose(700, *BODY), prose(700, "Right column begins here.", "And it ends.", x=330)
    assert " ".join(texts(read(pdf([*left, *right])))).startswith(BODY[0])
    assert texts(read(pdf([*left, *right])))[-1].startswith("Right column begins")


def test_a_sentence_that_goes_on_in_the_next_column_is_one_paragraph() -> None:
    left, right = prose(700, *BODY[:2]), prose(700, BODY[2], x=330)
    assert texts(read(pdf([*left, *right]))) == ["\n".join(BODY)]


def test_pages_are_kept() -> None:
    document = read(pdf(prose(700, "One."), [], prose(700, "Three.")))
    assert [(block.page, block.text) for block in document.blocks] == [(1, "One."), (3, "Three.")]
    assert document.pages == 3
    assert document.warnings == ("Page 2 held no text: blank, or a picture.",)


def test_progress_is_told_in_pages() -> None:
    told: list[tuple[int, int | None]] = []
    data = pdf(*[prose(700, "x")] * 3)
    convert(Source(BytesIO(data), "a.pdf", Limits(), lambda done, total: told.append((done, total))))
    assert told == [(1, 3), (2, 3), (3, 3)]


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_a_turned_page_reads_the_same(angle: int) -> None:
    writer = rewritten(pdf(prose(700, *BODY)))
    writer.pages[0].rotate(angle)
    assert texts(read(written(writer))) == ["\n".join(BODY)]


def test_text_written_upwards_is_read() -> None:
    lines = [Line(100 + 12 * n, 72, text, turned=True) for n, text in enumerate(BODY)]
    assert texts(read(pdf(lines))) == ["\n".join(BODY)]


def test_larger_and_bold_type_are_headings_and_stamps_in_the_margin_are_not() -> None:
    lines = [
        Line(72, 740, "Agreement on Trade", size=18),
        Line(72, 710, "Chapter one", size=12, bold=True),
        *prose(690, *BODY * 3),
        Line(72, 640 - 72, "Rules of origin", bold=True),
        *prose(550, *BODY * 3),
        Line(20, 100, "Stamped on arrival in large type", size=20, turned=True),
    ]
    document = read(pdf(lines))
    assert headings(document) == [(1, "Agreement on Trade"), (2, "Chapter one"), (3, "Rules of origin")]
    assert document.title == "Agreement on Trade"


def test_a_bold_document_has_no_bold_headings() -> None:
    lines = [Line(72, 700 - 30 * n, f"Every line number {n} is bold", bold=True) for n in range(10)]
    assert headings(read(pdf(lines))) == []


def test_the_outline_names_the_headings() -> None:
    first = [*prose(700, "Contents", "1 Origin"), *prose(600, *BODY)]
    second = [
        *prose(700, "1 Origin", *BODY),
        Line(72, 600, "1.1 Wholly"),
        Line(72, 588, "obtained goods"),
        *prose(570, *BODY),
    ]
    writer = rewritten(pdf(first, second))
    parent = writer.add_outline_item(title="Origin", page_number=1)
    writer.add_outline_item(title="1.1 Wholly obtained goods", page_number=1, parent=parent)
    writer.add_outline_item(title="Not to be found", page_number=1)
    document = read(written(writer))
    assert headings(document) == [(1, "1 Origin"), (2, "1.1 Wholly obtained goods")]
    assert [block.page for block in document.blocks if block.kind is BlockKind.HEADING] == [2, 2]
    assert texts(document, BlockKind.PARAGRAPH)[-2:] == ["\n".join(BODY)] * 2


def test_an_exact_title_wins_over_a_running_header_that_repeats_it() -> None:
    writer = rewritten(
        pdf([Line(72, 750, "7 1.2 Origin"), *prose(700, *BODY), Line(72, 600, "1.2 Origin"), *prose(580, *BODY)])
    )
    writer.add_outline_item(title="1.2 Origin", page_number=0)
    assert headings(read(written(writer))) == [(1, "1.2 Origin")]


def test_facts_are_read_and_program_titles_are_not() -> None:
    writer = rewritten(pdf(prose(700, *BODY)))
    writer.add_metadata(
        {"/Title": "Informe de mercado", "/Author": "Cooperativa", "/CreationDate": "D:20240131120000Z"}
    )
    writer.root_object[NameObject("/Lang")] = TextStringObject("es-PE")
    document = read(written(writer))
    assert (document.title, document.author, document.created, document.language) == (
        "Informe de mercado",
        "Cooperativa",
        date(2024, 1, 31),
        "es-PE",
    )
    for useless in ("Microsoft Word - report.docx", "untitled", "scan_0001.pdf"):
        writer.add_metadata({"/Title": useless})
        assert read(written(writer)).title is None


def test_filled_fields_and_text_boxes_are_read() -> None:
    writer = rewritten(pdf(prose(700, "Form")))
    writer.add_annotation(0, FreeText(text="Noted by hand", rect=(50, 50, 200, 100)))
    field = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Tx"),
            NameObject("/T"): TextStringObject("Exporter"),
            NameObject("/V"): TextStringObject("Cacao del Valle"),
            NameObject("/Rect"): ArrayObject(),
        }
    )
    writer.pages[0][NameObject("/Annots")].append(writer._add_object(field))  # type: ignore[attr-defined]
    assert texts(read(written(writer)))[1:] == ["Noted by hand", "Exporter: Cacao del Valle"]


def test_attached_files_are_named_in_a_warning() -> None:
    writer = rewritten(pdf(prose(700, "Cover letter")))
    writer.add_attachment("prices.xlsx", b"...")
    assert "prices.xlsx" in read(written(writer)).warnings[0]


@pytest.mark.parametrize("algorithm", ["RC4-40", "RC4-128", "AES-128", "AES-256"])
def test_only_a_password_to_open_makes_it_unreadable(algorithm: str) -> None:
    forbids = rewritten(pdf(prose(700, *BODY)))
    forbids.encrypt("", "owner", algorithm=algorithm)
    assert texts(read(written(forbids))) == ["\n".join(BODY)]
    closed = rewritten(pdf(prose(700, *BODY)))
    closed.encrypt("secret", "owner", algorithm=algorithm)
    assert refuse(written(closed)).code == "encrypted"


def test_pages_without_text_are_a_scan() -> None:
    error = refuse(pdf([], []))
    assert error.code == "no_text"
    assert "OCR" in str(error)


def test_too_many_pages_are_refused_before_they_are_read() -> None:
    assert refuse(pdf(*[prose(700, "x")] * 5), limits=Limits(pages=4)).code == "too_many_pages"


def test_text_without_end_is_refused() -> None:
    assert refuse(pdf(*[prose(700, *BODY)] * 5), limits=Limits(characters=200)).code == "too_large"


def test_a_file_cut_short_is_damaged() -> None:
    whole = pdf(*[prose(700, *BODY)] * 20)
    error = refuse(whole[: len(whole) * 2 // 3])
    assert error.code == "corrupt"
    assert "copied to its end" in error.message


def test_one_damaged_page_does_not_cost_the_others() -> None:
    whole = pdf(prose(700, "One."), prose(700, "Two."), prose(700, "Three."))
    broken = whole.replace(b"(Two.) Tj", b"(Two.) Tj [")
    document = read(broken)
    assert "One." in texts(document)
    assert "Three." in texts(document)


def test_a_tree_of_pages_that_holds_itself_is_damaged() -> None:
    data = pdf(prose(700, "x"))
    looped = data.replace(b"/Kids [6 0 R]", b"/Kids [2 0 R]")
    assert looped != data
    assert refuse(looped).code == "corrupt"


def test_the_maker_makes_valid_files() -> None:
    assert PdfReader(BytesIO(pdf(prose(700, "x")))).pages[0].extract_text() == "x"
