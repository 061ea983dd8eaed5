"""Mail messages (RFC 5322, MIME): who wrote to whom, the text, and the files that came with it.

Attachments, forwarded messages among them, are handed on as documents of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime

from corpus.errors import DocumentError
from ingest.converted import Attachment, BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.dates import date_in
from ingest.formats.decoding import decode, encoding_of
from ingest.formats.html import convert_page
from ingest.formats.source import Source
from ingest.formats.text import write_paragraphs
from ingest.limits import Limits

MEDIA_TYPE = "message/rfc822"
_FIELDS = ("From", "To", "Cc", "Date", "Subject")
_SIGNATURES = frozenset({"application/pkcs7-signature", "application/x-pkcs7-signature", "application/pgp-signature"})
_ENCRYPTED = frozenset({"multipart/encrypted", "application/pgp-encrypted"})
_SMIME = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TEXTS = frozenset({"text/plain", "text/html", "text/enriched", "text/markdown"})  # invitations and cards are not text
_LONGEST_FIELD = 10_000  # characters; decoding takes quadratic time
_LEAST_SHARE = 0.5  # of the plain text that the HTML must say as well to be taken instead


def convert(source: Source) -> ConvertedDocument:
    message = _parse(source.read())
    parts = list(_parts(message, source.limits))
    _refuse_encrypted(parts)
    blocks = Blocks(source.limits)
    subject = _field(message, "Subject")
    blocks.add(subject, BlockKind.HEADING, level=1)
    blocks.add("\n".join(f"{name}: {value}" for name in _FIELDS if (value := _field(message, name))))
    attachments = _attachments(parts, source.limits, blocks)
    _write_body(_body(parts), blocks, source.limits)
    if not len(blocks) and not attachments:
        raise DocumentError("It has neither header fields nor text.", code="empty")
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=subject or None,
        author=_sender(message),
        created=_day(message),
        attachments=attachments,
        warnings=blocks.warnings,
    )


def _parse(data: bytes) -> Message:
    if encoding_of(data[:65536]).startswith("utf-16") or encoding_of(data[:65536]).startswith("utf-32"):
        data = decode(data).encode("utf-8")  # saved by an editor, not by a mail program
    data = data.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    return BytesParser(policy=compat32).parsebytes(data)


def _parts(message: Message, limits: Limits) -> Iterator[Message]:
    """The leaves of the message in their order. A message inside is a leaf: an attachment."""
    waiting = [(message, 0)]
    while waiting:
        part, depth = waiting.pop()
        if depth > limits.nesting:
            raise DocumentError(f"Its parts are nested more than {limits.nesting} deep.", code="bomb")
        inner = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            if part.get_content_type() in _ENCRYPTED:
                yield part
            waiting += [(child, depth + 1) for child in reversed(inner) if isinstance(child, Message)]
        else:
            yield part


def _refuse_encrypted(parts: list[Message]) -> None:
    for part in parts:
        kind = part.get_content_type()
        signed_only = "signed" in str(part.get_param("smime-type", "")).lower()
        if kind in _ENCRYPTED or (kind in _SMIME and not signed_only):
            raise DocumentError(
                "The message is encrypted.",
                code="encrypted",
                hint="Open it in your mail program, and save its text as a file.",
            )


def _field(message: Message, name: str) -> str:
    """A header field as people read it; its encoded words decoded, whatever they claim."""
    values = [_decoded(str(value)) for value in message.get_all(name, [])]
    return clean_line(", ".join(values))


def _decoded(value: str) -> str:
    value = value[:_LONGEST_FIELD]
    value = value.encode("utf-8", errors="surrogateescape").decode("utf-8", errors="replace") if value else ""
    try:
        pieces = decode_header(value)
    except Exception:  # the standard library raises whatever it comes across in a broken encoded word
        return value
    return "".join(piece if isinstance(piece, str) else decode(piece, declared=charset) for piece, charset in pieces)


def _sender(message: Message) -> str | None:
    for name, address in getaddresses([_field(message, "From")]):
        if name or address:
            return clean_line(name or address)[:200]
    return None


def _day(message: Message) -> date | None:
    value = _field(message, "Date")
    try:
        return parsedate_to_datetime(value).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return date_in(value)


def _is_attachment(part: Message) -> bool:
    if part.get_content_type() in _SIGNATURES:
        return False
    disposition = part.get_content_disposition()
    if disposition == "attachment" or part.get_content_maintype() == "message":
        return True
    if part.get_content_maintype() == "text":
        return disposition != "inline" and _name(part) != ""
    return part.get_content_maintype() not in ("multipart",)


def _attachments(parts: list[Message], limits: Limits, blocks: Blocks) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    size = 0
    for part in parts:
        if not _is_attachment(part):
            continue
        if (
            part.get_content_maintype() == "image"
            and part.get("Content-ID")
            and part.get_content_disposition() != "attachment"
        ):
            blocks.warn("Pictures shown in its text were left out.")
            continue
        attachment = Attachment(_name(part) or _default_name(part, len(found) + 1), _content(part))
        if not attachment.content:
            blocks.warn(f"The attachment {attachment.name} is empty.")
            continue
        found.append(attachment)
        size += len(attachment.content)
        if len(found) > limits.attachments or size > limits.attachment_size:
            raise DocumentError(
                f"It has more than {limits.attachments} attachments or {limits.attachment_size // 2**20} MB of them.",
                code="too_large",
                hint="Save the attachments and add those that matter.",
            )
    return tuple(found)


def _name(part: Message) -> str:
    """The attachment's name without any folder: it is data and comes from outside."""
    try:
        name = part.get_filename() or ""
    except (LookupError, UnicodeError, ValueError, TypeError):
        name = ""
    return re.split(r"[/\\]", clean_line(_decoded(name)))[-1][:200]


def _default_name(part: Message, number: int) -> str:
    if part.get_content_type() == "message/rfc822":
        inner = part.get_payload()
        subject = (
            _field(inner[0], "Subject") if isinstance(inner, list) and inner and isinstance(inner[0], Message) else ""
        )
        name = re.sub(r'[/\\:*?"<>|]', " ", subject).strip()[:150] or f"message {number}"
        return f"{name}.eml"
    return f"attachment {number}"


def _content(part: Message) -> bytes:
    inner = part.get_payload()
    if isinstance(inner, list):  # a message inside: its bytes as they came
        return b"\n".join(_bytes_of(child) for child in inner if isinstance(child, Message))
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _bytes_of(message: Message) -> bytes:
    try:
        return message.as_bytes()
    except (UnicodeError, LookupError, ValueError, KeyError):
        return message.as_string().encode("utf-8", errors="replace")


def _body(parts: list[Message]) -> list[Message]:
    return [part for part in parts if part.get_content_type() in _TEXTS and not _is_attachment(part)]


def _write_body(parts: list[Message], blocks: Blocks, limits: Limits) -> None:
    """Write the text of the message: HTML where it says as much as the plain text, which most programs send along."""
    plain = [text for part in parts if part.get_content_type() != "text/html" and (text := _text(part)).strip()]
    pages = [part for part in parts if part.get_content_type() == "text/html"]
    rich = Blocks(limits)
    for page in pages:
        convert_page(_content(page), rich, declared=page.get_content_charset())
    length = sum(len("".join(text.split())) for text in plain)
    rich_length = sum(len("".join(block.text.split())) for block in rich.blocks)
    if rich_length and rich_length >= length * _LEAST_SHARE:
        for block in rich.blocks:
            blocks.add(block.text, block.kind, level=block.level)  # its language is the program's, not the writer's
        return
    for text in plain:
        write_paragraphs(re.sub(r"(?m)^(?:> ?)+", "", text), blocks)


def _text(part: Message) -> str:
    try:
        charset = part.get_content_charset()
    except (LookupError, UnicodeError, ValueError, TypeError):
        charset = None
    return decode(_content(part), declared=charset)
