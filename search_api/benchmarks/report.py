"""The parts of ``lonja bench``, one after the other."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from corpus.embedding.benchmark import compare_with_fp32
from corpus.embedding.opening import open_embedder
from corpus.errors import LonjaError, ModelError
from corpus.library import Library
from corpus.settings import read_settings
from ingest.passages import PassageLimits, passages_of
from ingest.structure import structure
from search_api.benchmarks.filling import converted, fill
from search_api.benchmarks.footprint import installed_footprint
from search_api.benchmarks.pipeline import measure_pipeline
from search_api.benchmarks.texts import text_files

Step = Callable[[int, int | None, str], None]
COMPARED = 96  # passages that are embedded by both engines
SERVED = 200  # documents that are ingested while clients search


def measure(parts: Sequence[str], source: Path, passages: int, documents: int, step: Step) -> dict[str, Any]:
    """Figures by part, and what they were measured on. Raises BadInput where the source has too few texts."""
    with _Filled(source, passages, step) as filled:
        return _measured(parts, source, documents, filled, step)


def _measured(parts: Sequence[str], source: Path, documents: int, filled: _Filled, step: Step) -> dict[str, Any]:
    figures: dict[str, Any] = {"machine": _machine(source)}
    for part in parts:
        step(0, None, part)
        match part:
            case "embedding":
                figures[part] = _embedding(source, step)
            case "pipeline":
                figures[part] = measure_pipeline(source, documents)
            case "search":
                figures[part] = _apart("searching", filled.folder())
            case "serving":
                figures[part] = _apart("serving", filled.folder(), source, SERVED)
            case "footprint":
                figures[part] = installed_footprint()
    return figures


def _machine(source: Path) -> dict[str, Any]:
    return {
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "machine": platform.machine(),
        "system": platform.system(),
        "python": platform.python_version(),
        "texts": source.name,
    }


def _embedding(source: Path, step: Step) -> Any:
    embedder = open_embedder()
    limits = PassageLimits.for_model(embedder)
    texts: list[str] = []
    for file in text_files(source):
        texts += [passage.text for passage in passages_of(structure(converted(file), language="es"), embedder, limits)]
        if len(texts) >= COMPARED:
            break
    try:
        return compare_with_fp32(
            embedder, texts[:COMPARED], progress=lambda done: step(round(done * 100), 100, "embedding")
        )
    except ModelError as error:
        if error.code != "extra_missing":
            raise
        return {"left_out": str(error)}
    finally:
        embedder.close()


class _Filled:
    """A library of many passages in a temporary folder, filled when it is first asked for."""

    def __init__(self, source: Path, passages: int, step: Step) -> None:
        self._source, self._passages, self._step = source, passages, step
        self._place: tempfile.TemporaryDirectory[str] | None = None

    def folder(self) -> Path:
        if self._place is None:
            self._place = tempfile.TemporaryDirectory(prefix="lonja-bench-")
            with Library(read_settings(data=Path(self._place.name, "data"))) as library:
                fill(
                    library,
                    self._source,
                    self._passages,
                    lambda done, total: self._step(done, total, "filling the index"),
                )
            self._step(0, None, "measuring")
        return Path(self._place.name, "data")

    def __enter__(self) -> _Filled:
        return self

    def __exit__(self, *_: object) -> None:
        if self._place is not None:
            self._place.cleanup()


def _apart(module: str, *arguments: object) -> Any:
    """Measured in a fresh process, so that nothing that filled the library is counted."""
    ended = subprocess.run(  # noqa: S603
        [sys.executable, "-m", f"search_api.benchmarks.{module}", *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
    )
    if ended.returncode != 0:
        raise LonjaError(f"Measuring the {module} failed: {ended.stderr.strip()[-500:]}", code="bench_failed")
    return json.loads(ended.stdout)
