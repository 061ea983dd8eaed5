"""What every test may lean on."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of collections and real files beside the project. Tests that need it skip where it is missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the folder ../shared with real files and collections is not here")
    return folder


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """In parallel, a file's tests stay together, and those of the browser: they share a server and take longest."""
    items.sort(key=lambda item: _group(item) != "ui")
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))


def _group(item: pytest.Item) -> str:
    folder = item.path.relative_to(ROOT / "tests").parts[0]
    return "ui" if folder == "ui" else str(item.path)
