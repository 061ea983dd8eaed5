"""All that is known of a document brought together, the strongest source first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from corpus.documents import Audience, DocumentFacts, Kind, Organisation
from ingest.declared import KEYS, NOTHING, BadMetadata, Declared
from ingest.guesses import Found, Guesses, Origin
from ingest.lonja_toml import NO_FOLDERS, FolderDeclarations

__all__ = ["BadMetadata", "Declared", "KnownFacts", "merge"]


@dataclass(frozen=True, slots=True)
class KnownFacts:
    """A document's facts, whose it is and who may see it; ``None`` where nobody says."""

    facts: DocumentFacts
    audience: Audience | None = None
    organisation: Organisation | None = None
    contributor: str | None = None
    origins: Mapping[str, Origin] = field(default_factory=dict)  # of each fact that is known


def merge(
    *,
    guesses: Guesses,
    command: Declared = NOTHING,
    front_matter: Declared = NOTHING,
    folders: FolderDeclarations = NO_FOLDERS,
) -> KnownFacts:
    """For each fact the first that says it: the command, front matter, the file's entry in a lonja.toml, the defaults
    of the nearest folder and of those above, the guess.
    """
    sources: list[tuple[Origin, Declared]] = [
        (Origin.COMMAND, command),
        (Origin.FRONT_MATTER, front_matter),
        *((Origin.FILE, entry) for entry in folders.entries),
        *((Origin.FOLDER, defaults) for defaults in folders.defaults),
    ]
    known: dict[str, Found[Any]] = {}
    for key in KEYS:
        for origin, declared in sources:
            if (value := getattr(declared, key)) is not None:
                known[key] = Found(value, origin)
                break
        else:
            if (guessed := getattr(guesses, key, None)) is not None:
                known[key] = guessed
    facts = DocumentFacts(
        title=known["title"].value,
        kind=_value(known, "kind", Kind.OTHER),
        language=_value(known, "language"),
        countries=_value(known, "countries", ()),
        sectors=_value(known, "sectors", ()),
        hs_codes=_value(known, "hs_codes", ()),
        published=_value(known, "published"),
        valid_until=_value(known, "valid_until"),
        source=_value(known, "source"),
    )
    return KnownFacts(
        facts,
        audience=_value(known, "audience"),
        organisation=folders.organisation,
        contributor=_value(known, "contributor"),
        origins={key: found.origin for key, found in known.items()},
    )


def _value(known: Mapping[str, Found[Any]], key: str, otherwise: Any = None) -> Any:
    return known[key].value if key in known else otherwise
