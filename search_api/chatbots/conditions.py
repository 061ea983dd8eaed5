"""Conditions on a passage's attributes, as the protocols of chatbots write them.

What the index can tell is asked of the index (:meth:`narrowed`), or the passages that fulfil a condition would be
looked for among the first few hundred alone; the whole condition is then held against each passage that came back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from corpus.errors import BadInput
from corpus.index.protocol import Filters

Known = str | float | list[str]
Attributes = dict[str, Known]
Wanted = str | float | bool | list[str] | list[float] | None

INDEXED: dict[str, tuple[str, Callable[[str], str]]] = {
    "kind": ("kinds", str.lower),
    "language": ("languages", str.lower),
    "countries": ("countries", str.upper),
    "sectors": ("sectors", str.lower),
    "hs_codes": ("hs_codes", str),
    "organisation": ("organisations", str.lower),
    "document_id": ("documents", str),
}
"""Attributes that are filters as well, and how the filter writes their values."""


class Condition(Protocol):
    def holds(self, attributes: Attributes) -> bool: ...

    def narrowed(self, filters: Filters) -> Filters:
        """No narrower than the condition."""
        ...


@dataclass(frozen=True, slots=True)
class AllOf:
    parts: tuple[Condition, ...]

    def holds(self, attributes: Attributes) -> bool:
        return all(part.holds(attributes) for part in self.parts)

    def narrowed(self, filters: Filters) -> Filters:
        for part in self.parts:
            filters = part.narrowed(filters)
        return filters


@dataclass(frozen=True, slots=True)
class AnyOf:
    parts: tuple[Condition, ...]

    def holds(self, attributes: Attributes) -> bool:
        return any(part.holds(attributes) for part in self.parts)

    def narrowed(self, filters: Filters) -> Filters:
        return self.parts[0].narrowed(filters) if len(self.parts) == 1 else filters


@dataclass(frozen=True, slots=True)
class Not:
    part: Condition

    def holds(self, attributes: Attributes) -> bool:
        return not self.part.holds(attributes)

    def narrowed(self, filters: Filters) -> Filters:
        return filters


@dataclass(frozen=True, slots=True)
class Comparison:
    """``how`` is eq, in, gt, gte, lt, lte, contains, starts, ends or empty. Letters' case does not count.

    A list among the attributes fulfils what one of its members does; what is not known fulfils "empty" alone.
    """

    name: str
    how: str
    wanted: Wanted

    def __post_init__(self) -> None:
        if self.how == "empty":
            return
        is_list = isinstance(self.wanted, list)
        if (self.how == "in") != is_list or self.wanted is None:
            needed = "a list" if self.how == "in" else "one value"
            raise BadInput(f"The condition on {self.name!r} needs {needed}.", code="bad_condition")
        if self.how not in TESTS:
            raise BadInput(f"There is no comparison {self.how!r}.", code="bad_condition")

    def holds(self, attributes: Attributes) -> bool:
        known = attributes.get(self.name)
        if self.how == "empty" or known is None:
            return self.how == "empty" and known is None
        test = TESTS[self.how]
        return any(test(value, self.wanted) for value in (known if isinstance(known, list) else [known]))

    def narrowed(self, filters: Filters) -> Filters:
        if self.name not in INDEXED or self.how not in ("eq", "in"):
            return filters
        field, write = INDEXED[self.name]
        if getattr(filters, field):
            return filters  # narrower already; the rest is for holds
        several = self.wanted if isinstance(self.wanted, list) else [self.wanted]
        return replace(filters, **{field: tuple(write(str(value)) for value in several)})  # type: ignore[arg-type]


def _folded(value: object) -> object:
    return value.casefold() if isinstance(value, str) else value


def _order(value: str | float, wanted: Wanted) -> int | None:
    """Days are compared with days, also where they are asked for as seconds since 1970; None cannot be compared."""
    left: str | float = value
    right: Wanted = wanted
    if isinstance(value, str) and isinstance(wanted, int | float):
        try:
            right = datetime.fromtimestamp(wanted, UTC).date().isoformat()
        except (OverflowError, ValueError, OSError):
            return None
    elif not isinstance(value, str) and isinstance(wanted, str):
        try:
            right = float(wanted)
        except ValueError:
            return None
    if isinstance(left, str) and isinstance(right, str):
        return (left > right) - (left < right)
    if isinstance(left, int | float) and isinstance(right, int | float):
        return (left > right) - (left < right)
    return None


def _equal(value: str | float, wanted: Wanted) -> bool:
    return _folded(value) == _folded(wanted) or (isinstance(value, int | float) and str(value) == wanted)


TESTS: dict[str, Callable[[str | float, Wanted], bool]] = {
    "eq": _equal,
    "in": lambda value, wanted: isinstance(wanted, list) and any(_equal(value, one) for one in wanted),
    "gt": lambda value, wanted: _order(value, wanted) == 1,
    "gte": lambda value, wanted: _order(value, wanted) in (0, 1),
    "lt": lambda value, wanted: _order(value, wanted) == -1,
    "lte": lambda value, wanted: _order(value, wanted) in (0, -1),
    "contains": lambda value, wanted: str(_folded(wanted)) in str(_folded(value)),
    "starts": lambda value, wanted: str(_folded(value)).startswith(str(_folded(wanted))),
    "ends": lambda value, wanted: str(_folded(value)).endswith(str(_folded(wanted))),
}


def compare(name: str, how: str, wanted: Wanted) -> Condition:
    """Takes ne, nin and ``not_...`` as well, which what is not known fulfils. Raises BadInput."""
    if how in ("ne", "nin") or how.startswith("not_"):
        return Not(Comparison(name, {"ne": "eq", "nin": "in"}.get(how, how.removeprefix("not_")), wanted))
    return Comparison(name, how, wanted)
