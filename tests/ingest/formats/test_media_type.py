"""What a file is comes from its bytes; its name decides only between kinds of text that look alike."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from ingest.media_type import media_type_of
from tests.ingest.formats.making import Line, docx, package, pdf, w_p
from tests.ingest.formats.reading import refuse

OFFICE = "application/vnd.openxmlformats-officedocument."
MAIL = "From: a@example.org\nTo: b@example.org\nSubject: Hi\n\nHello"
MARKDOWN = "# Title\n\nText\n\n## Part\n\nText"
TABLE = "country;year;tons\nPeru;2024;10\nChile;2024;20\nBolivia;2024;30\n"


def type_of(data: bytes | str, name: str = "") -> str:
    return media_type_of(BytesIO(data.encode() if isinstance(data, str) else data), file_name=name)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (pdf([Line(72, 700, "x")]), "application/pdf"),
        (b"\n\n rubbish before " + pdf([Line(72, 700, "x")]), "application/pdf"),
        (docx(w_p("x")), f"{OFFICE}wordprocessingml.document"),
        (package({"[Content_Types].xml": "", "ppt/presentation.xml": ""}), f"{OFFICE}presentationml.presentation"),
        (package({"[Content_Types].xml": "", "xl/workbook.xml": ""}), f"{OFFICE}spreadsheetml.sheet"),
        (package({"mimetype": "application/vnd.oasis.opendocument.text"}), "application/vnd.oasis.opendocument.text"),
        (package({"photo.jpg": ""}), "application/zip"),
        (docx(w_p("x" * 500))[:-60], f"{OFFICE}wordprocessingml.document"),
        (rb"{\rtf1\ansi Hello}", "application/rtf"),
        ("<!-- saved --><!DOCTYPE html><p>x</p>", "text/html"),
        ("<p>No doctype</p>", "text/html"),
        ("\ufeff<html><p>x</p></html>".encode("utf-16-le"), "text/html"),
        (MAIL, "message/rfc822"),
        ("\ufeff" + MAIL, "message/rfc822"),
        ("Received: by mx\nX-Odd: 1\n\nHello", "message/rfc822"),
        (MARKDOWN, "text/markdown"),
        ("---\ntitle: A\n---\nText", "text/markdown"),
        (TABLE, "text/csv"),
        ("Note: this is\nnot: a mail\n", "text/plain"),
        ("Dear Sir, I write, as you know, to say so.\nYours", "text/plain"),
        ("año,\nsí,\nniño,".encode("cp1252"), "text/plain"),
        ("BMW is a car maker.", "text/plain"),
        ("MZ is not a program here", "text/plain"),
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0..", "image/jpeg"),
        (b"RIFF....WEBP", "image/webp"),
        (b"\x7fELF\x02\x01\x01" + bytes(50), "application/x-executable"),
        (b"MZ\x90\x00\x03" + bytes(50), "application/x-executable"),
        (bytes(range(256)) * 4, "application/octet-stream"),
        ("<?xml version='1.0'?><note/>", "application/xml"),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ('{"json": [1, 2]}', "text/plain"),
    ],
)
def test_content_decides(data: bytes | str, expected: str) -> None:
    assert type_of(data) == expected
    assert type_of(data, "lies.exe") == expected


@pytest.mark.parametrize(
    ("name", "expected"), [("a.md", "text/markdown"), ("a.csv", "text/csv"), ("a.TSV", "text/csv"), ("a", "text/plain")]
)
def test_the_name_decides_between_kinds_of_text(name: str, expected: str) -> None:
    assert type_of("just words", name) == expected


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.csv", "a.md", "a.txt"])
def test_a_name_makes_no_web_page_of_something_else(name: str) -> None:
    assert type_of("<html><body><p>x</p></body></html>", name) == "text/html"


def _compound_file(*names: str) -> bytes:
    """An OLE container with these streams in its directory, after [MS-CFB]."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    header[24:32] = bytes.fromhex("3e000300feff0900")
    header[44:52] = (1).to_bytes(4, "little") + (1).to_bytes(
        4, "little"
    )  # one table sector; the directory is in sector 1
    header[76:512] = bytes(4) + b"\xff" * 432
    table = (0xFFFFFFFD).to_bytes(4, "little") + (0xFFFFFFFE).to_bytes(4, "little") + b"\xff" * 504
    entries = b""
    for name in ("Root Entry", *names):
        encoded = (name + "\0").encode("utf-16-le")
        entries += encoded.ljust(64, b"\0") + len(encoded).to_bytes(2, "little") + bytes(62)
    return bytes(header) + table + entries.ljust(512, b"\0")


@pytest.mark.parametrize(
    ("streams", "code", "says"),
    [
        (("EncryptionInfo", "EncryptedPackage"), "encrypted", "password"),
        (("WordDocument",), "unsupported_type", "DOCX"),
        (("Workbook",), "unsupported_type", "XLSX"),
        (("PowerPoint Document",), "unsupported_type", "PPTX"),
        (("__properties_version1.0",), "unsupported_type", "EML"),
        (("Something",), "unsupported_type", "before 2007"),
    ],
)
def test_old_office_and_encrypted_office_are_told_apart(streams: tuple[str, ...], code: str, says: str) -> None:
    error = refuse(_compound_file(*streams), "report.docx")
    assert error.code == code
    assert says in str(error)


def test_a_compound_file_whose_directory_runs_in_a_circle_ends() -> None:
    data = bytearray(_compound_file("WordDocument"))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")
    assert type_of(bytes(data)) == "application/msword"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"\x89PNG\r\n\x1a\n....", "picture"),
        (b"PK\x05\x06" + bytes(18), "zip archive"),
        (b"\x7fELF\x02\x01\x01" + bytes(50), "program"),
        (b"OggS" + bytes(50), "recording"),
        (bytes(range(256)), "not known"),
        ("<?xml version='1.0'?><note/>", "XML"),
        (package({"mimetype": "application/epub+zip"}), "EPUB"),
        (package({"[Content_Types].xml": "", "xl/workbook.bin": ""}), "XLSX"),
        (package({"Index/Document.iwa": ""}), "Pages"),
        (package({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "XLSX"),
    ],
)
def test_what_is_not_read_is_named_with_what_to_do(data: bytes | str, says: str) -> None:
    error = refuse(data, "contract.pdf")
    assert error.code == "unsupported_type"
    assert says in error.message + (error.hint or "")
    assert error.hint


@pytest.mark.parametrize(
    "hostile",
    ["<!--a-->" * 8000, "<!--" * 16000, "-" * 65000, "---\n" + "a: b\n" * 10000, "From:" + " " * 65000, "|---" * 16000],
    ids=["comments", "open comments", "dashes", "front matter", "field", "table"],
)
def test_no_text_makes_it_search_without_end(hostile: str) -> None:
    assert type_of(hostile).startswith(("text/", "message/"))


def test_a_zip_that_cannot_be_listed_is_still_a_zip() -> None:
    with zipfile.ZipFile(BytesIO(), "w") as archive:
        archive.writestr("a", "b")
    assert type_of(b"PK\x03\x04" + bytes(200)) == "application/zip"
