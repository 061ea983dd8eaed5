"""CSV and its kin."""

from __future__ import annotations

import pytest

from ingest.converted import BlockKind
from ingest.limits import Limits
from tests.ingest.formats.reading import read, refuse, table, texts

ROWS = (("País", "Año", "Toneladas"), ("Perú", "2024", "1.250"), ("Chile", "2024", "980"), ("Bolivia", "2023", "75"))


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_delimiter_encoding_and_header_are_told(delimiter: str, encoding: str) -> None:
    text = "\r\n".join(delimiter.join(row) for row in ROWS)
    header, rows = table(read(text.encode(encoding), "exports.csv"))
    assert header == ["País | Año | Toneladas"]
    assert rows == ["Perú | 2024 | 1.250", "Chile | 2024 | 980", "Bolivia | 2023 | 75"]


def test_rows_know_their_numbers() -> None:
    document = read("Exports of the cluster\n\nCountry,Tons\nPeru,10\n", "a.csv")
    assert [(block.kind, block.row) for block in document.blocks] == [
        (BlockKind.PARAGRAPH, 1),
        (BlockKind.TABLE_HEADER, 3),
        (BlockKind.TABLE_ROW, 4),
    ]


def test_quotes_hold_delimiters_and_line_ends() -> None:
    document = read('name,note\n"Mora, S.A.","says ""hi""\nand more"\nOther,1\n', "a.csv")
    assert 'Mora, S.A. | says "hi" and more' in texts(document)


def test_excels_own_line_names_the_delimiter() -> None:
    assert table(read("sep=;\na,b;c\n1,5;2\n", "a.csv")) == (["a,b | c"], ["1,5 | 2"])


def test_numbers_have_no_header() -> None:
    assert table(read("1,2\n3,4\n", "a.csv")) == ([], ["1 | 2", "3 | 4"])


def test_years_across_the_top_are_a_header() -> None:
    assert table(read("Country,2022,2023\nPeru,1,2\nChile,3,4\n", "a.csv"))[0] == ["Country | 2022 | 2023"]


def test_one_column_is_a_list_of_rows() -> None:
    assert table(read("\n".join(f"value {n}" for n in range(9)), "a.csv")) == ([], [f"value {n}" for n in range(9)])


def test_blank_cells_alone_are_empty() -> None:
    assert refuse(",,\n,,\n", "a.csv").code == "empty"


def test_rows_without_end_are_refused() -> None:
    error = refuse("a,b\n" * 200, "a.csv", Limits(table_rows=100))
    assert error.code == "too_large"
    assert "100" in error.message


def test_a_quote_that_is_never_closed_ends() -> None:
    assert "x" in texts(read('a,b\n1,"x\n' + "y\n" * 1000, "a.csv"))[-1]
