"""Lonja, measured as ``programs/measuring.py`` measures the peers: by the whole search that members use.

Usage: python -m search_api.benchmarks.peers.lonja FOLDER COLLECTION
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from pathlib import Path

from corpus.evaluation.collection import load_collection
from corpus.search.results import Mode
from search_api.benchmarks.memory import peak_megabytes
from search_api.evaluation.collections import indexed

FIRST = 10
WARM = 5


def main(folder: Path, source: Path) -> None:
    collection = load_collection(source)
    marks: list[tuple[int, float]] = []  # passages taken in, and when; before the first, the model was loaded

    def mark(done: int, _total: int | None, _what: str) -> None:
        marks.append((done, time.perf_counter()))

    with indexed(collection, mark) as searched:
        searcher = searched.searcher(Mode.HYBRID)
        for question in collection.answerable[:WARM]:
            searcher.search(question.text, FIRST)
        rankings = {}
        times = []
        for question in collection.answerable:
            started = time.perf_counter()
            rankings[question.id] = [each.passage_id for each in searcher.search(question.text, FIRST).ranking]
            times.append(time.perf_counter() - started)
        megabytes = peak_megabytes()
    (first, started), (last, ended) = marks[0], marks[-1]
    answers = {
        "passages_per_second": (last - first) / (ended - started),
        "query_ms": statistics.median(times) * 1000,
        "megabytes": megabytes,
        "rankings": rankings,
    }
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
