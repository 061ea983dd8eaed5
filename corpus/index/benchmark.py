"""How fast the embedded index is, measured on vectors that are given."""

from __future__ import annotations

import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from corpus.embedding.embedder import Matrix, Vector
from corpus.index.edge import EdgeIndex
from corpus.index.manifest import FORMAT
from corpus.index.protocol import (
    DocumentPayload,
    Facet,
    Filters,
    IndexedPassage,
    IndexManifest,
    IndexQuery,
    SparseVector,
)
from corpus.index.visibility import CLUSTER, Visibility

_PASSAGES_A_DOCUMENT = 14
_ORGANISATIONS = 8
_KINDS = ("market_report", "trade_agreement", "know_how", "other")
_LANGUAGES = ("es", "pt", "en")
_MEMBER = Visibility(frozenset({CLUSTER, "organisation:firm-1"}))
_FILTERED = Filters(kinds=_KINDS[:2], languages=("es", "pt"))
_ROUNDS = 200

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IndexFigures:
    """Times are medians in milliseconds unless they say otherwise."""

    passages: int
    written_per_second: float
    hybrid_before: float  # with the audience filter, before the index was optimised
    hybrid: float  # with the audience filter
    hybrid_filtered: float  # and by kind and language
    facet: float
    count: float
    optimise_seconds: float
    searches_meanwhile: int  # answered while it was optimised
    longest_wait: float  # of one of these
    load_seconds: float  # from opening the folder to the first answer
    resident_megabytes: float | None  # of the process that holds the index, after the searches; None where unknown
    disk_megabytes: float


def measure_index(
    folder: Path, dense: Matrix, sparse: Sequence[SparseVector], questions: Sequence[tuple[Vector, SparseVector]]
) -> IndexFigures:
    """Builds an index of ``len(dense)`` passages in ``folder``, which is empty, and asks it the questions in turn."""
    index = EdgeIndex.create(folder, _manifest(dense.shape[1]))
    started = time.perf_counter()
    for document in _documents(dense, sparse):
        index.write(document)
        index.publish(document[0].document_id, document[0].version_id)
    written = len(dense) / (time.perf_counter() - started)
    before = _median(_searches(index, questions, Filters()))
    optimise_seconds, waits = _optimise(index, questions)
    index.close()

    started = time.perf_counter()
    index = EdgeIndex.open(folder)
    index.count_passages()
    load_seconds = time.perf_counter() - started
    figures = IndexFigures(
        passages=index.count_passages(),
        written_per_second=written,
        hybrid_before=before,
        hybrid=_median(_searches(index, questions, Filters())),
        hybrid_filtered=_median(_searches(index, questions, _FILTERED)),
        facet=_median(partial(index.facet, facet, _MEMBER, Filters()) for facet in _cycle(tuple(Facet))),
        count=_median(partial(index.count, _MEMBER, Filters()) for _ in range(_ROUNDS)),
        optimise_seconds=optimise_seconds,
        searches_meanwhile=len(waits),
        longest_wait=max(waits, default=0.0) * 1000,
        load_seconds=load_seconds,
        resident_megabytes=_resident_megabytes(index.process_id),
        disk_megabytes=sum(file.stat().st_blocks for file in folder.rglob("*") if file.is_file()) * 512 / 1e6,
    )
    index.close()
    return figures


def _documents(dense: Matrix, sparse: Sequence[SparseVector]) -> Iterator[list[IndexedPassage]]:
    for number, first in enumerate(range(0, len(dense), _PASSAGES_A_DOCUMENT), start=1):
        owner = f"organisation:firm-{number % _ORGANISATIONS}"
        payload = DocumentPayload(
            organisation=f"firm-{number % _ORGANISATIONS}",
            audience=(CLUSTER, owner) if number % 4 else (owner,),
            kind=_KINDS[number % len(_KINDS)],
            countries=(f"C{number % 40:02}",),
            sectors=(f"sector-{number % 9}",),
            hs_codes=(f"09{number % 50:02}{number % 10}0",),
        )
        yield [
            IndexedPassage(
                id=place + 1,
                document_id=f"document-{number:08}",
                version_id=number,
                ordinal=place - first,
                language=_LANGUAGES[number % len(_LANGUAGES)],
                dense=dense[place],
                sparse=sparse[place],
                payload=payload,
            )
            for place in range(first, min(first + _PASSAGES_A_DOCUMENT, len(dense)))
        ]


def _searches(
    index: EdgeIndex, questions: Sequence[tuple[Vector, SparseVector]], filters: Filters
) -> Iterator[Callable[[], object]]:
    for dense, sparse in _cycle(questions):
        yield partial(index.search, IndexQuery(_MEMBER, dense, sparse, filters))


def _optimise(index: EdgeIndex, questions: Sequence[tuple[Vector, SparseVector]]) -> tuple[float, list[float]]:
    """Seconds that it took, and how long each search that was answered meanwhile waited, in seconds."""
    is_over = threading.Event()
    waits: list[float] = []

    def search() -> None:
        while not is_over.is_set():
            for ask in _searches(index, questions, Filters()):
                started = time.perf_counter()
                ask()
                waits.append(time.perf_counter() - started)
                if is_over.wait(0.005):
                    return

    searcher = threading.Thread(target=search)
    searcher.start()
    started = time.perf_counter()
    try:
        index.optimise()
    finally:
        is_over.set()
        searcher.join()
    return time.perf_counter() - started, waits


def _median(tasks: Iterator[Callable[[], object]]) -> float:
    times = []
    for task in tasks:
        started = time.perf_counter()
        task()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def _cycle(items: Sequence[T]) -> Iterator[T]:
    for round_ in range(_ROUNDS):
        yield items[round_ % len(items)]


def _resident_megabytes(process_id: int) -> float | None:
    if sys.platform != "linux":
        return None
    status = Path(f"/proc/{process_id}/status").read_text(encoding="ascii")
    (kilobytes,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")]
    return int(kilobytes) / 1000


def _manifest(dimensions: int) -> IndexManifest:
    return IndexManifest(
        format=FORMAT,
        pack_name="benchmark",
        pack_digest="",
        dimensions=dimensions,
        projection_digest=None,
        lexical_version="",
    )
