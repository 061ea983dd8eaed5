"""Our embedder beside sentence-transformers (torch, fp32) on the same passages, in one run."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.embedding.embedder import Embedder, Matrix
from corpus.embedding.reference import write_sentence_transformers_folder
from corpus.embedding.sentence_transformers import SentenceTransformersEmbedder, require_extra
from corpus.embedding.weights import installed_data_file, read_weights
from corpus.errors import BadInput

_AT_ONCE = 32  # what sentence-transformers takes in one batch unless told otherwise


@dataclass(frozen=True, slots=True)
class EmbedderComparison:
    """Rates are of the fastest round of each batch, so that what else the machine did weighs little on either side."""

    passages: int
    tokens_per_passage: float  # mean, without prefix and special tokens
    ours_per_second: float
    reference_per_second: float
    ratio: float
    our_query_ms: float
    reference_query_ms: float
    mean_cosine: float  # of our vectors to those of fp32
    min_cosine: float


def compare_with_fp32(
    embedder: Embedder,
    texts: Sequence[str],
    *,
    rounds: int = 3,
    progress: Callable[[float], None] = lambda _: None,
) -> EmbedderComparison:
    """Embed ``texts`` with both, batch by batch in turn, ``rounds`` times over.

    ``embedder`` runs the default model pack; its weights, dequantised, are the reference. Raises ``ModelError`` with
    the code ``extra_missing`` where sentence-transformers is not installed, and ``BadInput`` without texts.
    """
    if not texts:
        raise BadInput("There are no passages to compare embedders on.")
    require_extra("The fp32 reference")
    batches = [texts[start : start + _AT_ONCE] for start in range(0, len(texts), _AT_ONCE)]
    with tempfile.TemporaryDirectory(prefix="lonja-reference-") as folder:
        write_sentence_transformers_folder(read_weights(installed_data_file()), Path(folder))
        reference = SentenceTransformersEmbedder(folder, device="cpu", batch_size=_AT_ONCE)
        ours, theirs = _Timed(embedder, len(batches)), _Timed(reference, len(batches))
        for engine in (ours, theirs):
            engine.embedder.embed_passages(batches[0][:2])  # the first one also compiles and allocates
        for round_ in range(rounds):
            for number, batch in enumerate(batches):
                # Who goes second finds the machine warmer, so they change places.
                for engine in (ours, theirs) if (round_ + number) % 2 == 0 else (theirs, ours):
                    engine.embed(number, batch)
                progress((round_ * len(batches) + number + 1) / (rounds * len(batches)))
        query = min(texts, key=len)[:60]
        query_times = [engine.query_seconds(query) for engine in (ours, theirs)]
    cosines = np.sum(ours.matrix() * theirs.matrix(), axis=1)
    return EmbedderComparison(
        passages=len(texts),
        tokens_per_passage=float(np.mean([len(embedder.token_offsets(text)) for text in texts])),
        ours_per_second=len(texts) / sum(ours.seconds),
        reference_per_second=len(texts) / sum(theirs.seconds),
        ratio=sum(theirs.seconds) / sum(ours.seconds),
        our_query_ms=query_times[0] * 1000,
        reference_query_ms=query_times[1] * 1000,
        mean_cosine=float(cosines.mean()),
        min_cosine=float(cosines.min()),
    )


class _Timed:
    """An embedder, its fastest time for each batch and its vectors."""

    def __init__(self, embedder: Embedder, batches: int) -> None:
        self.embedder = embedder
        self.seconds = [float("inf")] * batches
        self._vectors: dict[int, Matrix] = {}

    def embed(self, number: int, batch: Sequence[str]) -> None:
        seconds, self._vectors[number] = _timed(lambda: self.embedder.embed_passages(batch))
        self.seconds[number] = min(self.seconds[number], seconds)

    def query_seconds(self, text: str, times: int = 20) -> float:
        """The median."""
        return float(np.median([_timed(lambda: self.embedder.embed_query(text))[0] for _ in range(times)]))

    def matrix(self) -> Matrix:
        return np.concatenate([self._vectors[number] for number in sorted(self._vectors)])


def _timed(work: Callable[[], Matrix]) -> tuple[float, Matrix]:
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result
