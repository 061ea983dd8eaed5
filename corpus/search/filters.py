"""Filters as people write them, checked and brought to one form."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from corpus.documents import Kind
from corpus.errors import BadInput
from corpus.index.protocol import Filters
from corpus.language import LANGUAGES

MAX_VALUES = 100
"""Of one field: more is no question that somebody asks."""


def read_filters(
    *,
    kinds: Iterable[str] | None = None,
    languages: Iterable[str] | None = None,
    countries: Iterable[str] | None = None,
    sectors: Iterable[str] | None = None,
    hs_codes: Iterable[str] | None = None,
    organisations: Iterable[str] | None = None,
    published_from: str | date | None = None,
    published_to: str | date | None = None,
    documents: Iterable[str] | None = None,
) -> Filters:
    """Raises BadInput that names the field."""
    filters = Filters(
        kinds=_values("kind", kinds, tuple(kind.value for kind in Kind)),
        languages=tuple(_language(value.lower()) for value in languages or ()),
        countries=tuple(_matching("country", value.upper(), r"[A-Z]{3}", "COL") for value in countries or ()),
        sectors=tuple(value.strip().lower() for value in sectors or ()),
        hs_codes=tuple(hs_digits(value) for value in hs_codes or ()),
        organisations=tuple(organisations or ()),
        published_from=_day("published from", published_from),
        published_to=_day("published to", published_to),
        documents=tuple(documents or ()),
    )
    for name in ("kinds", "languages", "countries", "sectors", "hs_codes", "organisations", "documents"):
        if len(getattr(filters, name)) > MAX_VALUES:
            raise BadInput(f"The filter {name!r} has more than {MAX_VALUES} values.", code="bad_filter")
    if filters.published_from and filters.published_to and filters.published_from > filters.published_to:
        raise BadInput(
            f"Nothing is published after {filters.published_from} and before {filters.published_to}.",
            code="bad_filter",
            hint="Swap the two dates.",
        )
    return filters


def hs_digits(code: str) -> str:
    """``0901.21`` and ``09 01 21`` are ``090121``. Raises BadInput for what is no HS code or the start of one."""
    digits = re.sub(r"[\s.\-]", "", code)
    if not re.fullmatch(r"\d{2}|\d{4}|\d{6,12}", digits):
        raise BadInput(
            f"{code!r} is no HS code.",
            code="bad_filter",
            hint="Give its first 2, 4 or 6 and more digits, as in 0901.21.",
        )
    return digits


def _values(field: str, given: Iterable[str] | None, allowed: tuple[str, ...]) -> tuple[str, ...]:
    values = tuple(given or ())
    for value in values:
        if value not in allowed:
            raise BadInput(f"{value!r} is no {field}.", code="bad_filter", hint=f"Use one of: {', '.join(allowed)}.")
    return values


def _language(value: str) -> str:
    if value not in LANGUAGES:
        raise BadInput(f"{value!r} is no language.", code="bad_filter", hint="Use a code of ISO 639-1: es, pt, en ...")
    return value


def _matching(field: str, value: str, pattern: str, example: str) -> str:
    if not re.fullmatch(pattern, value):
        raise BadInput(f"{value!r} is no code of a {field}.", code="bad_filter", hint=f"Write it as in {example!r}.")
    return value


def _day(field: str, value: str | date | None) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise BadInput(
            f"{value!r} is no date for {field!r}.", code="bad_filter", hint="Write it as in 2026-03-31."
        ) from None
