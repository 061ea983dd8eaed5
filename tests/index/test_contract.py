"""What every passage index does, whichever engine is behind it."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from corpus.documents import Audience
from corpus.errors import DataFolderTooNew, IndexFailure, WrongModelPack
from corpus.index.manifest import projection_digest
from corpus.index.protocol import Facet, Filters, IndexQuery, PassageIndex
from corpus.index.visibility import Visibility
from tests.index.conftest import House
from tests.index.making import (
    MANIFEST,
    NOBODY,
    OPERATOR,
    direction,
    member_of,
    passages,
    payload,
    question,
    with_dense,
    words,
)

HALF_FLOAT = 1e-3  # vectors are kept in eleven significant bits


def found(index: PassageIndex, visibility: Visibility = OPERATOR, filters: Filters = Filters()) -> set[str]:
    query = replace(question(visibility), filters=filters)
    return {candidate.document_id for candidate in index.search(query)}


def test_an_empty_index_answers(index: PassageIndex) -> None:
    assert index.search(question()) == []
    assert index.facet(Facet.KIND, OPERATOR, Filters()) == {}
    assert index.count(OPERATOR, Filters()) == 0
    assert index.count_passages() == 0
    assert index.versions() == {}
    assert index.optimise() is False


class TestPublishing:
    def test_what_is_written_is_found_only_when_published(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10, languages=("es", "pt")))
        assert found(index) == set()
        assert index.count(OPERATOR, Filters()) == 0
        assert index.count_passages() == 0
        assert index.versions() == {"tariffs": {1: False}}

        index.publish("tariffs", 1)
        assert {(c.passage_id, c.document_id, c.version_id, c.language) for c in index.search(question())} == {
            (10, "tariffs", 1, "es"),
            (11, "tariffs", 1, "pt"),
        }
        assert index.count(OPERATOR, Filters()) == 1
        assert index.count_passages() == 2
        assert index.versions() == {"tariffs": {1: True}}

    def test_a_new_version_replaces_the_old_one(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10, languages=("es",) * 5))
        index.publish("tariffs", 1)
        index.write(passages("tariffs", 2, first_id=20, languages=("es",) * 3))
        assert {c.version_id for c in index.search(question())} == {1}
        assert index.versions() == {"tariffs": {1: True, 2: False}}

        index.publish("tariffs", 2)
        assert {c.passage_id for c in index.search(question())} == {20, 21, 22}
        assert index.versions() == {"tariffs": {2: True}}
        assert index.count_passages() == 3

    def test_publishing_twice_changes_nothing(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10))
        index.publish("tariffs", 1)
        index.publish("tariffs", 1)
        assert found(index) == {"tariffs"}
        assert index.versions() == {"tariffs": {1: True}}

    def test_publishing_touches_no_other_document(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10))
        index.write(passages("letters", 2, first_id=20))
        index.publish("tariffs", 1)
        assert index.versions() == {"tariffs": {1: True}, "letters": {2: False}}
        index.publish("letters", 2)
        assert found(index) == {"tariffs", "letters"}

    def test_a_version_without_passages_takes_the_old_one_away(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10))
        index.publish("tariffs", 1)
        index.publish("tariffs", 2)
        assert found(index) == set()
        assert index.versions() == {}

    def test_a_version_written_in_parts_is_found_whole(self, index: PassageIndex) -> None:
        whole = passages("tariffs", 1, first_id=10, languages=("es",) * 90)
        for start in range(0, 90, 30):
            index.write(whole[start : start + 30])
        index.publish("tariffs", 1)
        assert {c.passage_id for c in index.search(question())} == set(range(10, 100))
        assert index.count(OPERATOR, Filters()) == 1

    def test_what_is_written_again_is_not_there_twice(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10))
        index.write(passages("tariffs", 1, first_id=10))
        index.publish("tariffs", 1)
        assert [c.passage_id for c in index.search(question())] == [10]


class TestWithdrawing:
    def test_a_withdrawn_document_is_gone(self, index: PassageIndex) -> None:
        for number, document in enumerate(("tariffs", "letters")):
            index.write(passages(document, number + 1, first_id=10 * number + 1))
            index.publish(document, number + 1)
        index.withdraw("tariffs")
        assert found(index) == {"letters"}
        assert index.facet(Facet.KIND, OPERATOR, Filters()) == {"know_how": 1}
        assert index.versions() == {"letters": {2: True}}
        index.withdraw("tariffs")
        assert found(index) == {"letters"}

    def test_versions_are_withdrawn_one_by_one(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=10))
        index.publish("tariffs", 1)
        index.write(passages("tariffs", 2, first_id=20))
        index.withdraw_versions("tariffs", [2, 3])
        assert index.versions() == {"tariffs": {1: True}}
        assert found(index) == {"tariffs"}

    def test_a_version_of_another_document_stays(self, index: PassageIndex) -> None:
        index.write(passages("letters", 7, first_id=10))
        index.withdraw_versions("tariffs", [7])
        assert index.versions() == {"letters": {7: False}}

    def test_what_was_withdrawn_may_come_back(self, index: PassageIndex) -> None:
        for _ in range(2):
            index.write(passages("tariffs", 1, first_id=10))
            index.publish("tariffs", 1)
            assert found(index) == {"tariffs"}
            index.withdraw("tariffs")
            assert found(index) == set()


class TestVisibility:
    @pytest.fixture(autouse=True)
    def _documents(self, index: PassageIndex) -> None:
        audiences = {
            "open": Audience.cluster(),
            "shared": Audience.of("lana-andina"),
            "private": Audience.owner(),
        }
        for number, (document, audience) in enumerate(audiences.items(), start=1):
            facts = payload("cafe-norte", audience, kind=document)
            index.write(passages(document, number, first_id=number * 10, facts=facts))
            index.publish(document, number)

    @pytest.mark.parametrize(
        ("visibility", "seen"),
        [
            (NOBODY, set()),
            (member_of("cafe-norte"), {"open", "shared", "private"}),
            (member_of("lana-andina"), {"open", "shared"}),
            (member_of("cueros-del-sur"), {"open"}),
            (Visibility(frozenset({"organisation:unheard-of"})), set()),
            (OPERATOR, {"open", "shared", "private"}),
        ],
    )
    def test_each_sees_what_they_may(self, index: PassageIndex, visibility: Visibility, seen: set[str]) -> None:
        assert found(index, visibility) == seen
        assert index.count(visibility, Filters()) == len(seen)
        assert set(index.facet(Facet.KIND, visibility, Filters())) == seen

    def test_a_filter_never_widens(self, index: PassageIndex) -> None:
        asked = Filters(documents=("private",))
        assert found(index, member_of("lana-andina"), asked) == set()
        assert index.count(member_of("lana-andina"), asked) == 0
        assert index.facet(Facet.KIND, member_of("lana-andina"), asked) == {}

    def test_one_leg_alone_is_filtered_as_well(self, index: PassageIndex) -> None:
        for query in (
            IndexQuery(member_of("lana-andina"), dense=direction(0), sparse=None),
            IndexQuery(member_of("lana-andina"), dense=None, sparse=words(1)),
        ):
            assert {candidate.document_id for candidate in index.search(query)} == {"open", "shared"}

    def test_a_narrowed_audience_is_in_force_at_once(self, index: PassageIndex) -> None:
        index.update("open", payload("cafe-norte", Audience.owner(), kind="open"))
        assert found(index, member_of("lana-andina")) == {"shared"}
        assert found(index, member_of("cafe-norte")) == {"open", "shared", "private"}

    def test_an_audience_of_nobody_is_the_operators_alone(self, index: PassageIndex) -> None:
        index.update("open", replace(payload("cafe-norte", kind="open"), audience=()))
        assert "open" not in found(index, member_of("cafe-norte"))
        assert "open" in found(index)


class TestFilters:
    @pytest.fixture(autouse=True)
    def _documents(self, index: PassageIndex) -> None:
        coffee = payload(
            "cafe-norte",
            kind="market_report",
            countries=("DEU", "CHN"),
            sectors=("coffee",),
            hs_codes=("090121",),
            published=date(2025, 3, 1),
        )
        wool = payload(
            "lana-andina",
            kind="know_how",
            countries=("CHN",),
            sectors=("textiles", "leather"),
            hs_codes=("5105", "4107"),
            published=date(2026, 1, 31),
        )
        bare = payload("cueros-del-sur", kind="other")
        for number, (document, languages, facts) in enumerate(
            [("coffee", ("es", "en"), coffee), ("wool", ("pt",), wool), ("bare", ("es",), bare)], start=1
        ):
            index.write(passages(document, number, first_id=number * 10, languages=languages, facts=facts))
            index.publish(document, number)

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(), {"coffee", "wool", "bare"}),
            (Filters(kinds=("market_report",)), {"coffee"}),
            (Filters(kinds=("market_report", "other")), {"coffee", "bare"}),
            (Filters(kinds=("trade_agreement",)), set()),
            (Filters(languages=("pt",)), {"wool"}),
            (Filters(languages=("pt", "en")), {"wool", "coffee"}),
            (Filters(countries=("CHN",)), {"coffee", "wool"}),
            (Filters(countries=("DEU",)), {"coffee"}),
            (Filters(sectors=("leather",)), {"wool"}),
            (Filters(hs_codes=("09",)), {"coffee"}),
            (Filters(hs_codes=("0901",)), {"coffee"}),
            (Filters(hs_codes=("090121",)), {"coffee"}),
            (Filters(hs_codes=("0901219",)), set()),
            (Filters(hs_codes=("51", "09")), {"coffee", "wool"}),
            (Filters(hs_codes=("1",)), set()),
            (Filters(organisations=("lana-andina", "cueros-del-sur")), {"wool", "bare"}),
            (Filters(published_from=date(2025, 3, 1)), {"coffee", "wool"}),
            (Filters(published_from=date(2025, 3, 2)), {"wool"}),
            (Filters(published_to=date(2026, 1, 31)), {"coffee", "wool"}),
            (Filters(published_to=date(2026, 1, 30)), {"coffee"}),
            (Filters(published_from=date(2025, 4, 1), published_to=date(2025, 12, 31)), set()),
            (Filters(documents=("coffee", "bare")), {"coffee", "bare"}),
            (Filters(countries=("CHN",), kinds=("know_how",)), {"wool"}),
            (Filters(countries=("DEU",), kinds=("know_how",)), set()),
        ],
    )
    def test_a_filter_holds_for_searching_and_counting(
        self, index: PassageIndex, filters: Filters, expected: set[str]
    ) -> None:
        assert found(index, filters=filters) == expected
        assert index.count(OPERATOR, filters) == len(expected)
        assert sum(index.facet(Facet.ORGANISATION, OPERATOR, filters).values()) == len(expected)

    def test_a_language_filter_picks_passages(self, index: PassageIndex) -> None:
        query = replace(question(), filters=Filters(languages=("en",)))
        assert [(c.document_id, c.language) for c in index.search(query)] == [("coffee", "en")]

    @pytest.mark.parametrize(
        ("facet", "expected"),
        [
            (Facet.KIND, {"market_report": 1, "know_how": 1, "other": 1}),
            (Facet.LANGUAGE, {"es": 2, "en": 1, "pt": 1}),
            (Facet.COUNTRY, {"CHN": 2, "DEU": 1}),
            (Facet.SECTOR, {"coffee": 1, "textiles": 1, "leather": 1}),
            (Facet.HS_CODE, {"090121": 1, "5105": 1, "4107": 1}),
            (Facet.ORGANISATION, {"cafe-norte": 1, "lana-andina": 1, "cueros-del-sur": 1}),
        ],
    )
    def test_facets_count_documents(self, index: PassageIndex, facet: Facet, expected: dict[str, int]) -> None:
        assert index.facet(facet, OPERATOR, Filters()) == expected

    def test_facets_are_filtered_and_limited(self, index: PassageIndex) -> None:
        assert index.facet(Facet.SECTOR, OPERATOR, Filters(countries=("CHN",), kinds=("market_report",))) == {
            "coffee": 1
        }
        assert index.facet(Facet.COUNTRY, OPERATOR, Filters(), limit=1) == {"CHN": 2}

    def test_updated_facts_are_what_is_filtered_and_counted(self, index: PassageIndex) -> None:
        index.update("coffee", payload("cafe-norte", kind="other"))
        assert found(index, filters=Filters(kinds=("other",))) == {"coffee", "bare"}
        assert found(index, filters=Filters(countries=("DEU",))) == set()
        assert found(index, filters=Filters(hs_codes=("09",))) == set()
        assert found(index, filters=Filters(published_to=date(2025, 12, 31))) == set()
        assert index.facet(Facet.COUNTRY, OPERATOR, Filters()) == {"CHN": 1}
        assert index.facet(Facet.LANGUAGE, OPERATOR, Filters()) == {"es": 2, "en": 1, "pt": 1}

    def test_updating_what_is_not_there_is_no_error(self, index: PassageIndex) -> None:
        index.update("unheard-of", payload())
        assert index.count(OPERATOR, Filters()) == 3


class TestScores:
    def test_dense_scores_are_cosines(self, index: PassageIndex) -> None:
        for number, towards in enumerate((0.0, 0.5, 2.0), start=1):
            (passage,) = passages(f"d{number}", number, first_id=number)
            index.write([with_dense(passage, direction(0, towards))])
            index.publish(f"d{number}", number)
        query = IndexQuery(OPERATOR, dense=direction(0), sparse=None)
        scores = {c.passage_id: c.dense for c in index.search(query)}
        expected = {n: float(direction(0) @ direction(0, t)) for n, t in ((1, 0.0), (2, 0.5), (3, 2.0))}
        assert scores == pytest.approx(expected, abs=HALF_FLOAT)
        assert {c.sparse for c in index.search(query)} == {None}

    def test_rarer_words_weigh_more(self, index: PassageIndex) -> None:
        for number in range(1, 9):
            terms = (1, 2) if number == 1 else (1,)
            index.write(passages(f"d{number}", number, first_id=number, terms=terms))
            index.publish(f"d{number}", number)
        by_word = {term: index.search(IndexQuery(OPERATOR, None, words(term))) for term in (1, 2)}
        common = {c.passage_id: c.sparse for c in by_word[1]}[1]
        rare = {c.passage_id: c.sparse for c in by_word[2]}[1]
        assert common is not None
        assert rare is not None
        assert rare > common > 0
        assert {c.passage_id for c in by_word[2]} == {1}
        assert {c.dense for c in by_word[2]} == {None}

    def test_both_scores_are_given_for_what_either_leg_brought(self, index: PassageIndex) -> None:
        """Two legs of one candidate each, with nothing in common, among many others."""
        near = passages("near", 1, first_id=1, axis=0, terms=(9,))
        wordy = passages("wordy", 2, first_id=2, axis=3, terms=(7,))
        rest = [passages(f"d{n}", n, first_id=n, axis=4, terms=(7, 100 + n)) for n in range(3, 30)]
        wordy[0] = replace(wordy[0], sparse=words(7, weight=5.0))
        for made in (near, wordy, *rest):
            index.write(made)
            index.publish(made[0].document_id, made[0].version_id)
        query = IndexQuery(OPERATOR, dense=direction(0, towards=0.1), sparse=words(7), limit=1)
        candidates = {c.document_id: c for c in index.search(query)}
        assert set(candidates) == {"near", "wordy"}
        assert candidates["near"].sparse == 0.0
        assert candidates["near"].dense == pytest.approx(float(direction(0, 0.1) @ direction(0)), abs=HALF_FLOAT)
        assert candidates["wordy"].dense == pytest.approx(float(direction(0, 0.1) @ direction(3)), abs=HALF_FLOAT)
        assert candidates["wordy"].sparse is not None
        assert candidates["wordy"].sparse > 0

    def test_the_completed_scores_are_the_legs_own(self, index: PassageIndex) -> None:
        random = np.random.default_rng(3)
        for number in range(1, 60):
            (passage,) = passages(f"d{number}", number, first_id=number, terms=(number % 7, 50 + number % 3))
            vector = random.standard_normal(8).astype(np.float32)
            index.write([with_dense(passage, (vector / np.linalg.norm(vector)).astype(np.float32))])
            index.publish(passage.document_id, number)
        query = IndexQuery(OPERATOR, direction(2), words(3, 51), limit=5)
        whole = {c.passage_id: c for c in index.search(replace(query, limit=100))}
        for candidate in index.search(query):
            assert candidate.dense == pytest.approx(whole[candidate.passage_id].dense, abs=HALF_FLOAT)
            assert candidate.sparse == pytest.approx(whole[candidate.passage_id].sparse, rel=1e-4)

    def test_words_that_were_searched_before_change_no_answer(self, index: PassageIndex) -> None:
        for number in range(1, 40):
            index.write(passages(f"d{number}", number, first_id=number, axis=number % 5, terms=(number % 7, 50)))
            index.publish(f"d{number}", number)
        query = IndexQuery(OPERATOR, direction(2), words(3, 50), limit=5)
        before = index.by_words(replace(query, dense=None))
        assert index.search(query, before) == index.search(query)

    def test_words_find_only_what_may_be_seen(self, index: PassageIndex) -> None:
        for number, firm in enumerate(("alpha", "beta"), start=1):
            index.write(passages(f"d{number}", number, first_id=number, facts=payload(firm, Audience.owner())))
            index.publish(f"d{number}", number)
        found = index.by_words(IndexQuery(member_of("alpha"), None, words(1)))
        assert found is None or set(found.scores) == {1}

    @pytest.mark.parametrize("change", ["withdraw", "publish", "narrow"])
    def test_words_searched_before_a_change_are_searched_again(self, index: PassageIndex, change: str) -> None:
        index.write(passages("old", 1, first_id=1, axis=1, facts=payload("alpha", Audience.cluster())))
        index.publish("old", 1)
        index.write(passages("other", 2, first_id=2, axis=1))
        index.publish("other", 2)
        query = IndexQuery(member_of("beta"), direction(0), words(1), limit=10)
        before = index.by_words(query)
        if change == "withdraw":
            index.withdraw("old")
        elif change == "publish":
            index.write(passages("old", 3, first_id=30, axis=1, facts=payload("alpha", Audience.cluster())))
            index.publish("old", 3)
        else:
            index.update("old", payload("alpha", Audience.owner()))
        assert index.search(query, before) == index.search(query)
        assert 1 not in {candidate.passage_id for candidate in index.search(query, before)}

    def test_the_limit_is_each_legs_own(self, index: PassageIndex) -> None:
        index.write(passages("long", 1, first_id=1, languages=("es",) * 20))
        index.publish("long", 1)
        assert len(index.search(IndexQuery(OPERATOR, direction(0), None, limit=5))) == 5
        assert len(index.search(IndexQuery(OPERATOR, None, words(1), limit=5))) == 5
        assert 5 <= len(index.search(question(limit=5))) <= 10
        assert index.search(question(limit=0)) == []

    def test_words_that_are_nowhere(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=1))
        index.publish("tariffs", 1)
        assert index.search(IndexQuery(OPERATOR, None, words(999))) == []
        assert index.search(IndexQuery(OPERATOR, None, words())) == []
        assert [c.sparse for c in index.search(IndexQuery(OPERATOR, direction(0), words(999)))] == [0.0]
        assert [c.sparse for c in index.search(IndexQuery(OPERATOR, direction(0), words()))] == [0.0]

    def test_a_passage_without_words_is_found_by_meaning(self, index: PassageIndex) -> None:
        index.write(passages("picture", 1, first_id=1, terms=()))
        index.publish("picture", 1)
        assert [(c.document_id, c.sparse) for c in index.search(question())] == [("picture", 0.0)]

    def test_the_vectors_of_what_was_found(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=1, languages=("es", "pt"), axis=2))
        index.publish("tariffs", 1)
        vectors = index.vectors([1, 2, 77])
        assert set(vectors) == {1, 2}
        assert vectors[2].dtype == np.float32
        np.testing.assert_allclose(vectors[2], direction(2, towards=0.01), atol=HALF_FLOAT)
        assert index.vectors([]) == {}

    def test_neither_leg_asked_brings_nothing(self, index: PassageIndex) -> None:
        index.write(passages("tariffs", 1, first_id=1))
        index.publish("tariffs", 1)
        assert index.search(IndexQuery(OPERATOR, None, None)) == []


def test_searches_see_one_version_whole_while_others_are_published(index: PassageIndex) -> None:
    """Forty versions one after the other and more, of seven passages each; whoever searches finds seven of one."""
    size, rounds = 7, 40
    index.write(passages("tariffs", 1, first_id=1, languages=("es",) * size))
    index.publish("tariffs", 1)
    seen: list[tuple[int, ...]] = []
    counted: list[int] = []
    problems: list[BaseException] = []
    is_over = threading.Event()

    def search() -> None:
        try:
            while not is_over.is_set():
                seen.append(tuple(candidate.version_id for candidate in index.search(question())))
                counted.append(index.count(OPERATOR, Filters()))
        except BaseException as problem:
            problems.append(problem)

    searchers = [threading.Thread(target=search) for _ in range(3)]
    for searcher in searchers:
        searcher.start()
    try:
        version = 1
        while (version < rounds or len(seen) < rounds) and not problems:
            version += 1
            index.write(passages("tariffs", version, first_id=version * size, languages=("es",) * size))
            index.publish("tariffs", version)
    finally:
        is_over.set()
        for searcher in searchers:
            searcher.join()
    assert problems == []
    assert {len(versions) for versions in seen} == {size}
    assert {len(set(versions)) for versions in seen} == {1}
    assert set(counted) == {1}


class TestOpeningAgain:
    def test_what_was_acknowledged_is_there(self, house: House) -> None:
        index = house.create(MANIFEST, None)
        index.write(passages("tariffs", 1, first_id=1, languages=("es", "pt")))
        index.publish("tariffs", 1)
        index.write(passages("letters", 2, first_id=10))
        index = house.reopen(index, MANIFEST)
        try:
            assert found(index) == {"tariffs"}
            assert index.versions() == {"tariffs": {1: True}, "letters": {2: False}}
            index.publish("letters", 2)
            assert found(index) == {"tariffs", "letters"}
        finally:
            index.close()

    def test_the_manifest_and_the_projection_stay_with_the_index(self, house: House) -> None:
        projection = b"the bytes of a small archive"
        manifest = replace(MANIFEST, projection_digest=projection_digest(projection))
        index = house.reopen(house.create(manifest, projection), None)
        try:
            assert index.manifest == manifest
            assert index.projection == projection
        finally:
            index.close()

    def test_another_projection_than_the_manifests_is_refused(self, house: House) -> None:
        with pytest.raises(IndexFailure):
            house.create(replace(MANIFEST, projection_digest=projection_digest(b"one")), b"another")

    @pytest.mark.parametrize(
        "expected",
        [
            replace(MANIFEST, pack_digest="b" * 64),
            replace(MANIFEST, pack_name="another"),
            replace(MANIFEST, dimensions=16),
            replace(MANIFEST, lexical_version="bm25-2"),
        ],
    )
    def test_another_model_pack_is_refused_with_what_to_do(self, house: House, expected: object) -> None:
        index = house.create(MANIFEST, None)
        with pytest.raises(WrongModelPack, match="lonja reindex"):
            house.reopen(index, expected)  # type: ignore[arg-type]

    def test_an_index_of_a_later_release_is_refused(self, house: House) -> None:
        index = house.create(replace(MANIFEST, format=99), None)
        with pytest.raises(DataFolderTooNew, match="99"):
            house.reopen(index, MANIFEST)

    def test_creating_again_begins_with_nothing(self, house: House) -> None:
        index = house.create(MANIFEST, None)
        index.write(passages("tariffs", 1, first_id=1))
        index.publish("tariffs", 1)
        index.close()
        index = house.create(replace(MANIFEST, pack_name="another"), None)
        try:
            assert index.versions() == {}
            assert index.manifest.pack_name == "another"
        finally:
            index.close()
