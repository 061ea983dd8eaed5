"""Markdown with tables and front matter, read by markdown-it (CommonMark)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from corpus.errors import DocumentError
from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.dates import date_in
from ingest.formats.decoding import decode
from ingest.formats.html import parse
from ingest.formats.html_furniture import furniture_of
from ingest.formats.html_walk import write_blocks
from ingest.formats.source import Source
from ingest.formats.text import write_paragraphs

MEDIA_TYPE = "text/markdown"
_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.S)
_LARGEST_FRONT_MATTER = 64 * 1024
_MOST_BRACKETS = 500
_OPTIONS: dict[str, Any] = {"html": True, "maxNesting": 100}
_DATES = ("date", "created", "published", "publication_date", "fecha", "data")
_AUTHORS = ("author", "authors", "autor", "autores")
_LANGUAGES = ("language", "lang", "idioma")


def convert(source: Source) -> ConvertedDocument:
    text = decode(source.read())
    blocks = Blocks(source.limits)
    front, body = split_front_matter(text, blocks)
    _write(body, blocks)
    if not len(blocks):
        raise DocumentError("It holds no text.", code="empty" if not text.strip() else "no_text")
    named = {name.lower(): value for name, value in front}
    first = next((block.text for block in blocks.blocks if block.kind is BlockKind.HEADING and block.level == 1), None)
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=named.get("title") or named.get("titulo") or first,
        author=next((named[key] for key in _AUTHORS if key in named), None),
        created=next((found for key in _DATES if (found := date_in(named.get(key)))), None),
        language=next((named[key] for key in _LANGUAGES if key in named), None),
        metadata=front,
        warnings=blocks.warnings,
    )


def _write(body: str, blocks: Blocks) -> None:
    try:
        tokens = MarkdownIt("commonmark", _OPTIONS).enable(["table", "strikethrough"]).parse(body)
    except RecursionError:
        tokens = []
    _Writer(blocks).write(tokens)
    if not len(blocks):  # nested so deeply that nobody means it
        write_paragraphs(body, blocks)


def split_front_matter(text: str, blocks: Blocks) -> tuple[tuple[tuple[str, str], ...], str]:
    """The YAML between two lines of ``---`` at the top as pairs, and the text below it."""
    match = _FRONT_MATTER.match(text)
    if not match or len(match.group(1)) > _LARGEST_FRONT_MATTER:
        return (), text
    try:
        loaded = _load_yaml(match.group(1))
    except (yaml.YAMLError, ValueError, RecursionError):
        blocks.warn("The front matter is not valid YAML; it was left out.")
        return (), text[match.end() :]
    if not isinstance(loaded, dict):
        return (), text if loaded is not None else text[match.end() :]
    return tuple((str(key), value) for key, raw in loaded.items() if (value := _as_text(raw))), text[match.end() :]


def _load_yaml(text: str) -> Any:
    if text.count("[") + text.count("{") > _MOST_BRACKETS:  # deep nesting takes the parser quadratic time
        raise yaml.YAMLError("brackets")
    return yaml.load(text, Loader=_WithoutAliases)  # noqa: S506 it is a SafeLoader


class _WithoutAliases(yaml.SafeLoader):
    """Aliases are what a YAML bomb is made of; front matter has no use for them.

    In Python and not in C, where nesting that is too deep ends the process instead of the reading.
    """

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.YAMLError("aliases")
        return super().compose_node(parent, index)


def _as_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (list, tuple, set)):
        return ", ".join(filter(None, (_as_text(item) for item in value)))
    if isinstance(value, dict):
        return ", ".join(f"{key}: {_as_text(item)}" for key, item in value.items())
    return clean_line(str(value))


class _Writer:
    """Turns markdown-it's stream of tokens into blocks."""

    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._heading: int | None = None
        self._lists = 0
        self._new_item = False
        self._row: list[str] | None = None
        self._in_header = False

    def write(self, tokens: list[Token]) -> None:
        for token in tokens:
            self._take(token)

    def _take(self, token: Token) -> None:
        match token.type:
            case "heading_open":
                self._heading = int(token.tag[1:])
            case "heading_close":
                self._heading = None
            case "bullet_list_open" | "ordered_list_open":
                self._lists += 1
            case "bullet_list_close" | "ordered_list_close":
                self._lists -= 1
            case "list_item_open":
                self._new_item = True
                self._number = f"{token.info}{token.markup} " if token.info else ""
            case "list_item_close":
                self._new_item = False
            case "thead_open" | "thead_close":
                self._in_header = token.nesting == 1
            case "tr_open":
                self._row = []
            case "tr_close":
                self._blocks.add_row(self._row or (), header=self._in_header)
                self._row = None
            case "inline":
                self._write_inline(token)
            case "fence" | "code_block":
                self._blocks.add(token.content, BlockKind.CODE)
            case "html_block":
                self._write_html(token.content)

    def _write_inline(self, token: Token) -> None:
        text = "".join(_texts(token.children or []))
        if self._row is not None:
            self._row.append(text)
        elif self._heading:
            self._blocks.add(text, BlockKind.HEADING, level=self._heading)
        elif self._new_item:
            self._blocks.add(self._number + text, BlockKind.LIST_ITEM, level=self._lists)
            self._new_item = False
        else:
            self._blocks.add(text)

    def _write_html(self, content: str) -> None:
        root = parse(content)
        if root is not None:
            write_blocks(root, self._blocks, skip=furniture_of(root), language=None)


def _texts(tokens: list[Token]) -> Iterator[str]:
    """The words of inline tokens, without marks; a soft line break is a space, a hard one a line feed."""
    for token in tokens:
        match token.type:
            case "text" | "code_inline":
                yield token.content
            case "softbreak":
                yield " "
            case "hardbreak":
                yield "\n"
            case "image":
                yield token.content
            case "s_open" | "s_close":
                yield "~~"
            case "html_inline" if re.match(r"<br\b", token.content, re.I):
                yield "\n"
