from __future__ import annotations

import threading
from datetime import timedelta

import numpy as np
import pytest

from corpus.catalog import Catalog
from corpus.catalog.queue import MAX_ATTEMPTS
from corpus.documents import Failure, Principal, Stage
from corpus.errors import NotFound
from corpus.index.visibility import visible_to
from tests.catalog.arrive import arrival, make_ready, prepared

OPERATOR = visible_to(Principal.operator())


def test_each_version_is_claimed_once_by_many_workers(catalog: Catalog) -> None:
    wanted = {catalog.arrivals.register(arrival(str(n), key=f"file:///{n}")).version_id for n in range(30)}
    claimed: list[int] = []

    def work(name: str) -> None:
        while version := catalog.queue.claim(name):
            claimed.append(version.id)

    threads = [threading.Thread(target=work, args=(f"worker-{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(claimed) == sorted(wanted)


def test_what_a_dead_worker_held_is_claimed_again_and_given_up_in_the_end(catalog: Catalog) -> None:
    registered = catalog.arrivals.register(arrival("deadly"))
    for _ in range(MAX_ATTEMPTS):
        claimed = catalog.queue.claim("worker", lease=timedelta(seconds=-1))
        assert claimed is not None
    assert catalog.queue.claim("worker") is None
    [version] = catalog.documents.versions(registered.document_id)
    assert version.failure == Failure("crashed", f"It took the worker down {MAX_ATTEMPTS} times.", None)


def test_a_held_version_is_nobody_elses(catalog: Catalog) -> None:
    catalog.arrivals.register(arrival("one"))
    assert catalog.queue.claim("first") is not None
    assert catalog.queue.claim("second") is None
    assert catalog.queue.release("first") == 1
    assert catalog.queue.claim("second") is not None


def test_passages_and_vectors_come_back_as_they_went_in(catalog: Catalog) -> None:
    _, version = make_ready(catalog, "whole", "uno", "dos", "tres")
    embedded = catalog.passages.embedded(version)
    assert [stored.passage.text for stored in embedded.passages] == ["uno", "dos", "tres"]
    assert embedded.passages[0].passage.heading_path == ("Parte", "Capítulo")
    expected = prepared("uno", "dos", "tres").vectors
    np.testing.assert_allclose(embedded.vectors, expected, atol=1e-3)
    assert embedded.packs == {"pack"}


def test_nothing_is_stored_for_a_document_deleted_meanwhile(catalog: Catalog) -> None:
    registered = catalog.arrivals.register(arrival("one"))
    catalog.queue.claim("worker")
    catalog.documents.mark_deleted(registered.document_id)
    assert not catalog.queue.store(registered.version_id, prepared("one"))
    with pytest.raises(NotFound):
        catalog.documents.get(registered.document_id, OPERATOR)


def test_an_older_version_never_replaces_a_newer_one(catalog: Catalog) -> None:
    old = catalog.arrivals.register(arrival("old"))
    assert catalog.queue.claim("slow") is not None
    new = catalog.arrivals.register(arrival("new"))
    assert catalog.queue.claim("fast") is not None
    for registered in (new, old):
        assert catalog.queue.store(registered.version_id, prepared("text"))
    assert catalog.queue.finish(new.version_id)
    assert not catalog.queue.finish(old.version_id)
    assert catalog.documents.get(new.document_id, OPERATOR).current_version == new.version_id


def test_a_version_that_waits_is_superseded_by_the_next(catalog: Catalog) -> None:
    first = catalog.arrivals.register(arrival("one"))
    second = catalog.arrivals.register(arrival("two"))
    claimed = catalog.queue.claim("worker")
    assert claimed is not None
    assert claimed.id == second.version_id
    stages = {version.id: version.stage for version in catalog.documents.versions(first.document_id)}
    assert stages[first.version_id] is Stage.FAILED


def test_a_passage_number_is_never_given_twice(catalog: Catalog) -> None:
    document, version = make_ready(catalog, "one", "uno", "dos")
    before = {stored.id for stored in catalog.passages.of_version(version)}
    catalog.documents.mark_deleted(document)
    catalog.documents.purge(document)
    _, version = make_ready(catalog, "two", "tres")
    assert before.isdisjoint(stored.id for stored in catalog.passages.of_version(version))
