"""Whether anything was written, told without waiting."""

from __future__ import annotations

from pathlib import Path

from corpus.catalog import Catalog
from corpus.documents import Organisation


def test_a_commit_of_any_connection_changes_the_stamp(tmp_path: Path) -> None:
    with Catalog(tmp_path / "catalog.db") as catalog, Catalog(tmp_path / "catalog.db") as another:
        stamps = [catalog.changes.stamp()]
        assert catalog.changes.stamp() == stamps[0]
        for number, writer in enumerate((catalog, another, catalog)):
            writer.organisations.put(Organisation("alpha", f"Alpha {number}"))
            stamps.append(catalog.changes.stamp())
        assert len(set(stamps)) == len(stamps)
        assert None not in stamps


def test_what_is_under_way_is_no_change_and_nobody_waits_for_it(tmp_path: Path) -> None:
    with Catalog(tmp_path / "catalog.db") as catalog:
        before = catalog.changes.stamp()
        with catalog._engine.connect().execution_options(writing=True) as connection, connection.begin():
            connection.exec_driver_sql("DELETE FROM organisation")
            assert catalog.changes.stamp() == before


def test_nothing_is_told_once_it_is_closed(tmp_path: Path) -> None:
    catalog = Catalog(tmp_path / "catalog.db")
    catalog.close()
    assert catalog.changes.stamp() is None


def test_of_another_database_nothing_is_told(catalog: Catalog) -> None:
    told = catalog.changes.stamp()
    assert (told is None) == (catalog._engine.dialect.name == "postgresql")
