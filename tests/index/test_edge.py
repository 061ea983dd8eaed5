"""What only the embedded index promises: one owner, death at any moment, optimising beside everything else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.documents import Audience
from corpus.errors import Conflict, IndexFailure, NotFound
from corpus.index import layout
from corpus.index.conditions import version_is
from corpus.index.edge import EdgeIndex
from corpus.index.protocol import Facet, Filters, IndexQuery
from corpus.index.shard import Shard
from tests.index.making import DIMENSIONS, MANIFEST, OPERATOR, direction, member_of, passages, payload, question
from tests.index.writing import DOCUMENTS, GRAPH_FROM, PASSAGES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


@pytest.fixture
def index(folder: Path) -> Iterator[EdgeIndex]:
    made = EdgeIndex.create(folder, MANIFEST, graph_from=GRAPH_FROM)
    yield made
    made.close()


def everything(index: EdgeIndex) -> dict[str, Counter[int]]:
    """By document, how many passages of which version are found."""
    found: dict[str, Counter[int]] = {}
    for candidate in index.search(IndexQuery(OPERATOR, direction(0), None, limit=10_000)):
        found.setdefault(candidate.document_id, Counter())[candidate.version_id] += 1
    return found


def fill(index: EdgeIndex, documents: int) -> None:
    for number in range(1, documents + 1):
        made = passages(f"old-{number}", number, first_id=number * PASSAGES, languages=("es",) * PASSAGES, axis=number)
        index.write(made)
        index.publish(f"old-{number}", number)


class TestOwning:
    def test_a_second_process_is_refused_with_what_to_do(self, index: EdgeIndex, folder: Path) -> None:
        code = f"from corpus.index.edge import EdgeIndex\nEdgeIndex.open(__import__('pathlib').Path({str(folder)!r}))"
        second = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
        assert second.returncode == 1
        assert "Conflict" in second.stderr
        assert "open in another process" in second.stderr
        assert index.search(question()) == []

    def test_nobody_makes_a_new_one_over_an_open_one(self, index: EdgeIndex, folder: Path) -> None:
        index.write(passages("tariffs", 1, first_id=1))
        with pytest.raises(Conflict):
            EdgeIndex.create(folder, MANIFEST)
        index.publish("tariffs", 1)
        assert set(everything(index)) == {"tariffs"}

    def test_a_closed_index_may_be_opened_by_the_next(self, index: EdgeIndex, folder: Path) -> None:
        index.close()
        EdgeIndex.open(folder).close()

    def test_a_closed_index_says_so(self, index: EdgeIndex) -> None:
        index.close()
        index.close()
        with pytest.raises(Conflict, match="closed"):
            index.search(question())


class TestOpening:
    def test_where_there_is_none(self, folder: Path) -> None:
        with pytest.raises(NotFound, match="lonja reindex"):
            EdgeIndex.open(folder)

    def test_what_a_killed_process_left_is_cleared_away(self, index: EdgeIndex, folder: Path) -> None:
        index.close()
        left = folder / "generation-000007"
        (left / "shard").mkdir(parents=True)
        EdgeIndex.open(folder).close()
        assert not left.exists()

    @pytest.mark.parametrize("pointer", ["generation-000009", "../elsewhere", ""])
    def test_a_pointer_to_nowhere(self, index: EdgeIndex, folder: Path, pointer: str) -> None:
        index.close()
        (folder / "current").write_text(pointer)
        with pytest.raises(IndexFailure, match="lonja reindex"):
            EdgeIndex.open(folder)

    @pytest.mark.parametrize("text", ["", "{}", "[]", "{", '{"format": 1, "pack_name": "x"}'])
    def test_a_damaged_manifest(self, index: EdgeIndex, folder: Path, text: str) -> None:
        index.close()
        (folder / "generation-000001" / "manifest.json").write_text(text)
        with pytest.raises(IndexFailure, match="lonja reindex"):
            EdgeIndex.open(folder)

    def test_a_projection_that_is_not_the_manifests(self, index: EdgeIndex, folder: Path) -> None:
        index.close()
        (folder / "generation-000001" / "projection.npz").write_bytes(b"stray")
        with pytest.raises(IndexFailure, match="projection"):
            EdgeIndex.open(folder)


class TestDying:
    @pytest.mark.parametrize("acknowledged", [1, 7, DOCUMENTS, DOCUMENTS + 5, 3 * DOCUMENTS])
    def test_of_a_killed_writer_nothing_acknowledged_is_lost_and_nothing_is_found_in_part(
        self, index: EdgeIndex, folder: Path, acknowledged: int
    ) -> None:
        index.close()
        said = _write_until_killed(folder, acknowledged, [])
        _expect_whole(folder, said)

    @pytest.mark.parametrize("acknowledged", [12, 19, 26, 33, 40])
    def test_a_writer_killed_while_it_optimises(self, index: EdgeIndex, folder: Path, acknowledged: int) -> None:
        index.close()
        said = _write_until_killed(folder, acknowledged, ["optimise"])
        _expect_whole(folder, said)

    def test_a_writer_killed_after_it_optimised(self, index: EdgeIndex, folder: Path) -> None:
        index.close()
        said = _write_until_killed(folder, 15, ["optimise"], wait_for_optimised=True)
        _expect_whole(folder, said)

    def test_the_shards_process_is_replaced_when_it_dies(self, index: EdgeIndex) -> None:
        fill(index, 3)
        before = everything(index)
        first = index.process_id
        os.kill(first, signal.SIGKILL)
        assert everything(index) == before
        os.kill(index.process_id, signal.SIGKILL)
        index.write(passages("tariffs", 50, first_id=9000))
        os.kill(index.process_id, signal.SIGKILL)
        index.publish("tariffs", 50)
        assert everything(index) == {**before, "tariffs": Counter({50: 1})}
        assert index.process_id != first

    def test_a_question_begun_in_a_process_that_died_is_asked_whole(self, index: EdgeIndex) -> None:
        for number, firm in enumerate(("alpha", "beta"), start=1):
            index.write(passages(firm, number, first_id=number, facts=payload(firm, Audience.owner())))
            index.publish(firm, number)
        of_alpha, of_beta = (question(visibility=member_of(firm)) for firm in ("alpha", "beta"))
        begun = index.by_words(of_alpha)
        os.kill(index.process_id, signal.SIGKILL)
        index.by_words(of_beta)  # the first that the new process is asked
        assert [each.document_id for each in index.search(of_alpha, begun)] == ["alpha"]
        forgotten = index.by_words(of_alpha)
        for _ in range(300):
            index.by_words(of_beta)
        assert [each.document_id for each in index.search(of_alpha, forgotten)] == ["alpha"]

    def test_half_a_publication_is_not_found(self, index: EdgeIndex, folder: Path) -> None:
        """As after a death between two batches: some passages are published, the head is not."""
        index.write(passages("tariffs", 1, first_id=1, languages=("es",) * 4))
        index.publish("tariffs", 1)
        index.write(passages("tariffs", 2, first_id=11, languages=("es",) * 4))
        index.close()
        shard = Shard(folder / "generation-000001" / "shard", DIMENSIONS, GRAPH_FROM)
        shard.set_fields([12, 13], {layout.PUBLISHED: 1})
        shard.close()
        index = EdgeIndex.open(folder)
        try:
            assert everything(index) == {"tariffs": Counter({1: 4})}
            assert index.versions() == {"tariffs": {1: True, 2: False}}
        finally:
            index.close()

    def test_of_two_published_versions_the_later_stays(self, index: EdgeIndex, folder: Path) -> None:
        """As after a death between the switch and the removal of the old version."""
        index.write(passages("tariffs", 1, first_id=1, languages=("es",) * 4))
        index.publish("tariffs", 1)
        index.write(passages("tariffs", 2, first_id=11, languages=("es",) * 4))
        index.close()
        shard = Shard(folder / "generation-000001" / "shard", DIMENSIONS, GRAPH_FROM)
        shard.set_fields([11], {layout.HEAD: 1, layout.SEQUENCE: 2, layout.LANGUAGES: ["es"]})
        shard.set_fields(shard.ids(version_is(2)), {layout.PUBLISHED: 1})
        shard.close()
        index = EdgeIndex.open(folder)
        try:
            assert everything(index) == {"tariffs": Counter({2: 4})}
            assert index.versions() == {"tariffs": {2: True}}
        finally:
            index.close()


class TestOptimising:
    def test_a_small_index_needs_none(self, index: EdgeIndex) -> None:
        fill(index, 2)
        assert index.optimise() is False

    def test_it_changes_nothing_that_is_found(self, index: EdgeIndex, folder: Path) -> None:
        fill(index, 8)
        before = everything(index)
        scores = {c.passage_id: (c.dense, c.sparse) for c in index.search(question(limit=10_000))}
        assert index.optimise() is True
        assert everything(index) == before
        after = {c.passage_id: (c.dense, c.sparse) for c in index.search(question(limit=10_000))}
        assert after.keys() == scores.keys()
        for id_, score in scores.items():
            assert after[id_] == pytest.approx(score, abs=1e-3)
        assert [entry.name for entry in folder.iterdir() if entry.is_dir()] == ["generation-000002"]
        assert index.optimise() is False

    def test_searches_and_writes_go_on_meanwhile_and_nothing_is_lost(self, index: EdgeIndex, folder: Path) -> None:
        fill(index, 10)
        answered: list[int] = []
        problems: list[BaseException] = []
        is_over = threading.Event()

        def search() -> None:
            try:
                while not is_over.is_set():
                    answered.append(len(index.search(question(member_of("cafe-norte"), axis=3, limit=10))))
            except BaseException as problem:
                problems.append(problem)

        def optimise() -> None:
            try:
                index.optimise()
            except BaseException as problem:
                problems.append(problem)
            is_over.set()

        threads = [threading.Thread(target=search), threading.Thread(target=optimise)]
        for thread in threads:
            thread.start()
        expected = {f"old-{number}": Counter({number: PASSAGES}) for number in range(1, 11)}
        version = 100
        while not is_over.is_set() or version < 110:
            version += 1
            index.write(passages(f"new-{version}", version, first_id=version * PASSAGES, languages=("pt",) * 3))
            index.publish(f"new-{version}", version)
            expected[f"new-{version}"] = Counter({version: 3})
            if version == 103:
                index.withdraw("old-1")
                del expected["old-1"]
                index.update("old-2", payload("lana-andina", kind="other"))
                index.write(passages("old-3", 3000, first_id=500_000, languages=("pt",) * 5))
                index.publish("old-3", 3000)
                expected["old-3"] = Counter({3000: 5})
        for thread in threads:
            thread.join()
        assert problems == []
        assert answered
        assert min(answered) > 0
        assert (folder / "current").read_text() == "generation-000002"
        assert everything(index) == expected
        assert index.count(OPERATOR, Filters(kinds=("other",))) == 1

        index.close()
        again = EdgeIndex.open(folder)
        try:
            assert everything(again) == expected
            assert again.count(OPERATOR, Filters(organisations=("lana-andina",))) == 1
        finally:
            again.close()

    def test_facets_are_exact_whatever_happened_since(self, index: EdgeIndex) -> None:
        """Some documents in the optimised part, some of them changed or gone since, others written later."""
        countries = {number: tuple(f"C{country}" for country in range(number % 5 + 1)) for number in range(1, 25)}
        for number in range(1, 17):
            facts = payload(countries=countries[number])
            index.write(passages(f"d-{number}", number, number * PASSAGES, ("es", "pt") * 9, facts, axis=number))
            index.publish(f"d-{number}", number)
        assert index.optimise() is True
        for number in range(1, 25):
            if number % 4 == 0:
                index.withdraw(f"d-{number}")
                del countries[number]
            elif number > 16:
                facts = payload(countries=countries[number])
                index.write(passages(f"d-{number}", number, number * PASSAGES, ("es",) * 3, facts))
                index.publish(f"d-{number}", number)
            elif number % 3 == 0:
                countries[number] = ("C9", "C0")
                index.update(f"d-{number}", payload(countries=countries[number]))
        expected = Counter(country for of in countries.values() for country in of)
        assert index.facet(Facet.COUNTRY, OPERATOR, Filters()) == expected
        assert index.count(OPERATOR, Filters()) == len(countries)
        assert index.facet(Facet.LANGUAGE, OPERATOR, Filters()) == {
            "es": len(countries),
            "pt": sum(number <= 16 for number in countries),
        }
        assert list(index.facet(Facet.COUNTRY, OPERATOR, Filters(), limit=2)) == ["C0", "C1"]

    def test_closing_gives_up_an_optimisation_that_is_under_way(self, index: EdgeIndex, folder: Path) -> None:
        fill(index, 10)
        before = everything(index)
        said: list[BaseException] = []

        def optimise() -> None:
            try:
                index.optimise()
            except BaseException as error:
                said.append(error)

        optimiser = threading.Thread(target=optimise)
        optimiser.start()
        while not (folder / "generation-000002").exists():
            pass
        index.close()
        optimiser.join()
        assert [type(error) for error in said] in ([], [Conflict])
        current = (folder / "current").read_text()
        assert [entry.name for entry in folder.iterdir() if entry.is_dir()] == [current]
        assert current == ("generation-000001" if said else "generation-000002")
        again = EdgeIndex.open(folder, graph_from=GRAPH_FROM)
        try:
            assert everything(again) == before
        finally:
            again.close()

    def test_a_failure_leaves_the_index_as_it_was(self, index: EdgeIndex, folder: Path) -> None:
        """The copy cannot be loaded: its configuration is not what the engine wrote."""
        fill(index, 4)
        before = everything(index)
        configuration = folder / "generation-000001" / "shard" / "edge_config.json"
        written = configuration.read_text()
        configuration.write_text("no configuration")
        with pytest.raises(IndexFailure, match="Searching goes on"):
            index.optimise()
        configuration.write_text(written)
        assert everything(index) == before
        assert [entry.name for entry in folder.iterdir() if entry.is_dir()] == ["generation-000001"]
        assert index.optimise() is True
        assert everything(index) == before


def _write_until_killed(
    folder: Path, acknowledged: int, how: list[str], *, wait_for_optimised: bool = False
) -> list[tuple[str, int]]:
    """What the writer had said by the time it was killed, ``acknowledged`` publications or a few more."""
    writer = subprocess.Popen(
        [sys.executable, "-m", "tests.index.writing", str(folder), *how], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    said: list[tuple[str, int]] = []
    is_optimised = not wait_for_optimised
    for line in writer.stdout:
        if line == "optimised\n":
            is_optimised = True
        else:
            document, version = line.split()
            said.append((document, int(version)))
        if len(said) >= acknowledged and is_optimised:
            break
    writer.kill()
    rest = writer.stdout.read().splitlines()
    writer.stdout.close()
    writer.wait()
    assert len(said) >= acknowledged, "the writer ended by itself"
    said += [(line.split()[0], int(line.split()[1])) for line in rest if line.count(" ") == 1]
    return said


def _expect_whole(folder: Path, said: list[tuple[str, int]]) -> None:
    """Every document is found in one version, all of it, and not an older one than was acknowledged."""
    acknowledged = dict(said)
    index = EdgeIndex.open(folder)
    try:
        found = everything(index)
        assert acknowledged.keys() <= found.keys()
        last = max(acknowledged.values())
        for document, versions in found.items():
            ((version, count),) = versions.items()
            assert count == PASSAGES
            assert acknowledged.get(document, 1) <= version <= last + 1
        published = {
            document: [v for v, is_found in of.items() if is_found] for document, of in index.versions().items()
        }
        assert {document: versions for document, versions in published.items() if versions} == {
            document: list(versions) for document, versions in found.items()
        }
        assert index.count(OPERATOR, Filters()) == len(found)
        index.write(passages("afterwards", last + 5, first_id=(last + 5) * PASSAGES))
        index.publish("afterwards", last + 5)
        assert "afterwards" in everything(index)
        index.optimise()
        assert {document: set(of) for document, of in everything(index).items()} == {
            **{document: set(of) for document, of in found.items()},
            "afterwards": {last + 5},
        }
    finally:
        index.close()
