"""How large the installed environment is: Lonja and everything it requires, without extras."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

from packaging.requirements import Requirement


@dataclass(frozen=True, slots=True)
class Footprint:
    distributions: int
    megabytes: float  # of files as the packages' records list them, compiled bytecode included
    largest: tuple[tuple[str, float], ...]  # name, megabytes


def installed_footprint(root: str = "lonja", largest: int = 10) -> Footprint:
    """Follows the requirements of ``root`` as its markers say for this machine."""
    sizes: dict[str, float] = {}
    waiting: list[tuple[str, frozenset[str]]] = [(root, frozenset())]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        item = waiting.pop()
        if item in seen:
            continue
        seen.add(item)
        name, extras = item
        try:
            distribution = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # required only elsewhere: another Python, another system
        sizes.setdefault(_normal(name), _megabytes(distribution))
        for line in distribution.requires or ():
            requirement = Requirement(line)
            if _wanted(requirement, extras):
                waiting.append((_normal(requirement.name), frozenset(requirement.extras)))
    ranked = sorted(sizes.items(), key=lambda pair: -pair[1])
    return Footprint(len(sizes), round(sum(sizes.values()), 1), tuple((n, round(mb, 1)) for n, mb in ranked[:largest]))


def _wanted(requirement: Requirement, extras: frozenset[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({"extra": extra}) for extra in (extras or {""}))


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _megabytes(distribution: metadata.Distribution) -> float:
    size = 0
    for file in distribution.files or ():
        path = file.locate()
        try:
            size += path.stat().st_size  # type: ignore[attr-defined]
        except OSError:
            continue  # the record lists bytecode that this Python never wrote
    return size / 1e6
