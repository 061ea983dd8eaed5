"""Reading words of the command line that must be one of a few, with a suggestion where they are not."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING

from corpus.documents import Audience, Kind
from corpus.errors import BadInput

if TYPE_CHECKING:
    from corpus.search.results import Mode


def choose(given: str, allowed: Iterable[str], what: str) -> str:
    values = list(allowed)
    if given in values:
        return given
    close = get_close_matches(given, values, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"Use one of: {', '.join(values)}."
    raise BadInput(f"{given!r} is no {what}.", code=f"bad_{what}", hint=hint)


def choose_mode(given: str) -> Mode:
    from corpus.search.results import Mode

    return Mode(choose(given, (mode.value for mode in Mode), "mode"))


def choose_kind(given: str) -> Kind:
    return Kind(choose(given, (kind.value for kind in Kind), "kind"))


def read_audience(given: str) -> Audience:
    """``cluster``, ``owner``, or slugs with commas between."""
    if given == "cluster":
        return Audience.cluster()
    if given == "owner":
        return Audience.owner()
    return Audience.of(*(slug.strip() for slug in given.split(",") if slug.strip()))
