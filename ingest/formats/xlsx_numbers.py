"""Numbers and dates of a workbook as people read them: the format of a cell tells what its number means."""

from __future__ import annotations

import math
import re
from datetime import datetime, timedelta
from functools import lru_cache

_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy-mm-dd", 15: "yyyy-mm-dd", 16: "yyyy-mm-dd", 17: "yyyy-mm", 18: "h:mm", 19: "h:mm:ss", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss",
    46: "[h]:mm:ss", 47: "mm:ss", 48: "0.0E+0", **dict.fromkeys((*range(27, 32), *range(50, 55), 57, 58), "yyyy-mm-dd"),
    **dict.fromkeys((32, 33, 34, 35, 55, 56), "h:mm"), 36: "yyyy-mm-dd",
}  # fmt: skip
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[(?!\$|h+\]|m+\]|s+\])[^\]]*\]')
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]|([$€£¥₽])|\"\s*((?:[A-Z]{2,3}|R|US|S/|Bs)?\.?\$?)\s*\"")
_PRECISE = 1e15  # beyond it not every whole number can be told
_LAST_DAY = 2_958_465  # 9999-12-31


def number_text(value: str, code: str, *, since_1904: bool) -> str:
    """The number ``value`` of a cell whose format is ``code``; as it stands where it is no number."""
    try:
        number = float(value)
    except ValueError:
        return value
    if not math.isfinite(number):
        return value
    shape = _shape_of(code)
    if shape.date or shape.time:
        text = _moment(number, shape, since_1904)
        if text is not None:
            return text
    if shape.percent:
        return f"{_plain(number * 100, shape.decimals)}%"
    text = _plain(number, shape.decimals)
    if shape.digits > 1 and number >= 0 and "." not in text:
        text = text.zfill(shape.digits)  # customs codes and the like are numbers with leading zeros
    return f"{shape.currency} {text}" if shape.currency else text


def format_code(identity: int, custom: dict[int, str]) -> str:
    return custom.get(identity) or _BUILT_IN.get(identity, "General")


class _Shape:
    """What a format's code says of its numbers."""

    def __init__(self, code: str) -> None:
        section = code.split(";")[0]
        currency = _CURRENCY.search(section)
        self.currency = next((part.strip() for part in currency.groups() if part), "") if currency else ""
        bare = re.sub(r"\[\$[^\]]*\]", "", _LITERAL.sub("", section))
        tokens = re.sub(r"general|am/pm|a/p", "", bare, flags=re.I)
        numeric = re.search(r"[0#?]", re.sub(r"[ss]\.0+", "", tokens, flags=re.I)) is not None
        self.date = not numeric and re.search(r"[yd]|(?<!h:)(?<!h)mmm", tokens, re.I) is not None
        self.date = self.date or (
            not numeric and re.search(r"m", tokens, re.I) is not None and not re.search(r"[hs]", tokens, re.I)
        )
        self.time = not numeric and re.search(r"[hs]", tokens, re.I) is not None
        self.day = re.search(r"d", tokens, re.I) is not None
        self.seconds = re.search(r"s", tokens, re.I) is not None
        self.elapsed = re.search(r"\[[hms]+\]", tokens, re.I) is not None
        self.percent = "%" in tokens
        decimals = re.search(r"\.([0#?]+)", tokens)
        self.decimals: int | None = len(decimals.group(1)) if decimals else 0
        if not re.search(r"[0#?]", tokens) or "/" in tokens or "e" in tokens.lower():
            self.decimals = None  # as many as it has
        whole = re.match(r"[^.]*", tokens)
        self.digits = (
            len(re.findall("0", whole.group(0))) if whole and "," not in tokens and "e" not in tokens.lower() else 0
        )


@lru_cache(maxsize=1024)
def _shape_of(code: str) -> _Shape:
    return _Shape(code[:200])


def _plain(number: float, decimals: int | None) -> str:
    """Without grouping, which differs from country to country; rounded as the sheet shows it."""
    if decimals is not None and abs(number) < _PRECISE:
        return f"{number:.{decimals}f}"
    return str(int(number)) if number == int(number) and abs(number) < _PRECISE else f"{number:.10g}"


def _moment(number: float, shape: _Shape, since_1904: bool) -> str | None:
    """ISO 8601: the same in every language. None for what is no day of the calendar."""
    if not 0 <= number <= _LAST_DAY:
        return None
    if shape.elapsed or (shape.time and not shape.date):
        seconds = round(number * 86400) if shape.elapsed else round(number % 1 * 86400)
        hours, rest = divmod(seconds, 3600)
        return f"{hours:02d}:{rest // 60:02d}" + (f":{rest % 60:02d}" if shape.seconds else "")
    # Excel takes 1900 for a leap year, so that its days before March 1900 are one off.
    start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30 if number >= 60 else 31)
    try:
        moment = start + timedelta(days=int(number), seconds=round(number % 1 * 86400))
    except OverflowError:
        return None
    if shape.time and number % 1:
        return moment.strftime("%Y-%m-%d %H:%M:%S" if shape.seconds else "%Y-%m-%d %H:%M")
    return moment.strftime("%Y-%m-%d") if shape.day else moment.strftime("%Y-%m")
