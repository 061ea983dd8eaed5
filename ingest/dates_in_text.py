"""Dates as people write them in es, pt, en, fr, ru and zh."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

_MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "enero janeiro january janvier января jan ene",
            "febrero fevereiro february février fevrier февраля feb fev",
            "marzo março marco march mars марта mar",
            "abril april avril апреля apr abr",
            "mayo maio may mai мая",
            "junio junho june juin июня jun",
            "julio julho july juillet июля jul",
            "agosto august août aout августа aug ago",
            "septiembre setiembre setembro september septembre сентября sep set sept",
            "octubre outubro october octobre октября oct out",
            "noviembre novembro november novembre ноября nov",
            "diciembre dezembro december décembre decembre декабря dec dic dez",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DATE = re.compile(
    rf"(?<!\d)(?:(?P<y1>(?:19|20)\d\d)[-/.](?P<m1>\d\d?)[-/.](?P<d1>\d\d?)"
    rf"|(?P<d2>\d\d?)[-/.](?P<m2>\d\d?)[-/.](?P<y2>(?:19|20)\d\d)"
    rf"|(?P<d3>\d\d?)(?:\.?[ºo°]|er|st|nd|rd|th)?\s+(?:de\s+|of\s+)?(?P<n3>{_MONTH})"
    rf"\.?,?\s+(?:del?\s+)?(?P<y3>(?:19|20)\d\d)"
    rf"|(?P<n4>{_MONTH})\.?\s+(?P<d4>\d\d?)(?:st|nd|rd|th)?,?\s+(?P<y4>(?:19|20)\d\d)"
    rf"|(?P<n5>{_MONTH})\.?,?\s+(?:del?\s+)?(?P<y5>(?:19|20)\d\d)"
    rf"|(?P<y6>(?:19|20)\d\d)\s*年\s*(?P<m6>\d\d?)\s*月(?:\s*(?P<d6>\d\d?)\s*日)?)(?!\d)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_LABEL = re.compile(
    r"(?:fecha(?: de (?:publicaci[oó]n|emisi[oó]n|elaboraci[oó]n))?|publicad[oa](?: e[lm])?"
    r"|data(?: de publica[cç][aã]o)?"
    r"|atualizado em|actualizado(?: el| al)?|published(?: on)?|publication date|date|last updated|updated|issued"
    r"|发布日期|дата(?: публикации)?)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_HEAD = 800  # characters in which a date without a label counts
_SHORT_LINE = 90  # characters: a date in a longer line is spoken of, not the document's own


def dates_in(text: str) -> Iterator[tuple[date, int, int]]:
    """Each date with where it starts and ends; the first of the month where no day is given. Day before month."""
    for match in _matches(text):
        fields = {name[0]: value for name, value in match.groupdict().items() if value is not None}
        month = int(fields["m"]) if "m" in fields else _MONTHS[fields["n"].casefold()]
        day = int(fields.get("d", "1"))
        if month > 12 >= day:
            month, day = day, month
        try:
            yield date(int(fields["y"]), month, day), match.start(), match.end()
        except ValueError:
            continue


def _matches(text: str) -> Iterator[re.Match[str]]:
    """Only lines with a year are looked at closely: most have none."""
    end = 0
    for year in _YEAR.finditer(text):
        if year.start() < end:
            continue
        start = text.rfind("\n", 0, year.start()) + 1
        end = text.find("\n", year.end())
        end = len(text) if end < 0 else end
        yield from _DATE.finditer(text, start, end)


def published_in(opening: str) -> tuple[date | None, date | None]:
    """The date that is labelled as the document's own, and the first that stands in a short line at the head."""
    first: date | None = None
    for found, start, end in dates_in(opening):
        line_start = opening.rfind("\n", 0, start) + 1
        line_end = opening.find("\n", end)
        line = opening[line_start : line_end if line_end >= 0 else len(opening)]
        if _LABEL.search(opening[line_start:start].strip(" *_|")):
            return found, first
        if first is None and start < _HEAD and len(line) <= _SHORT_LINE:
            first = found
    return None, first
