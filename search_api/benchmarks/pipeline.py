"""Whole-pipeline ingest against the embedding of the very same passages alone, in turn, in one run."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from corpus.indexing import EVERYTHING
from corpus.library import Library
from corpus.passage_text import embedding_text
from corpus.settings import read_settings
from ingest.run import IngestOptions, run
from search_api.benchmarks.texts import write_files

ROUNDS = 3
TOGETHER = 64


@dataclass(frozen=True, slots=True)
class PipelineFigures:
    documents: int
    passages: int
    ingested_per_second: float  # passages, from files on the disk to found
    embedded_per_second: float  # the same passages, by the embedder alone
    ratio: float


def measure_pipeline(source: Path, documents: int = 300) -> PipelineFigures:
    """Takes ``documents`` files of ``source`` through the pipeline in rounds, and after each embeds its passages."""
    each = documents // ROUNDS
    ingesting = embedding = 0.0
    passages = 0
    with tempfile.TemporaryDirectory(prefix="lonja-bench-") as folder:
        place = Path(folder)
        with Library(read_settings(data=place / "data")) as library:
            _warm(library, source, place)
            for number in range(ROUNDS):
                files = write_files(source, place / f"files-{number}", each, skip=1 + number * each)
                start = time.perf_counter()
                report = run(library, files, IngestOptions())
                ingesting += time.perf_counter() - start
                texts = [text for event in report.events if event.document for text in _texts(library, event.document)]
                start = time.perf_counter()
                for at in range(0, len(texts), TOGETHER):
                    library.embedder.embed_passages(texts[at : at + TOGETHER])
                embedding += time.perf_counter() - start
                passages += len(texts)
    return PipelineFigures(
        documents=each * ROUNDS,
        passages=passages,
        ingested_per_second=round(passages / ingesting, 2),
        embedded_per_second=round(passages / embedding, 2),
        ratio=round(embedding / ingesting, 3),
    )


def _warm(library: Library, source: Path, place: Path) -> None:
    """Imports, the model and the converter's process are there before the clock runs."""
    run(library, write_files(source, place / "first", 1), IngestOptions())


def _texts(library: Library, document_id: str) -> list[str]:
    document = library.catalog.documents.get(document_id, EVERYTHING)
    if document.current_version is None:
        return []
    stored = library.catalog.passages.of_version(document.current_version)
    return [embedding_text(document.facts.title, each.passage) for each in stored]
