"""Workbooks."""

from __future__ import annotations

import zipfile
from datetime import date, datetime, time
from io import BytesIO

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from ingest.converted import BlockKind
from ingest.formats.xlsx_numbers import format_code, number_text
from ingest.limits import Limits
from tests.ingest.formats.making import LAUGHS, package
from tests.ingest.formats.reading import headings, read, refuse, table, texts


def saved(book: Workbook) -> bytes:
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def sheet(*rows: tuple[object, ...], name: str = "Exportaciones") -> tuple[Workbook, Worksheet]:
    book = Workbook()
    active = book.active
    assert isinstance(active, Worksheet)
    active.title = name
    for row in rows:
        active.append(row)
    return book, active


def test_sheets_titles_headers_and_rows() -> None:
    book, _ = sheet(
        ("Exportaciones de cacao",),
        ("País", "Fecha", "Toneladas", "Parte"),
        ("Perú", date(2024, 3, 1), 1250.5, 0.125),
        ("Ecuador", datetime(2024, 4, 2, 13, 30), 980, 1),
    )
    for row in book["Exportaciones"].iter_rows(min_row=3, min_col=4, max_col=4):
        row[0].number_format = "0.0%"
    other = book.create_sheet("Notas")
    other["C5"] = "Sola"
    document = read(saved(book))
    assert [(block.kind.value, block.text, block.sheet, block.row) for block in document.blocks] == [
        ("heading", "Exportaciones", "Exportaciones", None),
        ("paragraph", "Exportaciones de cacao", "Exportaciones", 1),
        ("table_header", "País | Fecha | Toneladas | Parte", "Exportaciones", 2),
        ("table_row", "Perú | 2024-03-01 | 1250.5 | 12.5%", "Exportaciones", 3),
        ("table_row", "Ecuador | 2024-04-02 13:30:00 | 980 | 100.0%", "Exportaciones", 4),
        ("heading", "Notas", "Notas", None),
        ("paragraph", "Sola", "Notas", 5),
    ]


@pytest.mark.parametrize(
    ("value", "code", "expected"),
    [
        ("12", "General", "12"),
        ("12.5", "General", "12.5"),
        ("0.30000000000000004", "General", "0.3"),
        ("1250.5", "#,##0.00", "1250.50"),
        ("1250.4", "#,##0", "1250"),
        ("980", "0.00", "980.00"),
        ("0.125", "0.0%", "12.5%"),
        ("0.07", "0%", "7%"),
        ("90121", "000000", "090121"),
        ("12.5", '"US$" #,##0.00', "US$ 12.50"),
        ("12.5", "[$€-2] #,##0.00", "€ 12.50"),
        ("12.5", "[$R$-416] #,##0.00", "R$ 12.50"),
        ("-3", "#,##0;[Red]-#,##0", "-3"),
        ("45352", "yyyy-mm-dd", "2024-03-01"),
        ("45352", "dd/mm/yyyy", "2024-03-01"),
        ("45352", "[$-C0A]d mmmm yyyy", "2024-03-01"),
        ("45352", "mmm-yy", "2024-03"),
        ("45352.5625", "dd/mm/yy h:mm", "2024-03-01 13:30"),
        ("0.5625", "h:mm", "13:30"),
        ("1.5", "[h]:mm:ss", "36:00:00"),
        ("59", "yyyy-mm-dd", "1900-02-28"),
        ("1", "yyyy-mm-dd", "1900-01-01"),
        ("99999999", "yyyy-mm-dd", "99999999"),
        ("-1", "yyyy-mm-dd", "-1"),
        ("1e999", "0.00", "1e999"),
        ("1.5E+3", "General", "1500"),
        ("words", "0.00", "words"),
        ("0.5", "# ?/?", "0.5"),
        ("12345678", "0.00E+00", "12345678"),
    ],
)
def test_numbers_read_as_the_sheet_shows_them(value: str, code: str, expected: str) -> None:
    assert number_text(value, code, since_1904=False) == expected


def test_days_of_old_macintosh_workbooks() -> None:
    assert number_text("43890", "yyyy-mm-dd", since_1904=True) == "2024-03-01"


def test_built_in_formats_are_known() -> None:
    assert number_text("45352", format_code(14, {}), since_1904=False) == "2024-03-01"
    assert number_text("0.5", format_code(9, {}), since_1904=False) == "50%"
    assert format_code(9999, {}) == "General"


def test_times_and_truths() -> None:
    book, _ = sheet(("when", "is"), (time(9, 5), True))
    assert texts(read(saved(book)))[-1] == "09:05:00 | yes"


def test_merged_cells_say_what_they_say_in_every_row() -> None:
    book, active = sheet(("Zona", "Puerto", "t"), ("Norte", "Paita", 1), (None, "Salaverry", 2), ("Sur", "Matarani", 3))
    active.merge_cells("A2:A3")
    assert table(read(saved(book)))[1] == ["Norte | Paita | 1", "Norte | Salaverry | 2", "Sur | Matarani | 3"]


def test_blank_rows_part_tables_and_blank_columns_vanish() -> None:
    book, _ = sheet(
        (None, "Producto", None, "Precio"), (None, "Café", None, 5), (), (), (), ("Puerto", "Buques"), ("Callao", 12)
    )
    assert table(read(saved(book))) == (["Producto | Precio", "Puerto | Buques"], ["Café | 5", "Callao | 12"])


def test_a_header_may_take_two_rows_and_have_a_blank_one_below_it() -> None:
    book, _ = sheet(
        ("Amounts", "USD", None, "PEN"),
        (None, "Sales", "Profit", "Sales"),
        (),
        ("North", 12, 3, 40),
        ("South", 10, 2, 30),
    )
    assert table(read(saved(book))) == (
        ["Amounts | USD Sales | Profit | PEN Sales"],
        ["North | 12 | 3 | 40", "South | 10 | 2 | 30"],
    )


def test_hidden_sheets_are_left_out_and_named() -> None:
    book, _ = sheet(("open",))
    secret = book.create_sheet("Márgenes")
    secret["A1"] = "secret"
    secret.sheet_state = "veryHidden"
    document = read(saved(book))
    assert "secret" not in "".join(texts(document))
    assert document.warnings == ("Hidden sheets were left out: Márgenes.",)


def test_names_that_the_program_gave_are_no_headings() -> None:
    for name in ("Sheet1", "Hoja2", "Planilha 1", "Лист1", "工作表1"):
        book, _ = sheet(("x", "y"), name=name)
        assert headings(read(saved(book))) == []


def test_formulas_count_as_their_last_result_and_errors_as_nothing() -> None:
    cells = "<c r='A1'><f>1+1</f><v>2</v></c><c r='B1' t='e'><v>#REF!</v></c><c r='C1' t='str'><f>x</f><v>two</v></c>"
    assert texts(read(raw(f"<row r='1'>{cells}</row>")))[-1] == "2 | two"


def raw(rows: str, *, before: str = "", after: str = "", sheet_head: str = "") -> bytes:
    """A workbook of one sheet whose part is written by hand."""
    s = "xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'"
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    inner = f"{sheet_head}<sheetData>{rows}</sheetData>{after}"
    return package(
        {
            "[Content_Types].xml": "<x/>",
            "xl/workbook.xml": f"<workbook {s} xmlns:r='{base}'><sheets><sheet name='S' r:id='a'/></sheets></workbook>",
            "xl/_rels/workbook.xml.rels": "<Relationships xmlns='http://schemas.openxmlformats.org/package/2006/relationships'>"
            f"<Relationship Id='a' Type='{base}/worksheet' Target='worksheets/s.xml'/></Relationships>",
            "xl/worksheets/s.xml": f"{before}<worksheet {s}>{inner}</worksheet>",
        }
    )


def inline(reference: str, text: str) -> str:
    return f"<c r='{reference}' t='inlineStr'><is><t>{text}</t></is></c>"


def test_cells_and_rows_without_references_are_counted() -> None:
    rows = "<row><c t='inlineStr'><is><t>a</t></is></c><c/><c t='inlineStr'><is><t>c</t></is></c></row><row/>"
    document = read(raw(rows + "<row><c><v>1</v></c></row>"))
    assert [(block.row, block.text) for block in document.blocks[1:]] == [(1, "a | c"), (3, "1")]


def test_a_sheet_that_claims_to_be_endless_costs_only_its_cells() -> None:
    data = raw(
        f"<row r='1'>{inline('A1', 'first')}</row><row r='1048576'>{inline('XFD1048576', 'last')}</row>",
        sheet_head="<dimension ref='A1:XFD1048576'/>",
        after="<mergeCells>"
        + "".join(f"<mergeCell ref='{area}'/>" for area in ("A1:A1048576", "B2:XFD9", "nonsense"))
        + "</mergeCells>",
    )
    assert texts(read(data), BlockKind.PARAGRAPH) == ["first", "last"]


def test_rows_without_end_are_refused() -> None:
    rows = "".join(f"<row r='{n}'>{inline(f'A{n}', 'x')}</row>" for n in range(1, 60))
    assert refuse(raw(rows), limits=Limits(table_rows=50)).code == "too_large"


def test_indexes_that_lead_nowhere_are_blank() -> None:
    cells = "<c r='A1' t='s'><v>99</v></c><c r='B1' t='s'><v>-1</v></c><c r='C1' s='77'><v>5</v></c>" + inline(
        "D1", "x"
    )
    assert texts(read(raw(f"<row r='1'>{cells}</row>")))[-1] == "5 | x"


def test_a_billion_laughs_in_a_sheet_are_refused() -> None:
    assert refuse(raw(f"<row r='1'>{inline('A1', '&a9;')}</row>", before=LAUGHS)).code == "bomb"


def test_a_damaged_sheet_does_not_cost_the_others() -> None:
    book, _ = sheet(("kept", 1))
    book.create_sheet("Rota")["A1"] = "lost"
    with zipfile.ZipFile(BytesIO(saved(book))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"][:-40]
    document = read(package(parts))
    assert "kept | 1" in texts(document)
    assert document.warnings == ("The sheet Rota could not be read: damaged.",)


def test_a_workbook_without_a_cell_has_no_text() -> None:
    assert refuse(saved(Workbook())).code == "no_text"
