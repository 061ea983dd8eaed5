from __future__ import annotations

from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from corpus.catalog import Catalog
from corpus.catalog.engine import open_engine, reading
from corpus.catalog.tables import metadata
from corpus.documents import Audience, Organisation, Principal
from corpus.errors import BadInput, BadSetting, DataFolderTooNew, NotFound, StorageError
from corpus.index.visibility import visible_to
from tests.catalog.arrive import arrival, make_ready

OPERATOR = visible_to(Principal.operator())


@pytest.mark.parametrize(
    ("audience", "seen"),
    [
        (Audience.cluster(), {"alpha", "beta", "gamma"}),
        (Audience.of("beta"), {"alpha", "beta"}),
        (Audience.owner(), {"alpha"}),
    ],
)
def test_who_sees_a_document(catalog: Catalog, audience: Audience, seen: set[str]) -> None:
    document, _ = make_ready(catalog, "one", audience=audience)
    for organisation in ("alpha", "beta", "gamma"):
        visibility = visible_to(Principal(organisation))
        assert (document in catalog.documents.some([document], visibility)) == (organisation in seen)
        assert bool(catalog.documents.page(visibility)) == (organisation in seen)
    with pytest.raises(NotFound):
        catalog.documents.get(document, visible_to(Principal(None)))


def test_a_draft_is_its_owners(catalog: Catalog) -> None:
    document, _ = make_ready(catalog, "one", draft=True)
    with pytest.raises(NotFound):
        catalog.documents.get(document, visible_to(Principal("beta")))
    catalog.documents.set_audience(document, Audience.cluster(), draft=False)
    assert catalog.documents.get(document, visible_to(Principal("beta"))).id == document


def test_deletion_hides_and_restoring_shows(catalog: Catalog) -> None:
    document, _ = make_ready(catalog, "one")
    catalog.documents.mark_deleted(document)
    assert catalog.documents.some([document], OPERATOR) == {}
    assert list(catalog.passages.current_versions()) == []
    catalog.documents.restore(document)
    assert catalog.documents.get(document, OPERATOR).id == document


def test_purging_tells_which_originals_nothing_needs(catalog: Catalog) -> None:
    first, _ = make_ready(catalog, "same")
    second, _ = make_ready(catalog, "same", organisation="beta")
    assert catalog.documents.purge(first) == set()
    assert catalog.documents.purge(second) == {arrival("same").sha256}


def test_corrected_facts_stay(catalog: Catalog) -> None:
    document, _ = make_ready(catalog, "one")
    read = catalog.documents.get(document, OPERATOR).facts
    facts = replace(read, title="Corrected", countries=("CHN",))
    assert catalog.documents.set_facts(document, facts, ["title", "countries"]).facts == facts
    assert catalog.documents.declared(document) == {"title", "countries"}
    # Somebody else, who had read the document before, corrects another fact.
    late = catalog.documents.set_facts(document, replace(read, hs_codes=("0901",)), ["hs_codes"])
    assert late.facts == replace(facts, hs_codes=("0901",))
    assert catalog.documents.declared(document) == {"title", "countries", "hs_codes"}


def test_pages_of_documents(catalog: Catalog) -> None:
    made = [make_ready(catalog, str(n), key=f"file:///{n}")[0] for n in range(5)]
    first = catalog.documents.page(OPERATOR, limit=3)
    rest = catalog.documents.page(OPERATOR, limit=3, before=first[-1].id)
    assert sorted(document.id for document in [*first, *rest]) == sorted(made)
    assert [document.id for document in catalog.documents.every(batch=2)] == sorted(made)


def test_organisations(catalog: Catalog) -> None:
    catalog.organisations.put(Organisation("alpha", "Alpha S.A.", "ECU"))
    assert catalog.organisations.get("alpha").name == "Alpha S.A."
    with pytest.raises(NotFound):
        catalog.organisations.get("nobody")
    with pytest.raises(BadInput, match="slug"):
        catalog.organisations.put(Organisation("Not A Slug", "x"))


def test_migrations_make_the_tables_that_the_code_knows(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    engine = open_engine(None, tmp_path / "catalog.db")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_a_catalog_of_a_newer_lonja_is_refused(tmp_path: Path) -> None:
    Catalog(tmp_path / "catalog.db").close()
    engine = open_engine(None, tmp_path / "catalog.db")
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(DataFolderTooNew, match="newer"):
        Catalog(tmp_path / "catalog.db")


def test_a_database_that_cannot_be_opened_is_told_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "catalog.db").write_bytes(b"this is no database" * 100)
    with pytest.raises(StorageError, match="catalog"):
        Catalog(tmp_path / "catalog.db")
    with pytest.raises(BadSetting, match="LONJA_DATABASE_URL"):
        Catalog(tmp_path / "catalog.db", "oracle9://nowhere")


def test_a_database_without_a_connection_left_is_told_in_our_words(tmp_path: Path) -> None:
    engine = open_engine(None, tmp_path / "catalog.db")
    engine.pool._timeout = 0.1  # of 30 seconds
    with ExitStack() as held, pytest.raises(StorageError, match="Every connection"):
        list(map(held.enter_context, (reading(engine) for _ in range(1000))))
    with reading(engine) as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    engine.dispose()
