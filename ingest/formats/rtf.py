"""RTF, after the Rich Text Format Specification 1.9.1: paragraphs, headings by outline level, tables, notes."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field, replace
from datetime import date

from ingest.converted import BlockKind, ConvertedDocument
from ingest.formats.blocks import Blocks, clean_line
from ingest.formats.outcome import require_text
from ingest.formats.source import Source
from ingest.formats.tables import names_columns

MEDIA_TYPE = "application/rtf"
_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})? ?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]+)|[\r\n]+", re.S
)
_CODE_PAGES = {  # of a font's character set
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
}  # fmt: skip
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
_HEADING_NAME = re.compile(r"(?:heading|t[íi]tulo|titre|überschrift|заголовок|标题)\s*([1-9])", re.I)


def convert(source: Source) -> ConvertedDocument:
    blocks = Blocks(source.limits)
    reader = _Reader(blocks)
    reader.read(source.read().decode("latin-1"))
    require_text(blocks, hint="Check that it is the right file.")
    return ConvertedDocument(
        MEDIA_TYPE,
        blocks.blocks,
        title=clean_line(reader.info.get("title", "")) or None,
        author=clean_line(reader.info.get("author", "")) or None,
        created=_day(reader.created),
        warnings=blocks.warnings,
    )


def _day(parts: dict[str, int]) -> date | None:
    try:
        return date(parts["yr"], parts["mo"], parts["dy"])
    except (KeyError, ValueError):
        return None


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


@dataclass(slots=True)
class _Fonts:
    default: str = "cp1252"
    encodings: dict[int, str] = field(default_factory=dict)
    defining: int | None = None


class _Reader:
    def __init__(self, blocks: Blocks) -> None:
        self._blocks = blocks
        self._groups = [_Group()]
        self._fonts = _Fonts()
        self._paragraph = _Paragraph()
        self._style_levels: dict[int, int] = {}
        self._defining_style: int | None = None
        self._style_name = ""
        self._bytes = bytearray()
        self._text: list[str] = []
        self._note: list[str] = []
        self._notes: list[str] = []
        self._row: list[str] = []
        self._rows: list[list[str]] = []
        self._pass_over = 0
        self.info: dict[str, str] = {}
        self.created: dict[str, int] = {}

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
                self._end_style()
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
        elif word in ("fonttbl", "stylesheet", "title", "author", "creatim"):
            self._group.target = word
        elif word == "footnote":
            self._group.target = "note"
        elif word in _CHARACTERS:
            self._write(_CHARACTERS[word])
        elif self._group.target in ("text", "note"):
            self._format(word, number)
        else:
            self._define(word, number)

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
                self._paragraph.level = self._style_levels.get(number or 0)
            case "f":
                self._group.font = number
            case "plain":
                self._group.hidden = False
            case "v" | "deleted":
                self._group.hidden = number != 0
            case "uc":
                self._group.fallback = min(max(number or 0, 0), 10)
            case "ansicpg":
                self._fonts.default = _known(f"cp{number}") or self._fonts.default
            case "mac":
                self._fonts.default = "mac_roman"

    def _define(self, word: str, number: int | None) -> None:
        """Words of the tables at the top of the file."""
        target = self._group.target
        if target == "fonttbl" and word == "f":
            self._fonts.defining = number
        elif target == "fonttbl" and word == "fcharset" and self._fonts.defining is not None and number in _CODE_PAGES:
            self._fonts.encodings[self._fonts.defining] = _CODE_PAGES[number]
        elif target == "stylesheet" and word == "s":
            self._defining_style = number
        elif (
            target == "stylesheet"
            and word == "outlinelevel"
            and self._defining_style is not None
            and number is not None
        ):
            if 0 <= number < 9:
                self._style_levels[self._defining_style] = number + 1
        elif target == "creatim" and word in ("yr", "mo", "dy") and number is not None:
            self.created[word] = number

    def _end_style(self) -> None:
        named = _HEADING_NAME.match(self._style_name.strip())
        if named and self._defining_style is not None:
            self._style_levels.setdefault(self._defining_style, int(named.group(1)))
        self._defining_style, self._style_name = None, ""

    def _decode_bytes(self) -> None:
        if self._bytes:
            encoding = self._fonts.encodings.get(self._group.font or 0, self._fonts.default)
            self._write(bytes(self._bytes).decode(encoding, errors="replace"))
            self._bytes.clear()

    def _write(self, text: str) -> None:
        target = self._group.target
        if target in ("title", "author"):
            self.info[target] = self.info.get(target, "") + text
        elif target == "stylesheet":
            self._style_name += text
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


def _known(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _joined(text: str) -> str:
    """Characters beyond 16 bits come as two halves."""
    return text.encode("utf-16-le", errors="surrogatepass").decode("utf-16-le", errors="replace")
