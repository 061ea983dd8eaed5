"""Word documents."""

from __future__ import annotations

import struct
import zipfile
from datetime import date
from io import BytesIO

import docx as python_docx
import pytest
from docx.shared import Pt

from ingest.converted import BlockKind
from ingest.limits import Limits
from tests.ingest.formats.making import LAUGHS, W, docx, package, w_p
from tests.ingest.formats.reading import headings, kinds, read, refuse, table, texts


def styles(inner: str) -> dict[str, str]:
    return {"styles": f"<w:styles {W}>{inner}</w:styles>"}


def style(identity: str, name: str, properties: str = "", based_on: str = "") -> str:
    base = f"<w:basedOn w:val='{based_on}'/>" if based_on else ""
    inner = f"<w:name w:val='{name}'/>{base}<w:pPr>{properties}</w:pPr>"
    return f"<w:style w:type='paragraph' w:styleId='{identity}'>{inner}</w:style>"


def styled(text: str, identity: str) -> str:
    return w_p(text, properties=f"<w:pStyle w:val='{identity}'/>")


def test_a_document_as_word_writes_it() -> None:
    made = python_docx.Document()
    made.core_properties.title = "Guía de exportación"
    made.core_properties.author = "Asociación de Exportadores"
    made.add_heading("Guía", 0)
    made.add_heading("Requisitos", 1)
    made.add_paragraph("Lo primero es el registro.")
    made.add_paragraph("Uno", style="List Bullet")
    made.add_paragraph("Dos", style="List Number")
    made.add_paragraph("Tres", style="List Number")
    grid = made.add_table(rows=3, cols=2)
    for row, cells in zip(grid.rows, [("País", "Arancel"), ("Perú", "6 %"), ("Chile", "0 %")], strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    made.sections[0].header.paragraphs[0].text = "Header of every page"
    out = BytesIO()
    made.save(out)
    document = read(out.getvalue())
    assert headings(document) == [(1, "Guía"), (1, "Requisitos")]
    assert texts(document, BlockKind.LIST_ITEM) == ["Uno", "1. Dos", "2. Tres"]
    assert table(document) == (["País | Arancel"], ["Perú | 6 %", "Chile | 0 %"])
    assert (document.title, document.author) == ("Guía de exportación", "Asociación de Exportadores")
    assert isinstance(document.created, date)
    assert "Header of every page" not in "".join(texts(document))


@pytest.mark.parametrize(
    "name",
    ["heading 2", "Heading 2", "Título 2", "titulo 2", "Titre 2", "Überschrift 2", "Заголовок 2", "标题 2", "見出し 2"],
)
def test_headings_in_every_language_of_word(name: str) -> None:
    body = styled("Chapter", "S1") + w_p("Text.")
    assert headings(read(docx(body, styles(style("S1", name))))) == [(2, "Chapter")]


def test_a_heading_is_inherited_and_taken_back() -> None:
    known = styles(
        style("H1", "heading 1")
        + style("Own", "Our chapter", based_on="H1")
        + style("Plain", "Plain", "<w:outlineLvl w:val='9'/>", based_on="H1")
        + style("Loop", "Loop", based_on="Loop")
    )
    body = styled("One", "Own") + styled("Two", "Plain") + styled("Three", "Loop") + styled("Four", "Unknown")
    body += w_p("Five", properties="<w:outlineLvl w:val='2'/>")
    assert headings(read(docx(body, known))) == [(1, "One"), (3, "Five")]


def test_bold_paragraphs_are_headings_where_there_are_no_others() -> None:
    clause = w_p("The parties agree on a price that both find fair.")
    body = "".join(w_p(f"Clause {n}", run="<w:b/>") + clause * 4 for n in range(3))
    assert headings(read(docx(body))) == [(2, "Clause 0"), (2, "Clause 1"), (2, "Clause 2")]
    everything = "".join(w_p(f"All is bold here {n}", run="<w:b/>") for n in range(9))
    assert headings(read(docx(everything))) == []


NUMBERING = f"""<w:numbering {W}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="Cláusula %1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="(%3)"/></w:lvl>
</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="7"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="9"/></w:lvlOverride></w:num>
</w:numbering>"""


def numbered(text: str, depth: int, identity: int = 1) -> str:
    return w_p(text, properties=f"<w:numPr><w:ilvl w:val='{depth}'/><w:numId w:val='{identity}'/></w:numPr>")


def test_numbers_that_word_counts_itself_are_written_out() -> None:
    items = [("Objeto", 0), ("uno", 1), ("dos", 1), ("letra", 2), ("otra", 2), ("Precio", 0), ("uno", 1)]
    body = "".join(numbered(text, depth) for text, depth in items)
    body += numbered("nueva", 0, 2) + numbered("none", 0, 0) + numbered("lost", 0, 5)
    document = read(docx(body, {"numbering": NUMBERING}))
    assert texts(document) == [
        "Cláusula I. Objeto",
        "I.1 uno",
        "I.2 dos",
        "(c) letra",
        "(d) otra",
        "Cláusula II. Precio",
        "II.1 uno",
        "Cláusula IX. nueva",
        "none",
        "lost",
    ]


def test_what_runs_hold_is_read_and_what_was_deleted_is_not() -> None:
    body = (
        "<w:p><w:r><w:t>A</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r>"
        "<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:del><w:r><w:delText>old</w:delText></w:r></w:del>"
        "<w:hyperlink><w:r><w:t> link</w:t></w:r></w:hyperlink>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>hidden</w:t></w:r>"
        "<w:r><w:rPr><w:strike/></w:rPr><w:t> gone</w:t></w:r>"
        "<w:sdt><w:sdtContent><w:r><w:t> control</w:t></w:r></w:sdtContent></w:sdt>"
        "<w:fldSimple w:instr='DATE'><w:r><w:t> field</w:t></w:r></w:fldSimple></w:p>"
        f"<w:sdt><w:sdtContent>{w_p('In a control')}</w:sdtContent></w:sdt>"
    )
    assert texts(read(docx(body))) == ["A b\nc-new link~~ gone~~ control field", "In a control"]


def test_text_boxes_and_notes_stand_after_their_paragraph() -> None:
    mc = "xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'"
    box = f"<w:txbxContent>{w_p('In the box')}</w:txbxContent>"
    body = (
        f"<w:p {mc}><w:r><w:t>Beside</w:t><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
        "<w:p><w:r><w:t>Noted</w:t><w:footnoteReference w:id='2'/><w:endnoteReference w:id='1'/></w:r></w:p>"
        + w_p("Last")
    )
    notes = {
        "footnotes": f"<w:footnotes {W}><w:footnote w:id='2'>{w_p('The foot')}</w:footnote></w:footnotes>",
        "endnotes": f"<w:endnotes {W}><w:endnote w:id='1'>{w_p('The end')}</w:endnote></w:endnotes>",
    }
    assert texts(read(docx(body, notes))) == [
        "Beside",
        "In the box",
        "Noted[1][2]",
        "[1] The foot",
        "Last",
        "[2] The end",
    ]


def cell(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{w_p(text)}</w:tc>"


def rows(*lines: str) -> str:
    return "<w:tbl>" + "".join(f"<w:tr>{line}</w:tr>" for line in lines) + "</w:tbl>"


def test_merged_cells_and_marked_headers() -> None:
    grid = (
        "<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>" + cell("Zona") + cell("Puerto") + "</w:tr>"
        "<w:tr>" + cell("Norte", "<w:vMerge w:val='restart'/>") + cell("Paita") + "</w:tr>"
        "<w:tr>" + cell("", "<w:vMerge/>") + cell("Salaverry") + "</w:tr>"
        "<w:tr>" + cell("Fin", "<w:gridSpan w:val='2'/>") + "</w:tr></w:tbl>"
    )
    assert table(read(docx(grid))) == (["Zona | Puerto"], ["Norte | Paita", "Norte | Salaverry", "Fin"])


def test_a_table_that_only_does_layout_is_text() -> None:
    body = rows(cell("A frame around a paragraph."), cell("And another."))
    assert kinds(read(docx(body))) == [("paragraph", "A frame around a paragraph."), ("paragraph", "And another.")]


def test_pages_are_those_of_words_last_layout() -> None:
    broken = "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Two</w:t></w:r></w:p>"
    document = read(docx(w_p("One") + broken + w_p("Still two")))
    assert [block.page for block in document.blocks] == [1, 2, 2]
    assert document.pages == 2
    assert read(docx(w_p("Never laid out"))).pages is None


def test_the_table_of_contents_is_left_out() -> None:
    contents = "<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj></w:sdtPr>"
    contents += f"<w:sdtContent>{w_p('Chapter 1 ..... 3')}</w:sdtContent></w:sdt>"
    body = contents + styled("Chapter 2 .... 4", "T1") + w_p("Text")
    document = read(docx(body, styles(style("T1", "toc 1"))))
    assert texts(document) == ["Text"]
    assert document.warnings == ("Its table of contents was left out.",)


def test_the_strict_edition_is_read() -> None:
    parts = {
        "[Content_Types].xml": "<x/>",
        "word/document.xml": "<w:document xmlns:w='http://purl.oclc.org/ooxml/wordprocessingml/main'><w:body>"
        "<w:p><w:r><w:t>Strict</w:t></w:r></w:p></w:body></w:document>",
    }
    assert texts(read(package(parts))) == ["Strict"]


@pytest.mark.parametrize("where", ["main", "styles"])
def test_a_billion_laughs_are_refused(where: str) -> None:
    if where == "main":
        data = docx(w_p("&a9;"), doctype=LAUGHS)
    else:
        data = docx(w_p("x"), {"styles": f"{LAUGHS}<w:styles {W}>&a9;</w:styles>"})
    error = refuse(data)
    assert error.code == "bomb"
    assert "entities" in error.message


def test_a_file_of_the_system_is_not_read_through_an_entity() -> None:
    doctype = "<!DOCTYPE w [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>"
    assert refuse(docx(w_p("&x;"), doctype=doctype)).code == "bomb"


def test_a_part_that_unpacks_to_much_more_is_refused() -> None:
    assert refuse(docx(w_p("a" * 20_000_000))).code == "bomb"
    large = refuse(docx(w_p("a b " * 1000)), limits=Limits(unpacked_size=2000))
    assert large.code == "bomb"
    assert "not unpacked" in large.message


def test_more_parts_than_any_document_has_are_refused() -> None:
    assert refuse(docx(w_p("x"), {f"p{n}": "" for n in range(60)}), limits=Limits(zip_entries=50)).code == "bomb"


def test_a_directory_that_lies_about_sizes_does_not_help() -> None:
    data = docx(w_p("a" * 3_000_000))
    # The true size stands in the archive's directory and before the part; both say 100 bytes here.
    with zipfile.ZipFile(BytesIO(data)) as archive:
        true = archive.getinfo("word/document.xml").file_size
    lying = data.replace(struct.pack("<I", true), struct.pack("<I", 100))
    assert lying != data
    assert refuse(lying, limits=Limits(compression_ratio=10)).code in ("bomb", "corrupt")


def test_a_file_cut_short_says_so() -> None:
    error = refuse(docx(w_p("x" * 3000))[:-100], "report.docx")
    assert error.code == "corrupt"
    assert "to its end" in error.message


def test_a_document_without_a_word_has_no_text() -> None:
    assert refuse(docx("<w:p/>")).code == "no_text"


def test_deep_nesting_is_refused_by_the_parser() -> None:
    with pytest.raises(Exception, match="depth"):
        read(docx("<w:sdt><w:sdtContent>" * 400 + w_p("deep") + "</w:sdtContent></w:sdt>" * 400))


def test_fonts_do_not_matter() -> None:
    made = python_docx.Document()
    made.add_paragraph().add_run("Large").font.size = Pt(40)
    out = BytesIO()
    made.save(out)
    assert kinds(read(out.getvalue())) == [("paragraph", "Large")]
