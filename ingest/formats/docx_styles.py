"""The styles of a Word document: which are headings, of what level, in whatever language Word was."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"

# Word keeps the English name inside whatever its language; other programs write their own.
_HEADING = re.compile(
    r"(?:heading|t[íi]tulo|encabezado|encabezamiento|titre|cabeçalho|titolo|[üu]berschrift|kop|rubrik|nag[łl]ówek|заголовок|"
    r"标题|標題|見出し|제목)\s*([1-9])",
    re.I,
)
_TITLE = re.compile(r"(?:title|t[íi]tulo(?: principal)?|puesto|titel|titre|название|标题|標題|表題)", re.I)
_CONTENTS = re.compile(
    r"(?:toc|tdc|tabla de contenido|contents?|sum[áa]rio|índice|table of figures|toa)\s*\w*(?: heading)?", re.I
)
_BODY_LEVEL = 9
_MOST_ANCESTORS = 20


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph has from its style and the styles that it is based on."""

    level: int | None = None  # of a heading, 1 is the highest
    is_contents: bool = False
    bold: bool = False
    hidden: bool = False
    list: tuple[str, int] | None = None  # numbering id and level


def flag(element: etree._Element | None, name: str) -> bool | None:
    """A switch such as ``<w:b/>`` among an element's children; None where it is not set."""
    switch = element.find(W + name) if element is not None else None
    if switch is None:
        return None
    return switch.get(W + "val", "true") not in ("0", "false", "off", "none")


def number(element: etree._Element | None, path: str) -> int | None:
    """The whole number in ``w:val`` of the child at ``path``; None where there is none."""
    found = element.find(path) if element is not None else None
    value = found.get(W + "val", "") if found is not None else ""
    return int(value) if re.fullmatch(r"-?\d{1,9}", value) else None


class Styles:
    def __init__(self, root: etree._Element | None) -> None:
        self._elements: dict[str, etree._Element] = {}
        self._default: str | None = None
        for style in root.iter(W + "style") if root is not None else ():
            if style.get(W + "type", "paragraph") in ("paragraph", "character") and (name := style.get(W + "styleId")):
                self._elements[name] = style
                if style.get(W + "default") in ("1", "true") and style.get(W + "type", "paragraph") == "paragraph":
                    self._default = name
        self._known: dict[str | None, Style] = {}

    def of(self, style_id: str | None) -> Style:
        """The style of that id, of the default where it is None."""
        if style_id not in self._known:
            self._known[style_id] = self._resolve(style_id or self._default)
        return self._known[style_id]

    def _resolve(self, style_id: str | None) -> Style:
        level: int | None = None
        contents = False
        bold: bool | None = None
        hidden: bool | None = None
        numbering: str | None = None
        depth: int | None = None
        for ancestor, style in enumerate(self._chain(style_id)):
            name = style.find(W + "name")
            named = (name.get(W + "val") or "") if name is not None else ""
            properties, runs = style.find(W + "pPr"), style.find(W + "rPr")
            if level is None:
                level = _level(named, number(properties, W + "outlineLvl"))
            contents = contents or (ancestor == 0 and _CONTENTS.fullmatch(named) is not None)
            bold = flag(runs, "b") if bold is None else bold
            hidden = flag(runs, "vanish") if hidden is None else hidden
            numbers = properties.find(W + "numPr") if properties is not None else None
            if numbers is not None:
                if numbering is None and (value := number(numbers, W + "numId")) is not None:
                    numbering = str(value)
                depth = number(numbers, W + "ilvl") if depth is None else depth
        if level is None and style_id and style_id not in self._elements:
            level = _level(re.sub(r"([A-Za-z])(\d)", r"\1 \2", style_id), None)  # a style that is named but not defined
        return Style(
            level=level if level is None or 0 < level < _BODY_LEVEL + 1 else None,
            is_contents=contents,
            bold=bool(bold),
            hidden=bool(hidden),
            list=(numbering, depth or 0) if numbering and numbering != "0" else None,
        )

    def _chain(self, style_id: str | None) -> list[etree._Element]:
        chain: list[etree._Element] = []
        while style_id in self._elements and len(chain) < _MOST_ANCESTORS:
            style = self._elements[style_id]
            chain.append(style)
            parent = style.find(W + "basedOn")
            style_id = parent.get(W + "val") if parent is not None else None
        return chain


def _level(name: str, outline: int | None) -> int | None:
    if outline is not None:
        return outline + 1 if 0 <= outline < _BODY_LEVEL else 0  # 0: body text, whatever it is based on
    if found := _HEADING.fullmatch(name.strip()):
        return int(found.group(1))
    return 1 if _TITLE.fullmatch(name.strip()) else None
