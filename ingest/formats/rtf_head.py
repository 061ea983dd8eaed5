"""The tables at the top of an RTF file: encodings of fonts, levels of styles, title, author and date."""

from __future__ import annotations

import codecs
import re
from datetime import date

_CODE_PAGES = {  # of a font's character set
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437",
}  # fmt: skip
_HEADING_NAME = re.compile(r"(?:heading|t[íi]tulo|titre|überschrift|заголовок|标题)\s*([1-9])", re.I)

_BODY_LEVEL = 9
TABLES = frozenset({"fonttbl", "stylesheet", "title", "author", "creatim"})


class Head:
    """What the tables say; ``target`` is the table that a word or a text stands in."""

    def __init__(self) -> None:
        self.default_encoding = "cp1252"
        self.title = ""
        self.author = ""
        self._encodings: dict[int, str] = {}
        self._levels: dict[int, int] = {}
        self._created: dict[str, int] = {}
        self._font: int | None = None
        self._style: int | None = None
        self._style_name = ""

    def define(self, target: str, word: str, number: int | None) -> None:
        """Take a control word."""
        if target == "fonttbl" and word == "f":
            self._font = number
        elif target == "fonttbl" and word == "fcharset" and self._font is not None and number in _CODE_PAGES:
            self._encodings[self._font] = _CODE_PAGES[number]
        elif target == "stylesheet" and word == "s":
            self._style = number
        elif target == "stylesheet" and word == "outlinelevel" and self._style is not None:
            if number is not None and 0 <= number < _BODY_LEVEL:
                self._levels[self._style] = number + 1
        elif target == "creatim" and word in ("yr", "mo", "dy") and number is not None:
            self._created[word] = number

    def write(self, target: str, text: str) -> None:
        """Take text."""
        if target == "title":
            self.title += text
        elif target == "author":
            self.author += text
        elif target == "stylesheet":
            self._style_name += text

    def end_style(self) -> None:
        named = _HEADING_NAME.match(self._style_name.strip())
        if named and self._style is not None:
            self._levels.setdefault(self._style, int(named.group(1)))
        self._style, self._style_name = None, ""

    def use_code_page(self, number: int | None) -> None:
        try:
            self.default_encoding = codecs.lookup(f"cp{number}").name
        except LookupError:
            return  # unknown here: what was the default stays

    def encoding_of(self, font: int | None) -> str:
        return self._encodings.get(font or 0, self.default_encoding)

    def level_of(self, style: int | None) -> int | None:
        """The level of the headings of a style; None where it is none."""
        return self._levels.get(style or 0)

    @property
    def created(self) -> date | None:
        try:
            return date(self._created["yr"], self._created["mo"], self._created["dy"])
        except (KeyError, ValueError):
            return None
