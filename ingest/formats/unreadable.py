"""What is said of a file of a type that is not read, so that who sent it knows what to do."""

from __future__ import annotations

from pathlib import PurePath

from corpus.errors import DocumentError
from ingest.media_type import ENCRYPTED_OFFICE, UNKNOWN

_SAVE_AS = "Save it as {} or PDF and add that file."
_READ = "PDF, DOCX, PPTX, XLSX, ODT, RTF, CSV, HTML, Markdown, plain text and mail (EML) are read."

_OLD: dict[str, tuple[str, str]] = {
    "application/msword": ("a Word document of the format before 2007 (.doc)", "DOCX"),
    "application/vnd.ms-excel": ("an Excel workbook of the format before 2007 (.xls)", "XLSX"),
    "application/vnd.ms-powerpoint": ("a PowerPoint presentation of the format before 2007 (.ppt)", "PPTX"),
    "application/vnd.ms-outlook": ("an Outlook message (.msg)", "EML"),
    "application/x-ole-storage": ("a file in the container of Office before 2007", "DOCX"),
    "application/vnd.oasis.opendocument.spreadsheet": ("an OpenDocument spreadsheet (.ods)", "XLSX"),
    "application/vnd.oasis.opendocument.presentation": ("an OpenDocument presentation (.odp)", "PPTX"),
    "application/epub+zip": ("an electronic book (EPUB)", "HTML"),
    "application/vnd.ms-excel.sheet.binary.macroenabled.12": ("a binary Excel workbook (.xlsb)", "XLSX"),
    "application/vnd.apple.iwork": ("a document of Pages, Numbers or Keynote", "DOCX, XLSX, PPTX"),
    "application/postscript": ("a PostScript file", "DOCX"),
}
_GROUPS: dict[str, tuple[str, str]] = {
    "image": ("a picture", "If it is a scanned page, run text recognition (OCR) on it and save it as PDF with text."),
    "audio": ("a sound recording", "Add a transcript of it as text."),
    "video": ("a film", "Add a transcript of it as text."),
}
_NAMED: dict[str, tuple[str, str]] = {
    "application/zip": ("a zip archive", "Unpack it and add the files in it."),
    "application/vnd.rar": ("an archive (RAR)", "Unpack it and add the files in it."),
    "application/x-7z-compressed": ("an archive (7z)", "Unpack it and add the files in it."),
    "application/gzip": ("a compressed file", "Unpack it and add what is in it."),
    "application/x-bzip2": ("a compressed file", "Unpack it and add what is in it."),
    "application/x-xz": ("a compressed file", "Unpack it and add what is in it."),
    "application/zstd": ("a compressed file", "Unpack it and add what is in it."),
    "application/x-executable": ("a program", _READ),
    "application/vnd.sqlite3": ("a database", _READ),
    "application/xml": ("an XML file of a kind that is not read", _READ),
    UNKNOWN: ("of a type that is not known here", _READ),
}


def refusal(media_type: str, *, file_name: str) -> DocumentError:
    """The error for a file of a type that no format reads: what it is, and what to do."""
    if media_type == ENCRYPTED_OFFICE:
        return DocumentError(
            "It is an Office document protected by a password.",
            code="encrypted",
            hint="Take the password off where it was made (File, Info, Protect) and add it again.",
        )
    if media_type in _OLD:
        what, instead = _OLD[media_type]
        return _unsupported(f"It is {what}.", _SAVE_AS.format(instead))
    group = media_type.split("/")[0]
    what, hint = _NAMED.get(media_type) or _GROUPS.get(group) or (f"of the type {media_type}", _READ)
    suffix = PurePath(file_name).suffix
    claims = f", whatever its name ends in ({suffix})" if suffix and group in ("image", "audio", "video") else ""
    return _unsupported(f"It is {what}{claims}.", hint)


def _unsupported(message: str, hint: str) -> DocumentError:
    return DocumentError(message, code="unsupported_type", hint=hint)
