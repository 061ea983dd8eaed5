"""OpenDocument text and RTF."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.converted import BlockKind
from tests.ingest.formats.making import LAUGHS, package
from tests.ingest.formats.reading import headings, kinds, read, refuse, table, texts

ODT = "application/vnd.oasis.opendocument.text"
_NAMES = " ".join(
    f"xmlns:{name}='urn:oasis:names:tc:opendocument:xmlns:{space}:1.0'"
    for name, space in (
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("meta", "meta"),
    )
)


def odt(body: str, *, manifest: str = "", before: str = "") -> bytes:
    meta = (
        f"<office:document-meta {_NAMES} xmlns:dc='http://purl.org/dc/elements/1.1/'><office:meta><dc:title>Acta</dc:title>"
        "<meta:initial-creator>Rosa</meta:initial-creator><meta:creation-date>2025-05-06T10:00:00</meta:creation-date>"
        "</office:meta></office:document-meta>"
    )
    content = f"{before}<office:document-content {_NAMES}><office:body><office:text>{body}</office:text></office:body>"
    parts = {"mimetype": ODT, "content.xml": content + "</office:document-content>", "meta.xml": meta}
    if manifest:
        parts["META-INF/manifest.xml"] = manifest
    return package(parts)


def test_odt_keeps_its_structure() -> None:
    document = read(
        odt(
            "<text:h text:outline-level='2'>Capítulo</text:h><text:p>Uno<text:s/>dos<text:tab/>tres"
            "<text:line-break/>cuatro"
            "<text:note><text:note-citation>1</text:note-citation><text:note-body>"
            "<text:p>Al pie</text:p></text:note-body>"
            "</text:note></text:p><text:list><text:list-item><text:p>a</text:p><text:list><text:list-item><text:p>b</text:p>"
            "</text:list-item></text:list></text:list-item></text:list>"
            "<text:tracked-changes><text:p>gone</text:p></text:tracked-changes>"
            "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>País</text:p></table:table-cell>"
            "<table:table-cell><text:p>t</text:p></table:table-cell></table:table-row></table:table-header-rows>"
            "<table:table-row><table:table-cell><text:p>Perú</text:p></table:table-cell>"
            "<table:table-cell><text:p>5</text:p></table:table-cell></table:table-row></table:table>"
            "<text:p><draw:frame><draw:text-box><text:p>En el cuadro</text:p></draw:text-box></draw:frame></text:p>"
        )
    )
    assert kinds(document) == [
        ("heading", "Capítulo"),
        ("paragraph", "Uno dos tres\ncuatro[1]"),
        ("paragraph", "Al pie"),
        ("list_item", "a"),
        ("list_item", "b"),
        ("table_header", "País | t"),
        ("table_row", "Perú | 5"),
        ("paragraph", "En el cuadro"),
    ]
    assert headings(document) == [(2, "Capítulo")]
    assert (document.title, document.author, document.created) == ("Acta", "Rosa", date(2025, 5, 6))


def test_odt_with_a_password_says_so() -> None:
    space = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    manifest = f"<m:manifest xmlns:m='{space}'><m:file-entry><m:encryption-data/></m:file-entry></m:manifest>"
    assert refuse(odt("", manifest=manifest)).code == "encrypted"


def test_odt_refuses_entities_and_having_no_text() -> None:
    assert refuse(odt("<text:p>&a9;</text:p>", before=LAUGHS)).code == "bomb"
    assert refuse(odt("<text:p/>")).code == "no_text"


def rtf(body: str, head: str = "") -> str:
    return r"{\rtf1\ansi\ansicpg1252\deff0" + head + body + "}"


def test_rtf_paragraphs_headings_and_characters() -> None:
    document = read(
        rtf(
            r"\pard\s1 T\'edtulo\par\pard Uno\line dos \u241?and\u250\'fa \emdash  fin\par"
            r"\pard\outlinelevel1 Parte\par\pard Nota{\footnote Al pie.} aqu\'ed.\par {\v hidden}{\*\generator X;}"
            r"{\pict 0102}"
            r"{\header H}\{llaves\}\~y\_m\'e1s \u-10179?\u-8704?",
            r"{\fonttbl{\f0 Arial;}}{\stylesheet{\s1\outlinelevel0 heading 1;}}"
            r"{\info{\title Gu\'eda}{\author Luis}{\creatim\yr2024\mo2\dy3}}",
        )
    )
    assert kinds(document) == [
        ("heading", "Título"),
        ("paragraph", "Uno\ndos ñandú — fin"),
        ("heading", "Parte"),
        ("paragraph", "Nota aquí."),
        ("paragraph", "Al pie."),
        ("paragraph", "{llaves} y-más 😀"),
    ]
    assert headings(document) == [(1, "Título"), (2, "Parte")]
    assert (document.title, document.author, document.created) == ("Guía", "Luis", date(2024, 2, 3))


def test_rtf_tables() -> None:
    row = r"\trowd\cellx1000\cellx2000\intbl {}\cell {}\cell\row "
    body = "".join(
        row.replace("{}", first, 1).replace("{}", second, 1) for first, second in [("País", "t"), ("Chile", "7")]
    )
    document = read(rtf(r"\pard Antes\par " + body.replace("í", r"\'ed") + r"\pard Despu\'e9s\par"))
    assert table(document) == (["País | t"], ["Chile | 7"])
    assert texts(document, BlockKind.PARAGRAPH) == ["Antes", "Después"]


@pytest.mark.parametrize(
    ("charset", "encoding", "word"), [(204, "cp1251", "Россия"), (134, "gb18030", "中国"), (238, "cp1250", "Łódź")]
)
def test_rtf_in_the_encodings_of_its_fonts(charset: int, encoding: str, word: str) -> None:
    escaped = "".join(f"\\'{byte:02x}" for byte in word.encode(encoding))
    document = read(rtf(rf"\f1 {escaped}\par", rf"{{\fonttbl{{\f0\fcharset0 A;}}{{\f1\fcharset{charset} B;}}}}"))
    assert texts(document) == [word]


@pytest.mark.parametrize(
    "hostile",
    [
        "{" * 100_000,
        "}" * 1000 + r"\par x",
        r"\bin999999999 x",
        r"\u99999999999?x",
        r"\'zz x",
        r"\ansicpg99999 x",
        r"\uc999999\u65? x",
    ],
    ids=["open", "close", "binary", "beyond", "no hex", "no page", "skip"],
)
def test_hostile_rtf_ends(hostile: str) -> None:
    assert texts(read(rtf(r"before\par " + hostile)))[0] == "before"
