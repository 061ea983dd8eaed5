"""What a file is, told from its bytes. Its name decides only between kinds of text that look alike."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePath
from typing import BinaryIO

from ingest.formats import ole
from ingest.formats.decoding import decode
from ingest.formats.tables import looks_like_csv

_HEAD = 64 * 1024
_FEW_CONTROLS = 3
_OFFICE = "application/vnd.openxmlformats-officedocument."
ENCRYPTED_OFFICE = "application/x-ole-encrypted-office"
UNKNOWN = "application/octet-stream"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "application/rtf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"BM", "image/bmp"),
    (b"%!PS", "application/postscript"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-executable"),
    (b"\xca\xfe\xba\xbe", "application/x-executable"),
    (b"\xcf\xfa\xed\xfe", "application/x-executable"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"\xfd7zXZ\x00", "application/x-xz"),
    (b"\x28\xb5\x2f\xfd", "application/zstd"),
    (b"ID3", "audio/mpeg"),
    (b"OggS", "audio/ogg"),
    (b"fLaC", "audio/flac"),
    (b"SQLite format 3\x00", "application/vnd.sqlite3"),
)
_OFFICE_MAIN_PARTS: tuple[tuple[str, str], ...] = (
    ("word/", f"{_OFFICE}wordprocessingml.document"),
    ("ppt/", f"{_OFFICE}presentationml.presentation"),
    ("xl/", f"{_OFFICE}spreadsheetml.sheet"),
)
_OLD_OFFICE: tuple[tuple[frozenset[str], str], ...] = (
    (frozenset({"EncryptedPackage"}), ENCRYPTED_OFFICE),
    (frozenset({"WordDocument"}), "application/msword"),
    (frozenset({"Workbook", "Book", "WORKBOOK"}), "application/vnd.ms-excel"),
    (frozenset({"PowerPoint Document"}), "application/vnd.ms-powerpoint"),
    (frozenset({"__properties_version1.0", "__nameid_version1.0"}), "application/vnd.ms-outlook"),
)
_MAIL_FIELD = re.compile(r"([A-Za-z][A-Za-z0-9-]{1,60}):(?:[ \t]|$)")
_TELLING_MAIL_FIELDS = frozenset(
    "from date received message-id mime-version return-path delivered-to subject to".split()
)
_HTML_START = re.compile(
    r"(?>\s+|<!--.*?-->|<\?xml[^>]*\?>)*+<(?:!doctype\s+html|html|head|body|title|meta|link|script|style|div|table|p|h[1-6]|"
    r"span|a\s|center|font|article|section|main|ul|ol|br)\b",
    re.I | re.S,
)
_MARKDOWN_HEADING = re.compile(r"^#{1,6} +\S", re.M)
_MARKDOWN_TABLE = re.compile(r"^\|?[ \t]*:?-{3,}:?[ \t]*(?:\|[ \t]*:?-{3,}:?[ \t]*)+\|?[ \t]*$", re.M)
_MARKDOWN_FRONT = re.compile(r"\A---[ \t]*\n(?:[A-Za-z_][\w-]*:.*\n|[ \t]+.*\n|\n)++---[ \t]*\n")


def media_type_of(stream: BinaryIO, *, file_name: str = "") -> str:
    """The media type of a seekable stream, by its content; ``file_name`` tells CSV and Markdown from plain text.

    What no text is and nothing known is ``application/octet-stream``.
    """
    stream.seek(0)
    head = stream.read(_HEAD)
    if head.startswith(ole.SIGNATURE):
        return _old_office_type(stream)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_type(stream)
    if b"%PDF-" in head[:1024]:  # readers allow a kilobyte of rubbish before it
        return "application/pdf"
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "video/x-msvideo")
    if head[4:8] == b"ftyp":
        return "image/heic" if head[8:12] in (b"heic", b"heix", b"mif1") else "video/mp4"
    for signature, media_type in _SIGNATURES:
        if head.startswith(signature) and not (_may_be_words(signature) and _is_text(head)):
            return media_type
    return _text_type(decode(head), file_name) if _is_text(head) else UNKNOWN


def _may_be_words(signature: bytes) -> bool:
    """Whether text can begin so: "BMW is ...", "MZ ..."."""
    return len(signature) < 4 and signature.isalnum()


def _old_office_type(stream: BinaryIO) -> str:
    names = ole.stream_names(stream)
    return next((media_type for known, media_type in _OLD_OFFICE if known & names), "application/x-ole-storage")


def _zip_type(stream: BinaryIO) -> str:
    try:
        with zipfile.ZipFile(stream) as archive:
            names = archive.namelist()
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", errors="replace").strip() or "application/zip"
    except (zipfile.BadZipFile, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return _damaged_zip_type(stream)
    if "xl/workbook.bin" in names:
        return "application/vnd.ms-excel.sheet.binary.macroenabled.12"
    if any(name.endswith(".iwa") for name in names):
        return "application/vnd.apple.iwork"
    if "[Content_Types].xml" in names or "_rels/.rels" in names:
        for folder, media_type in _OFFICE_MAIN_PARTS:
            if any(name.startswith(folder) for name in names):
                return media_type
    return "application/zip"


def _damaged_zip_type(stream: BinaryIO) -> str:
    """A zip without its directory, as a download cut short is: the names of its first parts still tell."""
    stream.seek(0)
    head = stream.read(_HEAD)
    for folder, media_type in _OFFICE_MAIN_PARTS:
        if folder.encode() in head:
            return media_type
    return "application/zip"


def _is_text(head: bytes) -> bool:
    """Whether the bytes are text in some encoding: hardly a control character in what they decode to."""
    if not head:
        return True
    sample = head[: 16 * 1024]
    text = decode(sample)
    controls = sum(1 for char in text if (char < " " and char not in "\t\n\r\f\x1b\x1a") or char == "\x7f")
    broken = text.count("�")
    return controls <= max(_FEW_CONTROLS, len(text) // 100) and broken * 10 <= len(text)


def _text_type(text: str, file_name: str) -> str:
    text = text.lstrip("\ufeff")
    suffix = PurePath(file_name).suffix.lower()
    if _is_mail(text):
        return "message/rfc822"
    if _HTML_START.match(text):
        return "text/html"
    if re.match(r"\s*<\?xml|\s*<svg\b", text):
        return "image/svg+xml" if re.search(r"<svg\b", text[:2000]) else "application/xml"
    if suffix in (".md", ".markdown") or _MARKDOWN_FRONT.match(text):
        return "text/markdown"
    if suffix in (".csv", ".tsv", ".tab"):
        return "text/csv"
    if len(_MARKDOWN_HEADING.findall(text)) >= 2 or _MARKDOWN_TABLE.search(text):
        return "text/markdown"
    if looks_like_csv(text):
        return "text/csv"
    return "text/plain"


def _is_mail(text: str) -> bool:
    """Whether it begins with header fields of a message, at least two of them such as every mail has."""
    seen: set[str] = set()
    for number, line in enumerate(text.lstrip("\r\n").splitlines()[:60]):
        if not line.strip():
            break
        if line[0] in " \t" and number:
            continue
        if number == 0 and line.startswith("From "):
            continue  # the separator of a mailbox file
        field = _MAIL_FIELD.match(line)
        if not field:
            return False
        seen.add(field.group(1).lower())
    return len(seen & _TELLING_MAIL_FIELDS) >= 2 or bool(seen & {"received", "mime-version", "message-id"})
