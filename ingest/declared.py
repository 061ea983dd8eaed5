"""What somebody says of a document, checked: the values that lonja.toml, front matter and options may give."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any

from corpus.countries import alpha3
from corpus.documents import Audience, AudienceScope, Kind
from corpus.errors import BadInput
from corpus.language import LANGUAGES
from ingest.hs_codes import is_hs_code

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")


class BadMetadata(BadInput):
    """A lonja.toml or front matter that cannot be taken as it is. The message names file, key and what is allowed."""

    default_code = "bad_metadata"


@dataclass(frozen=True, slots=True)
class Declared:
    """What one source says. None where it says nothing."""

    title: str | None = None
    kind: Kind | None = None
    language: str | None = None  # ISO 639-1
    countries: tuple[str, ...] | None = None  # ISO 3166-1 alpha-3
    sectors: tuple[str, ...] | None = None
    hs_codes: tuple[str, ...] | None = None  # digits only
    published: date | None = None
    valid_until: date | None = None
    source: str | None = None
    contributor: str | None = None
    audience: Audience | None = None


NOTHING = Declared()
KEYS = tuple(field.name for field in fields(Declared))


def read_declared(table: Mapping[str, Any], where: str) -> Declared:
    """``table`` checked key by key; ``where`` names it in errors. Raises BadMetadata."""
    reject_unknown_keys(table, KEYS, where)
    return Declared(**{key: read_value(key, value, where) for key, value in table.items()})


def read_value(key: str, value: Any, where: str) -> Any:
    """One value of :class:`Declared`, checked and in its own type. Raises BadMetadata."""
    match key:
        case "kind":
            return _kind(value, where)
        case "language":
            return _language(value, where)
        case "countries":
            return tuple(_country(item, f"{where}, countries") for item in _list(key, value, where))
        case "hs_codes":
            return tuple(_hs_code(item, where) for item in _list(key, value, where))
        case "sectors":
            return tuple(_text(key, item, where).casefold() for item in _list(key, value, where))
        case "published" | "valid_until":
            return _date(key, value, where)
        case "audience":
            return read_audience(value, where)
        case _:
            return _text(key, value, where)


def read_audience(value: Any, where: str) -> Audience:
    """``"cluster"``, ``"owner"``, or a list of organisations' slugs. Raises BadMetadata."""
    if value in (AudienceScope.CLUSTER.value, AudienceScope.OWNER.value):
        return Audience(AudienceScope(value))
    if isinstance(value, str) or not isinstance(value, Sequence) or not value:
        raise BadMetadata(
            f"{where}: audience is {value!r}.", hint="Allowed: 'cluster', 'owner', or a list of organisations' slugs."
        )
    return Audience.of(*(read_slug(item, f"{where}, audience") for item in value))


def read_slug(value: Any, where: str) -> str:
    if not isinstance(value, str) or not SLUG.fullmatch(value):
        raise BadMetadata(
            f"{where}: {value!r} is no slug.",
            hint="A slug has lower-case letters a to z, digits and hyphens between them.",
        )
    return value


def read_country(value: Any, where: str) -> str:
    return _country(value, where)


def reject_unknown_keys(table: Mapping[str, Any], known: Sequence[str], where: str) -> None:
    for key in table:
        if key not in known:
            close = get_close_matches(key, known, n=1, cutoff=0.6)
            suggestion = f"Did you mean {close[0]!r}? " if close else ""
            raise BadMetadata(f"{where}: unknown key {key!r}.", hint=f"{suggestion}Known keys: {', '.join(known)}.")


def read_table(value: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise BadMetadata(
            f"{where} is {value!r}, not a table.", hint=f"Write its keys below a line [{where.split()[-1]}]."
        )
    return value


def _kind(value: Any, where: str) -> Kind:
    try:
        return Kind(value)
    except ValueError:
        allowed = ", ".join(kind.value for kind in Kind)
        close = get_close_matches(str(value), [kind.value for kind in Kind], n=1)
        suggestion = f"Did you mean {close[0]!r}? " if close else ""
        raise BadMetadata(f"{where}: kind is {value!r}.", hint=f"{suggestion}Allowed: {allowed}.") from None


def _language(value: Any, where: str) -> str:
    code = value.strip().casefold().replace("_", "-").split("-")[0] if isinstance(value, str) else ""
    if code not in LANGUAGES:
        raise BadMetadata(
            f"{where}: language is {value!r}.", hint="Allowed: a two-letter code of ISO 639-1, such as es, pt or en."
        )
    return code


def _country(value: Any, where: str) -> str:
    code = alpha3(value) if isinstance(value, str) else None
    if code is None:
        raise BadMetadata(
            f"{where}: {value!r} is no country.", hint="Allowed: a code of ISO 3166-1 with three letters, such as COL."
        )
    return code


def _hs_code(value: Any, where: str) -> str:
    digits = value.replace(".", "").replace(" ", "") if isinstance(value, str) else ""
    if not is_hs_code(digits):
        raise BadMetadata(
            f"{where}: {value!r} is no HS code.",
            hint='Allowed: 2, 4, 6, 8 or 10 digits of an existing chapter, in quotes, with or without dots: "0901.21".',
        )
    return digits


def _date(key: str, value: Any, where: str) -> date:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value).strip()[:10])
    except ValueError:
        raise BadMetadata(f"{where}: {key} is {value!r}.", hint="Write the date as 2026-03-14.") from None


def _list(key: str, value: Any, where: str) -> Sequence[Any]:
    if not isinstance(value, (list, tuple)):
        raise BadMetadata(f"{where}: {key} is {value!r}.", hint=f"Write a list: {key} = [{value!r}].")
    return value


def _text(key: str, value: Any, where: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise BadMetadata(f"{where}: {key} is {value!r}.", hint="Write some text in quotes.")
    return " ".join(value.split())
