"""Searching a library: end to end against embedding the question, while the index is optimised, and in memory.

Runs as a process of its own (``python -m search_api.benchmarks.searching DATA``), so that nothing that filled the
library is counted.
"""

from __future__ import annotations

import json
import statistics
import sys
import threading
import time
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path

from corpus.documents import Principal
from corpus.index.protocol import Filters
from corpus.library import Library
from corpus.search.results import SearchRequest
from corpus.settings import read_settings
from search_api.benchmarks.memory import resident_megabytes

ROUNDS = 200
FILTERS = Filters(kinds=("know_how", "market_report"), languages=("es",))
QUESTIONS = (
    "plazo para presentar la declaración",
    "sanciones por incumplimiento del empleador",
    "¿quién fija el salario mínimo del sector?",
    "licencia por maternidad de las trabajadoras rurales",
    "exoneración de impuestos a la importación de maquinaria",
    "prazo para o registro de exportadores",
    "who may appeal against a customs decision",
    "pensión por invalidez, requisitos",
    "puertos francos y depósitos aduaneros",
    "multas por infracción aduanera",
    "crédito agrario para pequeños productores",
    "protection of trade marks and patents",
)


@dataclass(frozen=True, slots=True)
class SearchFigures:
    """Times are medians in milliseconds unless they say otherwise."""

    passages: int
    longest_wait_while_optimising: float
    searches_while_optimising: int
    optimise_seconds: float
    embed_question: float
    search_filtered: float  # hybrid, as a member, with two filters and facets, question's embedding included
    ratio: float
    search_p95: float
    stages: dict[str, float]
    resident_megabytes: float  # this process and the index's


def measure_search(data: Path) -> SearchFigures:
    with Library(read_settings(data=data)) as library:
        questions = cycle(QUESTIONS)
        for _ in QUESTIONS:
            library.search(_request(next(questions)))
        waits, seconds = _while_optimising(library)
        embed: list[float] = []
        search: list[float] = []
        stages: dict[str, list[float]] = {}
        for _ in range(ROUNDS):
            question = next(questions)
            start = time.perf_counter()
            library.embedder.embed_query(question)
            embed.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            results = library.search(_request(question))
            search.append((time.perf_counter() - start) * 1000)
            for stage, took in results.milliseconds.items():
                stages.setdefault(stage, []).append(took)
        return SearchFigures(
            passages=library.index.count_passages(),
            longest_wait_while_optimising=round(max(waits), 1),
            searches_while_optimising=len(waits),
            optimise_seconds=round(seconds, 1),
            embed_question=round(statistics.median(embed), 2),
            search_filtered=round(statistics.median(search), 2),
            ratio=round(statistics.median(search) / statistics.median(embed), 2),
            search_p95=round(statistics.quantiles(search, n=20)[-1], 2),
            stages={stage: round(statistics.median(took), 2) for stage, took in stages.items()},
            resident_megabytes=round(resident_megabytes(), 1),
        )


def _request(question: str) -> SearchRequest:
    return SearchRequest(question, Principal("firm-1"), FILTERS)


def _while_optimising(library: Library) -> tuple[list[float], float]:
    """How long searches took, in milliseconds, while the index was optimised, and how many seconds that was."""
    seconds = 0.0

    def optimise() -> None:
        nonlocal seconds
        start = time.perf_counter()
        library.index.optimise()
        seconds = time.perf_counter() - start

    thread = threading.Thread(target=optimise)
    waits: list[float] = []
    questions = cycle(QUESTIONS)
    thread.start()
    while thread.is_alive():
        start = time.perf_counter()
        library.search(_request(next(questions)))
        waits.append((time.perf_counter() - start) * 1000)
    thread.join()
    return waits or [0.0], seconds


def main() -> None:
    json.dump(asdict(measure_search(Path(sys.argv[1]))), sys.stdout)


if __name__ == "__main__":
    main()
