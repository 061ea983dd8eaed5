"""Who asks and what they filter by, as conditions that either engine understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from corpus.index import layout
from corpus.index.numbers import numbers_of
from corpus.index.protocol import Filters
from corpus.index.visibility import Visibility


@dataclass(frozen=True, slots=True)
class AnyOf:
    """The field has at least one of these values."""

    key: str
    values: tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """The field is an integer within these bounds, both included; None is no bound."""

    key: str
    low: int | None
    high: int | None


@dataclass(frozen=True, slots=True)
class Conditions:
    must: tuple[AnyOf | Between, ...] = ()
    must_not: tuple[AnyOf, ...] = ()


PUBLISHED = Conditions((AnyOf(layout.PUBLISHED, (1,)),))
UNPUBLISHED = Conditions((AnyOf(layout.PUBLISHED, (0,)),))


def passages_for(visibility: Visibility, filters: Filters, hidden: Iterable[int] = ()) -> Conditions | None:
    """The passages that may be found. None where nothing may be: then the engine is not asked at all."""
    return _conditions(visibility, filters, hidden, AnyOf(layout.LANGUAGE_NUMBER, numbers_of(filters.languages)))


def documents_for(visibility: Visibility, filters: Filters, hidden: Iterable[int] = ()) -> Conditions | None:
    """The heads of the documents that may be found, so that counting points counts documents."""
    conditions = _conditions(visibility, filters, hidden, AnyOf(layout.LANGUAGES, filters.languages))
    if conditions is None:
        return None
    return Conditions((AnyOf(layout.HEAD, (1,)), *conditions.must), conditions.must_not)


def version_is(version_id: int) -> Conditions:
    return Conditions((AnyOf(layout.VERSION, (version_id,)),))


def document_is(document_id: str) -> Conditions:
    return Conditions((AnyOf(layout.DOCUMENT, (document_id,)),))


def _conditions(
    visibility: Visibility, filters: Filters, hidden: Iterable[int], in_languages: AnyOf
) -> Conditions | None:
    if visibility.tokens is not None and not visibility.tokens:
        return None
    must: list[AnyOf | Between] = [AnyOf(layout.PUBLISHED, (1,))]
    if visibility.tokens is not None:
        must.append(AnyOf(layout.AUDIENCE, numbers_of(visibility.tokens)))
    alternatives = (
        AnyOf(layout.KIND_NUMBER, numbers_of(filters.kinds)),
        in_languages,
        AnyOf(layout.COUNTRIES, filters.countries),
        AnyOf(layout.SECTORS, filters.sectors),
        AnyOf(layout.HS_PREFIXES, filters.hs_codes),
        AnyOf(layout.ORGANISATION, filters.organisations),
        AnyOf(layout.DOCUMENT, filters.documents),
    )
    must += [each for each in alternatives if each.values]
    if filters.published_from is not None or filters.published_to is not None:
        low = None if filters.published_from is None else layout.day_of(filters.published_from)
        high = None if filters.published_to is None else layout.day_of(filters.published_to)
        must.append(Between(layout.DAY, low, high))
    unseen = tuple(sorted(hidden))
    return Conditions(tuple(must), (AnyOf(layout.VERSION, unseen),) if unseen else ())
