"""Every test of the contract runs over every implementation of the index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from corpus.index.edge import EdgeIndex
from corpus.index.protocol import IndexManifest, PassageIndex
from tests.index.making import MANIFEST


@dataclass(frozen=True)
class House:
    """How one implementation is made and opened again."""

    create: Callable[[IndexManifest, bytes | None], PassageIndex]
    reopen: Callable[[PassageIndex, IndexManifest | None], PassageIndex]


def _edge(folder: Path) -> House:
    def reopen(index: PassageIndex, expected: IndexManifest | None) -> PassageIndex:
        index.close()
        return EdgeIndex.open(folder, expected)

    return House(lambda manifest, projection: EdgeIndex.create(folder, manifest, projection), reopen)


@pytest.fixture(params=["edge"])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    return _edge(tmp_path / "index")


@pytest.fixture
def index(house: House) -> Iterator[PassageIndex]:
    made = house.create(MANIFEST, None)
    yield made
    made.close()
