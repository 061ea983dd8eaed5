"""RTF, after the Rich Text Format Specification 1.9.1: paragraphs, headings by outline level, tables, notes."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.outcome import require_text
from ingest.formats.rtf_head import TABLES, Head
from ingest.formats.source import Source
from ingest.formats.tables import names_columns

MEDIA_TYPE = "application/rtf"
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.S
)
_CHARACTERS = {
    "tab": " ", "line": "\n", "emdash": "—", "endash": "–", "emspace": " ", "enspace": " ", "qmspace": " ",
    "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”",
}  # fmt: skip
_SYMBOLS = {"~": " ", "_": "-", "{": "{", "}": "}", "\\": "\\"}
_LEFT_OUT = frozenset(
    "colortbl pict object objdata header headerl headerr headerf footer footerl footerr footerf themedata "
    "datastore listtable listoverridetable revtbl generator xmlnstbl fldinst bkmkstart bkmkend annotation atnid "
    "atnauthor atnref latentstyles rsidtbl wgrffmtfilter mmathPr nonshppict sp background filetbl tc xe template "
    "falt panose nonesttables colorschememapping comment operator keywords subject doccomm company category "
    "manager hlinkbase pgptbl ftnsep ftnsepc aftnsep aftnsepc ftncn aftncn docvar userprops passwordhash "
    "protusertbl do".split()
)
_STARRED_TEXT = frozenset({"shpinst", "shptxt", "listtext", "pntext", "footnote", "ud"})


def convert(source: Source) -> ConvertedDocument:
    blocks = Blocks(source.limits)
    reader = _Reader(blocks)
    reader.read(source.read().decode("latin-1"))
    require_text(blocks, hint="Check that it is the right file.")
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=clean_line(reader.head.title) or None,
        author=clean_line(reader.head.author) or None,
        created=reader.head.created,
        warnings=blocks.warnings,
    )


@dataclass(slots=True)
class _Group:
    """What holds within one pair of braces."""

    target: str = "text"  # text, note, skipped, fonttbl, stylesheet, title, author, creatim
    hidden: bool = False
    font: int | None = None
    fallback: int = 1  # characters to pass over after one in Unicode


@dataclass(slots=True)
class _Paragraph:
    level: int | None = None
    in_table: bool = False


class _Reader:
    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._groups = [_Group()]
        self.head = Head()
        self._paragraph = _Paragraph()
        self._bytes = bytearray()
        self._text: list[str] = []
        self._note: list[str] = []
        self._notes: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._pass_over = 0

    def read(self, text: str) -> None:
        position = 0
        while match := _TOKEN.match(text, position):
            position = match.end()
            word, number, hexadecimal, symbol, brace, plain = match.groups()
            if word == "bin":
                position += min(max(int(number or 0), 0), len(text))
            elif word:
                self._take_word(word, int(number) if number else None)
            elif hexadecimal:
                self._take_byte(int(hexadecimal, 16))
            elif symbol:
                self._take_symbol(symbol)
            elif brace:
                self._take_brace(brace)
            elif plain:
                self._take_plain(plain)
            if position >= len(text):
                break
        self._end_paragraph()
        self._end_table()

    @property
    def _group(self) -> _Group:
        return self._groups[-1]

    def _take_brace(self, brace: str) -> None:
        self._decode_bytes()
        if brace == "{":
            self._groups.append(replace(self._group))
        elif len(self._groups) > 1:
            ended = self._groups.pop()
            if ended.target == "note" and self._group.target != "note":
                self._notes.append("".join(self._note))
                self._note = []
            if ended.target == "stylesheet":
                self.head.end_style()
        self._pass_over = 0

    def _take_symbol(self, symbol: str) -> None:
        self._decode_bytes()
        if symbol == "*":
            self._group.target = "starred" if self._group.target in ("text", "note") else self._group.target
        elif symbol in "\r\n":
            self._end_paragraph()
        elif symbol in _SYMBOLS:
            self._write(_SYMBOLS[symbol])

    def _take_byte(self, value: int) -> None:
        if self._pass_over:
            self._pass_over -= 1
        else:
            self._bytes.append(value)

    def _take_plain(self, plain: str) -> None:
        if self._pass_over:
            passed = min(self._pass_over, len(plain))
            self._pass_over -= passed
            plain = plain[passed:]
        self._bytes += plain.encode("latin-1", errors="replace")

    def _take_word(self, word: str, number: int | None) -> None:
        if word == "u":
            self._decode_bytes()
            self._write(chr((number or 0) % 0x10000))
            self._pass_over = self._group.fallback
            return
        self._decode_bytes()
        self._pass_over = 0
        if self._group.target == "starred":
            self._group.target = "text" if word in _STARRED_TEXT else "skipped"
        if word in _LEFT_OUT:
            self._group.target = "skipped"
        elif word in TABLES:
            self._group.target = word
        elif word == "footnote":
            self._group.target = "note"
        elif word in _CHARACTERS:
            self._write(_CHARACTERS[word])
        elif self._group.target in ("text", "note"):
            self._format(word, number)
        else:
            self.head.define(self._group.target, word, number)

    def _format(self, word: str, number: int | None) -> None:
        match word:
            case "par" | "sect" | "page":
                self._end_paragraph()
            case "pard":
                self._paragraph = _Paragraph()
            case "intbl":
                self._paragraph.in_table = True
            case "cell":
                self._row.append(self._taken())
            case "row":
                self._rows.append(self._row)
                self._row = []
            case "outlinelevel":
                self._paragraph.level = number + 1 if number is not None and 0 <= number < 9 else None
            case "s":
                self._paragraph.level = self.head.level_of(number)
            case "f":
                self._group.font = number
            case "plain":
                self._group.hidden = False
            case "v" | "deleted":
                self._group.hidden = number != 0
            case "uc":
                self._group.fallback = min(max(number or 0, 0), 10)
            case "ansicpg":
                self.head.use_code_page(number)
            case "mac":
                self.head.default_encoding = "mac_roman"

    def _decode_bytes(self) -> None:
        if self._bytes:
            self._write(bytes(self._bytes).decode(self.head.encoding_of(self._group.font), errors="replace"))
            self._bytes.clear()

    def _write(self, text: str) -> None:
        target = self._group.target
        if target in TABLES:
            self.head.write(target, text)
        elif not self._group.hidden and target == "text":
            self._text.append(text)
        elif not self._group.hidden and target == "note":
            self._note.append(text)

    def _taken(self) -> str:
        self._decode_bytes()
        text = _joined("".join(self._text))
        self._text = []
        return text

    def _end_paragraph(self) -> None:
        if self._group.target == "note":
            self._note.append(" ")
            return
        if self._paragraph.in_table:
            self._text.append(" ")  # a cell may hold several paragraphs
            return
        text = self._taken()
        if text.strip():
            self._end_table()
            if self._paragraph.level:
                self._blocks.add(text, BlockKind.HEADING, level=self._paragraph.level)
            else:
                self._blocks.add(text)
        for note in self._notes:
            self._blocks.add(_joined(note))
        self._notes = []

    def _end_table(self) -> None:
        rows = [[clean_line(cell) for cell in row] for row in self._rows if any(cell.strip() for cell in row)]
        self._rows = []
        header = len(rows) > 1 and names_columns(rows[0], rows[1:])
        for at, row in enumerate(rows):
            self._blocks.add_row(row, header=header and at == 0)


def _joined(text: str) -> str:
    """Characters beyond 16 bits come as two halves."""
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
