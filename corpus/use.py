"""How the service is used, as types: counts, and words that many ask for. Nothing tells who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from corpus.documents import OrganisationId

Pseudonym = str


@dataclass(frozen=True, slots=True)
class AskedOn:
    """A question of somebody on a day."""

    topic: str  # its words without accents, sorted
    asker: Pseudonym  # another one in every topic
    firm: Pseudonym  # the same
    day: date


@dataclass(slots=True)
class Asked:
    text: str  # as it was typed last
    times: int = 0
    found_nothing: int = 0


@dataclass(frozen=True, slots=True)
class SearchedOn:
    day: date
    asker: Pseudonym  # not that of the topics: nothing joins the two
    is_member: bool  # False: a chatbot's key


@dataclass(slots=True)
class Searched:
    searches: int = 0
    found_nothing: int = 0


@dataclass(frozen=True, slots=True)
class ReusedOn:
    day: date
    organisation: OrganisationId  # whose documents


@dataclass(slots=True)
class Reused:
    """By other firms."""

    opened: int = 0
    answered: int = 0  # searches


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many must have asked before anything is told of it."""

    members: int = 3
    organisations: int = 2


@dataclass(frozen=True, slots=True)
class FrequentQuery:
    text: str
    members: int


@dataclass(frozen=True, slots=True)
class UnansweredTopic:
    topic: str
    times: int
    members: int


@dataclass(frozen=True, slots=True)
class SearchDay:
    day: date
    asker: Pseudonym
    is_member: bool
    searches: int
    found_nothing: int


@dataclass(frozen=True, slots=True)
class SharedDocument:
    """One that everybody may find."""

    organisation: OrganisationId
    since: date
    passages: int
