"""What every peer's program does: read passages and questions, take in, ask, write down. Imports nothing of Lonja.

Usage: PROGRAM FOLDER, where FOLDER has passages.jsonl (id, title, text), questions.jsonl (id, text) and model/
(multilingual-e5-small in fp32, as sentence-transformers loads it). Writes FOLDER/answers.json.
"""

from __future__ import annotations

import json
import re
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

FIRST = 10
WARM = 5
Passage = dict[str, str]


class Peer(Protocol):
    def take_in(self, passages: Sequence[Passage]) -> None: ...

    def ask(self, question: str) -> Sequence[str]:
        """Ids of the best ``FIRST`` passages, the best first."""
        ...


def full_text(passage: Passage) -> str:
    return f"{passage['title']}\n{passage['text']}".strip()


def measure(make: Callable[[str], Peer]) -> None:
    """``make`` gets the model's folder; what it loads does not count, what it takes in and is asked does."""
    folder = Path(sys.argv[1])
    passages, questions = _lines(folder / "passages.jsonl"), _lines(folder / "questions.jsonl")
    peer = make(str(folder / "model"))
    started = time.perf_counter()
    peer.take_in(passages)
    took = time.perf_counter() - started
    for question in questions[:WARM]:
        peer.ask(question["text"])
    rankings: dict[str, list[str]] = {}
    times = []
    for question in questions:
        started = time.perf_counter()
        rankings[question["id"]] = list(peer.ask(question["text"]))
        times.append(time.perf_counter() - started)
    answers = {
        "passages_per_second": len(passages) / took,
        "query_ms": statistics.median(times) * 1000,
        "megabytes": _peak_megabytes(),
        "rankings": rankings,
    }
    (folder / "answers.json").write_text(json.dumps(answers), encoding="utf-8")


def _peak_megabytes() -> float:
    """Resident at most. ``getrusage`` would count what the process that started this one held."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    return int(found[1]) * 1024 / 1e6 if found else 0.0


def _lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
