"""Web pages: all text that a reader sees, in order, without furniture."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.converted import BlockKind
from tests.ingest.formats.reading import headings, kinds, read, refuse, table, texts


def page(body: str, head: str = "", attributes: str = "") -> str:
    return f"<!DOCTYPE html><html {attributes}><head>{head}</head><body>{body}</body></html>"


def test_headings_paragraphs_and_lists_keep_their_order() -> None:
    document = read(
        page(
            "Loose words<h1>Law</h1><p>One <b>bold</b>\n word.</p><ul><li>first<ul><li>inner</li></ul></li>"
            "<li><p>second</p><p>goes on</p></li></ul><h2>Part</h2><blockquote>Quoted</blockquote>tail"
        )
    )
    assert kinds(document) == [
        ("paragraph", "Loose words"),
        ("heading", "Law"),
        ("paragraph", "One bold word."),
        ("list_item", "first"),
        ("list_item", "inner"),
        ("list_item", "second"),
        ("paragraph", "goes on"),
        ("heading", "Part"),
        ("paragraph", "Quoted"),
        ("paragraph", "tail"),
    ]
    assert headings(document) == [(1, "Law"), (2, "Part")]
    assert [block.level for block in document.blocks if block.kind is BlockKind.LIST_ITEM] == [1, 2, 1]


def test_a_law_in_line_breaks_becomes_paragraphs() -> None:
    document = read(
        page(
            "<div>Art. 1º A lei diz.<br>Art. 2º A lei manda:<br>I - isto;<br><br>II - aquilo e o\n que mais<br>"
            "houver por bem.</div>"
        )
    )
    assert texts(document) == [
        "Art. 1º A lei diz.",
        "Art. 2º A lei manda:",
        "I - isto;",
        "II - aquilo e o que mais\nhouver por bem.",
    ]


def test_a_layout_table_loses_nothing() -> None:
    document = read(
        page(
            "<table><tr><td><h2>Menu</h2></td><td><p>First.</p><table><tr><td>Inner</td></tr></table></td></tr></table>"
        )
    )
    assert texts(document) == ["Menu", "First.", "Inner"]


def test_a_table_of_data_has_header_and_rows() -> None:
    document = read(
        page(
            "<table><caption>Exports</caption><tr><th>Country</th><th>Tons</th></tr>"
            "<tr><td rowspan=2>Peru</td><td>10</td></tr><tr><td>20</td></tr><tr><td colspan=2>Total</td></tr></table>"
        )
    )
    assert texts(document, BlockKind.PARAGRAPH) == ["Exports"]
    assert table(document) == (["Country | Tons"], ["Peru | 10", "Peru | 20", "Total"])


def test_a_header_is_seen_without_being_marked() -> None:
    rows = "<tr><td>Product</td><td>HS code</td><td>Duty</td></tr>" + "".join(
        f"<tr><td>Coffee {n}</td><td>0901{n}</td><td>{n} %</td></tr>" for n in range(3)
    )
    assert table(read(page(f"<table>{rows}</table>")))[0] == ["Product | HS code | Duty"]


def test_two_heading_rows_become_one() -> None:
    document = read(
        page(
            "<table><thead><tr><th>Area</th><th>2023</th><th>2024</th></tr><tr><th></th><th>USD</th><th>USD</th></tr></thead>"
            "<tr><td>Andes</td><td>1</td><td>2</td></tr></table>"
        )
    )
    assert table(document) == (["Area | 2023 USD | 2024 USD"], ["Andes | 1 | 2"])


def test_furniture_is_left_out_and_what_is_said_in_it_is_not() -> None:
    document = read(
        page(
            "<header><h1>Title</h1></header><nav><a href=1>Home</a> <a href=2>About</a></nav><script>evil()</script>"
            "<style>p {}</style><p>Text of some length that matters to whoever reads it.</p><p hidden>hidden</p>"
            "<p style='display: none'>hidden too</p><div class='menu'><a href=3>More</a></div>"
            "<aside>A side note in words.</aside><footer>Signed in Lima.</footer><footer><a href=4>Imprint</a></footer>"
        )
    )
    assert texts(document) == [
        "Title",
        "Text of some length that matters to whoever reads it.",
        "A side note in words.",
        "Signed in Lima.",
    ]


def test_a_page_that_is_all_menu_is_kept() -> None:
    assert texts(read(page("<nav><a href=1>Treaty with Chile</a></nav><p>Go</p>"))) == ["Treaty with Chile", "Go"]


def test_struck_words_are_marked() -> None:
    assert texts(read(page("<p>Art. 5 <strike>Old <b>text</b>.</strike> <del>More.</del> New text.</p>"))) == [
        "Art. 5 ~~Old text. More.~~ New text."
    ]
    assert texts(read(page("<strike><p>One.</p><p>Two.</p></strike><p>Three.</p>"))) == [
        "~~One.~~",
        "~~Two.~~",
        "Three.",
    ]


def test_preformatted_prose_is_read_as_prose_and_code_as_code() -> None:
    document = read(
        page("<pre>Article 1 of the law\nsays what it says.\n\nArticle 2 of the law\nsays more than that.</pre>")
    )
    assert texts(document) == ["Article 1 of the law\nsays what it says.", "Article 2 of the law\nsays more than that."]
    code = read(page("<pre>if x:\n    y = {}\n</pre>"))
    assert kinds(code) == [("code", "if x:\n    y = {}")]


def test_title_language_and_facts() -> None:
    head = (
        "<title> Acuerdo\n de libre comercio </title><meta name='author' content='Ministerio'>"
        "<meta name='date' content='2006-08-22'><meta name='parties' content='PER CHL'>"
        "<meta name='viewport' content='x'>"
    )
    document = read(page("<p lang='en'>Hello</p><p>Hola</p>", head, "lang='es-PE'"))
    assert (document.title, document.author, document.created) == (
        "Acuerdo de libre comercio",
        "Ministerio",
        date(2006, 8, 22),
    )
    assert document.language == "es-PE"
    assert [block.language for block in document.blocks] == ["en", None]
    assert ("parties", "PER CHL") in document.metadata
    assert "viewport" not in dict(document.metadata)


SENTENCE = "Legislação: está em vigor – “já”"


@pytest.mark.parametrize(
    "data",
    [
        page(f"<p>{SENTENCE}</p>").encode(),
        b"\xef\xbb\xbf" + page(f"<p>{SENTENCE}</p>").encode(),
        page(f"<p>{SENTENCE}</p>").encode("utf-16"),
        page(f"<p>{SENTENCE}</p>").encode("utf-16-le"),
        page(f"<p>{SENTENCE}</p>", "<meta charset=windows-1252>").encode("cp1252"),
        page(f"<p>{SENTENCE}</p>", "<meta http-equiv=Content-Type content='text/html; charset=iso-8859-1'>").encode(
            "cp1252"
        ),
        page(f"<p>{SENTENCE}</p>", "<meta charset=utf-8>").encode("cp1252"),
        page(f"<p>{SENTENCE}</p>").encode("cp1252"),
        page(f"<p>{SENTENCE}</p>", "<meta charset=windows-1252>").encode(),
        page(f"<p>{SENTENCE}</p>", "<meta charset=no-such-thing>").encode(),
    ],
    ids=["plain", "mark", "utf-16", "no mark", "cp1252", "latin-1", "lies", "silent", "lies otherwise", "unknown"],
)
def test_every_encoding_is_read(data: bytes) -> None:
    assert texts(read(data)) == [SENTENCE]


def test_xhtml_with_a_declaration_is_read() -> None:
    assert texts(
        read("<?xml version='1.0' encoding='utf-8'?>\n<html xmlns='http://www.w3.org/1999/xhtml'><p>ñ</p></html>")
    ) == ["ñ"]


def test_nesting_without_end_costs_no_text() -> None:
    assert texts(read("<html>" + "<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>after</p></html>")) == [
        "deep",
        "after",
    ]


def test_entities_of_the_pages_own_are_not_expanded() -> None:
    document = read("<!DOCTYPE html [<!ENTITY x 'boom'>]><html><p>&x; &aacute; &lt;</p></html>")
    assert "boom" not in "".join(texts(document)[-1:])
    assert "á <" in texts(document)[-1]


def test_a_page_without_text_says_so() -> None:
    error = refuse(page("<script>document.write('all')</script><img src=x>"))
    assert error.code == "no_text"
    assert "PDF" in str(error)


@pytest.mark.parametrize("tags", ["<table><tr><td>", "<font>", "<ul><li>", "<blockquote>"])
def test_tags_that_are_never_closed_cost_no_text(tags: str) -> None:
    document = read(page("<p>before</p>" + f"{tags}word " * 3000))
    assert " ".join(texts(document)).count("word") == 3000


def test_menus_in_menus_are_counted_once() -> None:
    menu = "<div class='menu'>" * 500 + "<a href=1>Home</a>" + "</div>" * 500
    assert texts(read(page(menu + "<p>Text that is longer than the menu.</p>"))) == [
        "Text that is longer than the menu."
    ]
