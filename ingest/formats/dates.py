"""Dates as files write them."""

from __future__ import annotations

import re
from datetime import date

_ISO = re.compile(r"\s*[\"']?(\d{4})-?(\d{2})-?(\d{2})(?!\d)")


def date_in(text: str | None) -> date | None:
    """The date at the beginning of ``text``, written year first (ISO 8601, with or without a time); None otherwise."""
    match = _ISO.match(text or "")
    if not match:
        return None
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        return None
