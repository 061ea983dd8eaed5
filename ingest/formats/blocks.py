"""Where a format puts what it reads: text cleaned on the way in, limits kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from corpus.errors import DocumentError
from ingest.converted import Block, BlockKind
from ingest.limits import Limits

CELL_SEPARATOR = " | "

_CONTROLS = {
    **dict.fromkeys((*range(0, 9), *range(14, 32), *range(127, 133), *range(134, 160))),
    **dict.fromkeys(range(55296, 57344), "�"),  # lone surrogates: not text, and no encoder takes them
    0x0B: "\n",
    0x0C: "\n",
    0x85: "\n",
    0x2028: "\n",
    0x2029: "\n",
    0x00A0: " ",
    0x202F: " ",
    0x200B: None,  # zero width space, word joiner, byte order mark
    0x2060: None,
    0xFEFF: None,
    **dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)),  # ligatures of fonts
}
_SPACES = re.compile(r"[^\S\n]+")
_LINE_ENDS = re.compile(r" ?(?:\r\n|\r|\n)[^\S\n]*")


def clean_text(text: str) -> str:
    """Text in form C, without control characters; runs of spaces are one, blank lines are gone, line ends are kept."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").translate(_CONTROLS))
    text = _LINE_ENDS.sub("\n", _SPACES.sub(" ", text))
    return re.sub(r"\n{2,}", "\n", text).strip()


def clean_line(text: str) -> str:
    """As ``clean_text``, on one line; soft hyphens are gone."""
    return clean_text(text).replace("\u00ad", "").replace("\n", " ")


class Blocks:
    """The blocks of one document as they are found. Raises ``DocumentError`` (too_large) beyond the limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._blocks: list[Block] = []
        self._warnings: dict[str, None] = {}
        self._characters = 0

    def add(
        self,
        text: str,
        kind: BlockKind = BlockKind.PARAGRAPH,
        *,
        level: int | None = None,
        page: int | None = None,
        sheet: str | None = None,
        row: int | None = None,
        language: str | None = None,
    ) -> None:
        """Append a block, unless its text is blank. Headings, list items and rows are put on one line."""
        if len(text) > 4 * self._limits.characters:  # not worth cleaning
            self._characters = len(text)
            self._keep_limits()
        if kind is BlockKind.CODE:
            text = _clean_code(text)
        elif kind is BlockKind.PARAGRAPH:
            text = clean_text(text)
        else:
            text = clean_line(text)
        if text:
            self._characters += len(text)
            self._keep_limits()
            self._blocks.append(Block(text, kind, level, page, sheet, row, language))

    def add_row(
        self,
        cells: Iterable[str],
        *,
        header: bool = False,
        page: int | None = None,
        sheet: str | None = None,
        row: int | None = None,
        language: str | None = None,
    ) -> None:
        """Append a row of a table, unless all its cells are blank; blank cells at its end are left out."""
        texts = [clean_line(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        if any(texts):
            kind = BlockKind.TABLE_HEADER if header else BlockKind.TABLE_ROW
            self.add(CELL_SEPARATOR.join(texts), kind, page=page, sheet=sheet, row=row, language=language)

    def warn(self, sentence: str) -> None:
        """Say what was left out. The same sentence is kept once."""
        if len(self._warnings) < 100:
            self._warnings[sentence] = None

    def _keep_limits(self) -> None:
        if self._characters > self._limits.characters:
            raise DocumentError(
                f"It holds more than {self._limits.characters:,} characters of text.",
                code="too_large",
                hint="Split it into several documents.",
            )
        if len(self._blocks) >= self._limits.blocks:
            raise DocumentError(
                f"It holds more than {self._limits.blocks:,} paragraphs and rows.",
                code="too_large",
                hint="Split it into several documents.",
            )

    def __len__(self) -> int:
        return len(self._blocks)

    @property
    def blocks(self) -> tuple[Block, ...]:
        return tuple(self._blocks)

    @property
    def warnings(self) -> tuple[str, ...]:
        return tuple(self._warnings)


def _clean_code(text: str) -> str:
    """Code keeps its blank lines and indentation."""
    text = unicodedata.normalize(
        "NFC", text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).translate(_CONTROLS)
    )
    return "\n".join(line.rstrip() for line in text.split("\n")).strip("\n").strip()
