"""Every peer, and Lonja, on the same collections in one run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from tempfile import TemporaryDirectory
from typing import Any

from corpus.embedding.reference import write_sentence_transformers_folder
from corpus.embedding.sentence_transformers import require_extra
from corpus.embedding.weights import installed_data_file, read_weights
from corpus.errors import LonjaError
from corpus.evaluation.collection import Collection, load_collection
from corpus.evaluation.metrics import ndcg_at_10

PROGRAMS = Path(__file__).parent / "programs"
PEERS = (
    "sqlite_fts5",
    "bm25s_plain",
    "sentence_transformers_cosine",
    "haystack_qdrant",
    "chroma",
    "langchain_in_memory",
    "txtai_hybrid",
)
QUIET = {
    "HAYSTACK_TELEMETRY_ENABLED": "False",
    "ANONYMIZED_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "TOKENIZERS_PARALLELISM": "true",
    "PYTHONHASHSEED": "0",
}

Step = Callable[[int, int | None, str], None]


@dataclass(frozen=True, slots=True)
class PeerFigures:
    ndcg: Mapping[str, float]  # nDCG@10 by collection
    passages_per_second: float  # taken in
    query_ms: float  # median
    megabytes: float  # resident at most; of several processes, the sum of what each held at most


def compare_with_peers(
    folders: Sequence[Path], python: Path, step: Step, *, peers: Sequence[str] = PEERS
) -> dict[str, PeerFigures]:
    """Figures by peer, Lonja first. Rates are of all collections together, memory is the largest.

    ``python`` is the interpreter that has the peers. Raises LonjaError where a peer ends with an error, ModelError
    without lonja[sentence-transformers], and BadInput for what is no collection.
    """
    require_extra("The peers' model")
    collections = [load_collection(folder) for folder in folders]
    commands = {"lonja": [sys.executable, "-m", "search_api.benchmarks.peers.lonja"]}
    commands |= {peer: [str(python), str(PROGRAMS / f"{peer}.py")] for peer in peers}
    with TemporaryDirectory(prefix="lonja-peers-") as scratch:
        model = Path(scratch) / "model"
        write_sentence_transformers_folder(read_weights(installed_data_file()), model)
        for collection in collections:
            _write(collection, Path(scratch) / collection.name, model)
        figures = {}
        for done, (peer, command) in enumerate(commands.items()):
            answers = []
            for collection, folder in zip(collections, folders, strict=True):
                step(done, len(commands), f"{peer}, {collection.name}")
                answers.append(_run(peer, command, Path(scratch) / collection.name, folder))
            figures[peer] = _figures(collections, answers)
    return figures


def _write(collection: Collection, folder: Path, model: Path) -> None:
    folder.mkdir()
    (folder / "model").symlink_to(model)
    asked = [{"id": each.id, "text": each.text} for each in collection.answerable]
    passages = [{"id": each.id, "title": each.title, "text": each.text} for each in collection.passages]
    for name, rows in (("passages.jsonl", passages), ("questions.jsonl", asked)):
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text("".join(lines), encoding="utf-8")


def _run(peer: str, command: Sequence[str], folder: Path, collection: Path) -> dict[str, Any]:
    ended = subprocess.run(  # noqa: S603
        [*command, str(folder), str(collection)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, **QUIET},
    )
    if ended.returncode != 0:
        raise LonjaError(f"{peer} failed: {ended.stderr.strip()[-500:]}", code="bench_failed")
    answers: dict[str, Any] = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
    return answers


def _figures(collections: Sequence[Collection], answers: Sequence[Mapping[str, Any]]) -> PeerFigures:
    taken_in = [len(collection.passages) for collection in collections]
    asked = [len(collection.answerable) for collection in collections]
    seconds = [count / each["passages_per_second"] for count, each in zip(taken_in, answers, strict=True)]
    return PeerFigures(
        ndcg={
            collection.name: fmean(
                ndcg_at_10(each["rankings"][question.id], collection.judgements[question.id])
                for question in collection.answerable
            )
            for collection, each in zip(collections, answers, strict=True)
        },
        passages_per_second=sum(taken_in) / sum(seconds),
        query_ms=sum(count * each["query_ms"] for count, each in zip(asked, answers, strict=True)) / sum(asked),
        megabytes=max(each["megabytes"] for each in answers),
    )
