"""The numbers that Word counts itself: "Cláusula 5.2", "(a)", "IV." stand in no text of the file."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from ingest.formats.docx_styles import W, number

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_LEVELS = 9


@dataclass(slots=True)
class _Level:
    start: int = 1
    kind: str = "decimal"
    text: str = "%1."


class Numbering:
    """Counts along the document: ``next`` must be asked once for each numbered paragraph, in their order."""

    def __init__(self, root: etree._Element | None) -> None:
        self._abstract: dict[str, dict[int, _Level]] = {}
        self._lists: dict[str, tuple[str, dict[int, _Level]]] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._read(root)

    def _read(self, root: etree._Element) -> None:
        for abstract in root.iter(W + "abstractNum"):
            levels = {
                depth: _level_of(level) for level in abstract.iter(W + "lvl") if (depth := _depth(level)) is not None
            }
            self._abstract[abstract.get(W + "abstractNumId") or ""] = levels
        for concrete in root.iter(W + "num"):
            shape = number(concrete, W + "abstractNumId")
            levels = dict(self._abstract.get(str(shape), {}))
            for override in concrete.iter(W + "lvlOverride"):
                depth, level, start = _depth(override), override.find(W + "lvl"), number(override, W + "startOverride")
                if depth is not None and level is not None:
                    levels[depth] = _level_of(level)
                if depth is not None and start is not None:
                    base = levels.get(depth, _Level())
                    levels[depth] = _Level(start, base.kind, base.text)
            # Lists of one shape count on from each other, unless a list starts anew.
            fresh = any(True for _ in concrete.iter(W + "startOverride"))
            identity = concrete.get(W + "numId") or ""
            self._lists[identity] = (f"num {identity}" if fresh else f"abstract {shape}", levels)

    def next(self, identity: str, depth: int) -> str:
        """The number of the next paragraph of this list at this level, as Word shows it; empty for a bullet."""
        if identity not in self._lists or not 0 <= depth < _LEVELS:
            return ""
        shared, levels = self._lists[identity]
        counts = self._counts.setdefault(shared, [None] * _LEVELS)
        level = levels.get(depth, _Level())
        present = counts[depth]
        counts[depth] = level.start if present is None else present + 1
        counts[depth + 1 :] = [None] * (_LEVELS - depth - 1)
        if level.kind in ("bullet", "none"):
            return ""

        def shown(match: re.Match[str]) -> str:
            wanted = int(match.group(1)) - 1
            known = levels.get(wanted, _Level())
            count = counts[wanted] if wanted < _LEVELS else None
            return _write(known.start if count is None else count, known.kind)

        return re.sub(r"%([1-9])", shown, level.text).strip()


def _depth(element: etree._Element) -> int | None:
    value = element.get(W + "ilvl") or ""
    return int(value) if value.isascii() and value.isdigit() and int(value) < _LEVELS else None


def _level_of(element: etree._Element) -> _Level:
    kind, text = element.find(W + "numFmt"), element.find(W + "lvlText")
    start = number(element, W + "start")
    return _Level(
        1 if start is None else start,
        (kind.get(W + "val") or "decimal") if kind is not None else "decimal",
        (text.get(W + "val") or "")[:200] if text is not None else "",
    )


def _write(count: int, kind: str) -> str:
    if kind in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        roman = ""
        for value, letters in _ROMAN:
            roman += letters * (count // value)
            count %= value
        return roman if kind == "lowerRoman" else roman.upper()
    if kind in ("lowerLetter", "upperLetter") and 0 < count < 1000:
        letter = chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letter if kind == "lowerLetter" else letter.upper()
    if kind == "decimalZero":
        return f"{count:02d}"
    if kind == "ordinal":
        return f"{count}º"
    return str(count)
