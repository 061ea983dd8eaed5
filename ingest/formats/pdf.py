"""PDF, read by pypdf: text by page, headings from the outline, or from the type where there is none."""

from __future__ import annotations

import re
import struct
import zlib
from datetime import date

from pypdf import PasswordType, PdfReader
from pypdf.errors import PyPdfError

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.pdf_annotations import annotated_texts
from ingest.formats.pdf_headings import headings_by_outline, headings_by_type
from ingest.formats.pdf_text import Line, Paragraph, paragraphs_of
from ingest.formats.source import Source

MEDIA_TYPE = "application/pdf"
DAMAGE = (
    PyPdfError, ArithmeticError, LookupError, TypeError, ValueError, AttributeError, RecursionError, AssertionError,
    NotImplementedError, EOFError, OSError, struct.error, zlib.error,
)  # fmt: skip
"""What pypdf raises over a damaged object; the rest of the file may be sound."""

_BULLET = re.compile(r"(?:[•◦▪■●○‣\uf0b7\uf0a7\uf0d8]\s*|[∙·–—*-]\s+)(?=\S)")
_LETTER = re.compile(r"\w")
_NO_TITLE = re.compile(
    r"(?:untitled|document\d*|sin título|sem título|title|pdf|microsoft word|powerpoint presentation)?\W*", re.I
)


def convert(source: Source) -> ConvertedDocument:
    reader = _open(source)
    count = _count_pages(reader, source)
    blocks = Blocks(source.limits)
    pages = _read_pages(reader, count, source, blocks)
    _require_text(pages, count, blocks)
    headings = _outline(reader, pages, blocks) or headings_by_type(pages)
    for number, page in enumerate(pages, 1):
        for paragraph in page:
            _write(paragraph, number, headings.get(id(paragraph)), blocks)
    _warn_of_attachments(reader, blocks)
    facts = _facts(reader)
    title = facts.title or next((block.text for block in blocks.blocks[:20] if block.kind is BlockKind.HEADING), None)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=title if title is None or len(title) <= 300 else None,
        author=facts.author,
        created=facts.created,
        language=facts.language,
        pages=count,
        warnings=blocks.warnings,
    )


def _open(source: Source) -> PdfReader:
    try:
        reader = PdfReader(source.stream)
    except DAMAGE as error:
        raise _damaged(error) from error
    # Files that only forbid printing or copying open with an empty password; readers show them to everybody.
    if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
        raise DocumentError(
            "It is protected by a password.",
            code="encrypted",
            hint="Open it with its password, save it without one, and add that file.",
        )
    return reader


def _damaged(error: Exception) -> DocumentError:
    return DocumentError(
        f"It is damaged, perhaps not copied to its end ({type(error).__name__}: {str(error)[:200]}).",
        code="corrupt",
        hint="Send or download it again, or open it in a PDF reader and print it to a new PDF.",
    )


def _count_pages(reader: PdfReader, source: Source) -> int:
    try:
        count = len(reader.pages)
    except DAMAGE as error:
        raise _damaged(error) from error
    if count > source.limits.pages:
        raise DocumentError(
            f"It has {count:,} pages; at most {source.limits.pages:,} are taken.",
            code="too_many_pages",
            hint="Split it into several documents.",
        )
    if not count:
        raise DocumentError("It has no pages.", code="empty")
    return count


def _read_pages(reader: PdfReader, count: int, source: Source, blocks: Blocks) -> list[list[Paragraph]]:
    pages: list[list[Paragraph]] = []
    damaged: list[int] = []
    characters = 0
    for index in range(count):
        try:
            page = paragraphs_of(reader.pages[index])
        except DAMAGE:
            page = []
            damaged.append(index + 1)
        page += _annotated(reader, index)
        pages.append(page)
        characters += sum(len(line.text) for paragraph in page for line in paragraph.lines)
        if characters > source.limits.characters:
            raise DocumentError(
                f"It holds more than {source.limits.characters:,} characters of text.",
                code="too_large",
                hint="Split it into several documents.",
            )
        source.progress(index + 1, count)
    if len(damaged) == count:
        raise DocumentError(
            "None of its pages can be read: it is damaged.",
            code="corrupt",
            hint="Open it in a PDF reader and print it to a new PDF.",
        )
    if damaged:
        blocks.warn(f"{_pages(damaged)} could not be read: damaged.")
    return pages


def _annotated(reader: PdfReader, index: int) -> list[Paragraph]:
    """Fields and text boxes of a page; none where they are damaged, for they add to its text."""
    try:
        texts = list(annotated_texts(reader.pages[index]))
    except DAMAGE:
        return []
    return [Paragraph([Line(text, 0.0, 0.0, 0.0, bold=False, angle=0)]) for text in texts if text]


def _require_text(pages: list[list[Paragraph]], count: int, blocks: Blocks) -> None:
    texts = ["".join(line.text for paragraph in page for line in paragraph.lines) for page in pages]
    if not _LETTER.search("".join(texts)):
        raise DocumentError(
            f"None of its {count} pages holds text: it is probably a scan." if count > 1 else "Its page holds no text.",
            code="no_text",
            hint="Run text recognition (OCR) on it and add the PDF with text.",
        )
    unknown = sum(len(re.findall(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]", text)) for text in texts)
    if unknown * 2 > sum(len(re.sub(r"\s", "", text)) for text in texts):
        raise DocumentError(
            "Its fonts do not tell which letters they draw, so that its text cannot be read out.",
            code="no_text",
            hint="Run text recognition (OCR) on it and add the PDF with text.",
        )
    blank = [number for number, text in enumerate(texts, 1) if not text.strip()]
    if blank:
        blocks.warn(f"{_pages(blank)} held no text: blank, or a picture.")


def _pages(numbers: list[int]) -> str:
    """As people write it: Page 4 / Pages 2, 5-9."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    told = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges[:20])
    return f"{'Page' if len(numbers) == 1 else 'Pages'} {told}{' and others' if len(ranges) > 20 else ''}"


def _outline(reader: PdfReader, pages: list[list[Paragraph]], blocks: Blocks) -> dict[int, int]:
    try:
        return headings_by_outline(reader, pages)
    except DAMAGE:
        blocks.warn("Its outline is damaged; headings were told by their type.")
        return {}


def _write(paragraph: Paragraph, page: int, level: int | None, blocks: Blocks) -> None:
    text = "\n".join(line.text for line in paragraph.lines)
    if level is not None:
        blocks.add(text, BlockKind.HEADING, level=level, page=page)
    elif bullet := _BULLET.match(text):
        blocks.add(text[bullet.end() :], BlockKind.LIST_ITEM, level=1, page=page)
    else:
        blocks.add(text, page=page)


def _warn_of_attachments(reader: PdfReader, blocks: Blocks) -> None:
    try:
        names = [clean_line(attachment.name) for attachment in reader.attachment_list]
    except DAMAGE:
        return  # its table of names is damaged: there is nothing that could be named
    if names:
        told = ", ".join(names[:10]) + (" and others" if len(names) > 10 else "")
        blocks.warn(f"Files attached to it were not read: {told}. Add them as documents of their own.")


class _Facts:
    title: str | None = None
    author: str | None = None
    created: date | None = None
    language: str | None = None


def _facts(reader: PdfReader) -> _Facts:
    facts = _Facts()
    try:
        language = reader.root_object.get("/Lang")
        if isinstance(language, str) and re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]+)*", language):
            facts.language = str(language)
        information = reader.metadata
        if information is not None:
            facts.title = _title(information.title)
            facts.author = clean_line(str(information.author or ""))[:200] or None
            facts.created = information.creation_date.date() if information.creation_date else None
    except DAMAGE:
        return facts  # what was found before the damage
    return facts


def _title(raw: str | None) -> str | None:
    title = clean_line(str(raw or ""))
    title = re.sub(r"^Microsoft (?:Word|PowerPoint|Excel) - ", "", title)
    without_suffix = re.sub(r"\.(?:docx?|pptx?|xlsx?|pdf|indd|tex|rtf|odt|qxd|dvi|html?)$", "", title, flags=re.I)
    if without_suffix != title:
        return None  # the name of a file says less than what stands on its first page
    return None if _NO_TITLE.fullmatch(title) or len(title) < 3 else title
