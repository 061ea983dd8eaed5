"""The facts that a file carries at its head. Most such heads were not written for Lonja."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from corpus.countries import alpha3
from ingest.declared import BadMetadata, Declared, read_audience, read_value

# Each key of Declared, and the names under which others write it.
_SYNONYMS: dict[str, tuple[str, ...]] = {
    "title": ("title", "titulo", "título", "titre", "dc.title"),
    "kind": ("kind",),
    "language": ("language", "lang", "idioma", "lingua", "língua", "dc.language"),
    "countries": ("countries", "country", "paises", "países", "pais", "país", "parties", "jurisdiction"),
    "sectors": ("sectors", "sector", "sectores", "setores", "setor"),
    "hs_codes": ("hs_codes", "hs_code", "hs", "partidas"),
    "published": (
        "published", "publication_date", "date_published", "date", "fecha", "data", "dc.date", "article:published_time",
    ),
    "valid_until": ("valid_until", "valid_to", "expires", "vigencia_hasta"),
    "source": ("source", "fuente", "fonte", "canonical_url"),
    "contributor": ("contributor",),
}  # fmt: skip
_LISTS = frozenset({"countries", "sectors", "hs_codes"})
_SEPARATORS = re.compile(r"\s*[,;|]\s*")


def read_front_matter(pairs: Iterable[tuple[str, str]], file_name: str) -> tuple[Declared, tuple[str, ...]]:
    """What the pairs say in words that are known, and a sentence for each value that makes no sense.

    Unknown names are passed over: they belong to another program. Only a senseless ``audience`` is an error
    (BadMetadata), because whoever wrote it meant to keep the document from somebody.
    """
    given = {name.strip().casefold(): value.strip() for name, value in pairs if value.strip()}
    values: dict[str, Any] = {}
    warnings: list[str] = []
    for key, names in _SYNONYMS.items():
        name = next((each for each in names if each in given), None)
        if name is None:
            continue
        try:
            values[key] = _value(key, given[name], file_name)
        except BadMetadata as error:
            warnings.append(f"Passed over: {error.message}")
    if "audience" in given:
        values["audience"] = _audience(given["audience"], f"{file_name}, front matter")
    return Declared(**values), tuple(warnings)


def _value(key: str, text: str, file_name: str) -> Any:
    where = f"{file_name}, front matter"
    if key not in _LISTS:
        return read_value(key, text, where)
    items = [item for item in _SEPARATORS.split(text.strip("[]")) if item]
    if key == "countries" and len(items) == 1 and alpha3(items[0]) is None:
        items = items[0].split()  # "CHL PER"
    return read_value(key, items, where)


def _audience(text: str, where: str) -> Any:
    items = [item.strip("\"' ") for item in _SEPARATORS.split(text.strip("[] ")) if item]
    return read_audience(items[0] if items in (["cluster"], ["owner"]) else items, where)
