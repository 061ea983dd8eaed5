from __future__ import annotations

from corpus.catalog import Catalog
from corpus.catalog.arrivals import Outcome
from corpus.documents import Audience, DocumentFacts, Failure, Principal, Stage
from corpus.index.visibility import visible_to
from tests.catalog.arrive import arrival, make_ready, prepared

OPERATOR = visible_to(Principal.operator())


def test_new_bytes_are_added_and_queued(catalog: Catalog) -> None:
    registered = catalog.arrivals.register(arrival("one"))
    assert registered.outcome is Outcome.ADDED
    [version] = catalog.documents.versions(registered.document_id)
    assert (version.stage, version.number) == (Stage.QUEUED, 1)
    assert catalog.documents.count() == 0, "a document that is not ready is not found"


def test_the_same_bytes_again_cost_nothing(catalog: Catalog) -> None:
    document, version = make_ready(catalog, "one")
    again = catalog.arrivals.register(arrival("one"))
    assert (again.outcome, again.document_id, again.version_id) == (Outcome.UNCHANGED, document, version)
    assert catalog.queue.claim("worker") is None


def test_changed_bytes_are_a_new_version_of_the_same_document(catalog: Catalog) -> None:
    document, first = make_ready(catalog, "one")
    changed = catalog.arrivals.register(arrival("two"))
    assert (changed.outcome, changed.document_id) == (Outcome.NEW_VERSION, document)
    found = catalog.documents.get(document, OPERATOR)
    assert found.current_version == first, "the old version is found until the new one is ready"
    catalog.queue.claim("worker")
    catalog.queue.store(changed.version_id, prepared("two"))
    assert catalog.queue.finish(changed.version_id)
    assert catalog.documents.get(document, OPERATOR).current_version == changed.version_id
    assert catalog.passages.of_version(first) == []


def test_the_same_bytes_under_another_name_are_a_duplicate(catalog: Catalog) -> None:
    document, _ = make_ready(catalog, "one")
    twin = catalog.arrivals.register(arrival("one", key="file:///b.md"))
    assert (twin.outcome, twin.document_id) == (Outcome.DUPLICATE, document)
    assert catalog.arrivals.forget_source("alpha", "file:///a.md") is None, "the other name still holds it"
    assert catalog.arrivals.forget_source("alpha", "file:///b.md") == document


def test_two_firms_with_the_same_bytes_have_a_document_each(catalog: Catalog) -> None:
    first = catalog.arrivals.register(arrival("one"))
    second = catalog.arrivals.register(arrival("one", organisation="beta", audience=Audience.owner()))
    assert second.outcome is Outcome.ADDED
    assert first.document_id != second.document_id


def test_the_same_bytes_for_another_audience_are_not_a_duplicate(catalog: Catalog) -> None:
    make_ready(catalog, "one")
    other = catalog.arrivals.register(arrival("one", key="file:///b.md", audience=Audience.owner()))
    assert other.outcome is Outcome.ADDED


def test_an_unreadable_file_is_not_tried_again_unless_asked(catalog: Catalog) -> None:
    registered = catalog.arrivals.register(arrival("bad"))
    catalog.queue.claim("worker")
    catalog.queue.fail(registered.version_id, Failure("encrypted", "It is encrypted.", "Remove the password."))
    assert catalog.arrivals.register(arrival("bad")).outcome is Outcome.FAILED_BEFORE
    assert catalog.arrivals.register(arrival("bad", retry=True)).outcome is Outcome.RETRIED
    assert catalog.queue.claim("worker") is not None


def test_a_failure_that_may_pass_is_tried_again(catalog: Catalog) -> None:
    registered = catalog.arrivals.register(arrival("slow"))
    catalog.queue.claim("worker")
    catalog.queue.fail(registered.version_id, Failure("timed_out", "It took too long."))
    assert catalog.arrivals.register(arrival("slow")).outcome is Outcome.RETRIED


def test_a_changed_audience_is_an_update(catalog: Catalog) -> None:
    document, _ = make_ready(catalog, "one")
    again = catalog.arrivals.register(arrival("one", audience=Audience.of("beta")))
    assert again.outcome is Outcome.UPDATED
    assert catalog.documents.get(document, OPERATOR).audience == Audience.of("beta")


def test_declared_facts_win_over_guesses(catalog: Catalog) -> None:
    declared = arrival("one", facts=DocumentFacts(title="Declared"), declared=frozenset({"title"}))
    registered = catalog.arrivals.register(declared)
    catalog.queue.claim("worker")
    catalog.queue.store(registered.version_id, prepared("one", hs_codes=("090121",)))
    facts = catalog.documents.get(registered.document_id, OPERATOR).facts
    assert facts.title == "Declared"
    assert facts.hs_codes == ("090121",)


def test_a_deleted_document_comes_back_as_a_new_one(catalog: Catalog) -> None:
    document, _ = make_ready(catalog, "one")
    catalog.documents.mark_deleted(document)
    again = catalog.arrivals.register(arrival("one"))
    assert again.outcome is Outcome.ADDED
    assert again.document_id != document


def test_sources_below_a_folder(catalog: Catalog) -> None:
    catalog.arrivals.register(arrival("one", key="file:///x/a_b.md"))
    catalog.arrivals.register(arrival("two", key="file:///x/axb.md"))
    found = catalog.arrivals.sources("alpha", "file:///x/a_")
    assert [source.key for source in found] == ["file:///x/a_b.md"], "an underscore is a letter, not a pattern"
