"""The embedder that runs a model pack on OpenVINO, on any CPU."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from queue import SimpleQueue
from typing import Any

import numpy as np

from corpus.embedding import pack as packs
from corpus.embedding.embedder import Matrix, PackIdentity, Vector
from corpus.embedding.graph import TOKENS
from corpus.embedding.pack import ModelPack
from corpus.embedding.projection import LanguageProjection
from corpus.embedding.runtime import openvino as ov
from corpus.embedding.tokenizer import Tokenizer
from corpus.errors import ModelError

_COLUMNS_A_SCALE = 128  # measured: docs/decisions/0003-embedding-runtime.md
_COMPILED_SHAPES = 128  # of 5000 in OpenVINO: every length of text that it has compiled for keeps 1.2 MB
_FOR_QUESTIONS = 1  # requests beyond those that passages can take: a question waits for one passage, not for a queue


class OpenVinoEmbedder:
    """Each text on one core, as many at once as there are cores. Safe to share between threads."""

    def __init__(self, pack: ModelPack, *, threads: int | None = None) -> None:
        """``threads``: how many to use, all that this process may use where it is ``None``."""
        self._pack = pack
        self._manifest = pack.manifest
        threads = threads or _usable_cores()
        self._workers = ThreadPoolExecutor(threads, thread_name_prefix="embed")
        try:
            compiling = self._workers.submit(_Requests, pack, threads)  # half a second, in the tokenizer's shadow
            self._tokenizer = Tokenizer(pack.path(packs.TOKENIZER).read_bytes())
            self._requests = compiling.result()
        except Exception as error:  # of a damaged file, OpenVINO and SentencePiece say nothing narrower than this
            self._workers.shutdown()
            raise ModelError(
                f"The model pack in {pack.folder} cannot be loaded: {error}", code="model_unloadable"
            ) from error
        self._query_prefix = self._tokenizer.ids(self._manifest.query_prefix)
        self._passage_prefix = self._tokenizer.ids(self._manifest.passage_prefix)

    @property
    def identity(self) -> PackIdentity:
        return self._manifest.identity

    @cached_property
    def projection(self) -> LanguageProjection:
        """The pack's. Raises ``ModelError`` where the pack is not finished and has none yet."""
        return LanguageProjection.from_bytes(self._pack.path(packs.PROJECTION).read_bytes())

    @property
    def max_tokens(self) -> int:
        longest_prefix = max(len(self._query_prefix), len(self._passage_prefix))
        return self._manifest.positions - longest_prefix - 2

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        return self._tokenizer.offsets(text)

    def embed_query(self, text: str) -> Vector:
        return self._requests.infer(self._tokens(self._query_prefix, text))

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        vectors = np.empty((len(texts), self._manifest.dimensions), np.float32)
        tokens = list(self._workers.map(lambda text: self._tokens(self._passage_prefix, text), texts))
        # The longest first, so that no core is left alone with one at the end.
        order = sorted(range(len(texts)), key=lambda index: -len(tokens[index]))
        found = self._workers.map(lambda index: self._requests.infer(tokens[index]), order)
        for index, vector in zip(order, found, strict=True):
            vectors[index] = vector
        return vectors

    def close(self) -> None:
        self._workers.shutdown(cancel_futures=True)

    def _tokens(self, prefix: list[int], text: str) -> list[int]:
        words = self._tokenizer.ids(text)[: self.max_tokens]
        return [self._tokenizer.start, *prefix, *words, self._tokenizer.end]


class _Requests:
    """A compiled model and its requests, each on one thread. A caller has one to itself while it runs.

    One thread a text: more gain nothing on a question and lose on passages (docs/decisions/0003-embedding-runtime.md).
    """

    def __init__(self, pack: ModelPack, threads: int) -> None:
        core = ov.Core()
        capabilities = core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        settings: dict[str, Any] = {
            "NUM_STREAMS": threads,
            "INFERENCE_NUM_THREADS": threads,
            "INFERENCE_PRECISION_HINT": "bf16" if "BF16" in capabilities else "f32",
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": _COLUMNS_A_SCALE,
            "CPU_RUNTIME_CACHE_CAPACITY": _COMPILED_SHAPES,
            "ENABLE_CPU_PINNING": False,  # other processes of ours use the same cores
        }
        compiled = core.compile_model(core.read_model(pack.path(packs.GRAPH)), "CPU", settings)
        self._idle: SimpleQueue[ov.InferRequest] = SimpleQueue()
        for _ in range(threads + _FOR_QUESTIONS):
            self._idle.put(compiled.create_infer_request())
        # OpenVINO's binding sets itself up for arrays on the first tensor that it touches. Two threads that do so at
        # once lock each other out for good (seen with 2026.4: one holds the interpreter's lock and waits for the
        # other, which waits for that lock), so the first tensor is touched here, by one thread.
        self.infer([0, 0])

    def infer(self, tokens: list[int]) -> Vector:
        request = self._idle.get()
        try:
            found = request.infer({TOKENS: np.array([tokens], np.int32)})
            return np.array(found[0][0], np.float32)
        finally:
            self._idle.put(request)


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
