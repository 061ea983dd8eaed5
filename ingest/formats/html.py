"""Web pages: all their text in blocks, without scripts, menus and other furniture.

A page of law may hold every word in ``<div>``, ``<br>`` or layout tables, so nothing is chosen by likeness to an
article: what is not known to be furniture is kept. If leaving furniture out would cost most of the text, it is kept as
well.
"""

from __future__ import annotations

import re
from datetime import date

from lxml import etree

from ingest.converted import ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.dates import date_in
from ingest.formats.decoding import decode
from ingest.formats.html_furniture import furniture_of
from ingest.formats.html_walk import write_blocks
from ingest.formats.outcome import require_text
from ingest.formats.source import Source

MEDIA_TYPE = "text/html"
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_XML_CHARSET = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]+)")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_STRUCK = re.compile(r"<(/?)(?:strike|s)(?=[\s>])", re.I)  # which the parser would close before a paragraph
_KEPT_TAGS = "html|head|body|title|meta|script|style|h[1-6]|p|br"
_WRAPPING = re.compile(rf"</?(?!(?:{_KEPT_TAGS})\b)[a-z][^>]*>", re.I)
_AUTHOR = ("author", "dc.creator", "dcterms.creator", "article:author")
_CREATED = ("date", "dc.date", "dcterms.created", "dcterms.issued", "article:published_time", "datepublished")
_KEPT_METADATA = 50


def convert(source: Source) -> ConvertedDocument:
    blocks = Blocks(source.limits)
    page = convert_page(source.read(), blocks)
    require_text(
        blocks,
        message="The page holds no text.",
        hint="If its text is put there by scripts, open it in a browser and save it as PDF.",
    )
    return page


def convert_page(data: bytes, blocks: Blocks, *, declared: str | None = None) -> ConvertedDocument:
    """Write the page's text to ``blocks``; ``declared`` is an encoding named outside the page, as in mail."""
    root = parse(decode(data, declared=declared or _declared_charset(data)))
    if root is None:
        return ConvertedDocument(MEDIA_TYPE, ())
    language = _language(root)
    write_blocks(root, blocks, skip=furniture_of(root), language=language)
    metadata = _metadata(root)
    title = _title(root)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=title,
        author=next((value for name, value in metadata if name.lower() in _AUTHOR), None),
        created=_created(metadata),
        language=language,
        metadata=metadata[:_KEPT_METADATA],
        warnings=blocks.warnings,
    )


def parse(text: str) -> etree._Element | None:
    """The page's tree; None where there is not one element in it."""
    # Browsers take a page whatever its depth, and the HTML parser expands no entities of the page's own, so that
    # huge_tree opens no door here; the depth and the size that libxml2 would stop at cost text, not safety.
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_pis=True, huge_tree=True)
    text = _STRUCK.sub(r"<\1del", _XML_DECLARATION.sub("", text).replace("\0", ""))
    root = _tree(text, parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        # Nested deeper than the parser goes, as by fonts that are never closed: all is taken out that can nest.
        root = _tree(_WRAPPING.sub("<br><br>", text), parser)
    return root


def _tree(text: str, parser: etree.HTMLParser) -> etree._Element | None:
    data = text.encode("utf-8", errors="replace")
    if not data.strip():
        return None
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError:  # "Document is empty": only comments, or nothing
        return None


def _declared_charset(data: bytes) -> str | None:
    match = _XML_CHARSET.match(data[:200]) or _META_CHARSET.search(data[:4096])
    return match.group(1).decode("ascii") if match else None


def _title(root: etree._Element) -> str | None:
    for path in (".//head//title", ".//title", ".//h1"):
        found = root.find(path)
        if found is not None and (text := clean_line("".join(str(part) for part in found.itertext()))):
            return text
    return None


def _language(root: etree._Element) -> str | None:
    named = root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or root.get("xml:lang")
    if not named:
        metas = (meta for meta in root.iterfind(".//meta"))
        named = next(
            (m.get("content") for m in metas if (m.get("http-equiv") or "").lower() == "content-language"), None
        )
    named = (named or "").strip().split(",")[0]
    return named if re.fullmatch(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{1,8})*", named) else None


def _metadata(root: etree._Element) -> tuple[tuple[str, str], ...]:
    found = []
    for meta in root.iterfind(".//meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop")
        value = clean_line(meta.get("content") or "")
        if name and value and name.lower() not in ("viewport", "generator", "robots") and len(value) < 10_000:
            found.append((clean_line(name), value))
    return tuple(found)


def _created(metadata: tuple[tuple[str, str], ...]) -> date | None:
    return next((date_in(value) for name, value in metadata if name.lower() in _CREATED and date_in(value)), None)
