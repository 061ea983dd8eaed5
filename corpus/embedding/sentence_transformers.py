"""The embedder for any sentence-transformers model, on CPU or GPU. Needs the extra ``lonja[sentence-transformers]``."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from corpus.embedding.embedder import Matrix, PackIdentity, Vector
from corpus.embedding.text import encodable
from corpus.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_QUERY_PROMPTS = ("query",)
_PASSAGE_PROMPTS = ("passage", "document", "corpus")
_E5_PROMPTS = ("query: ", "passage: ")


class SentenceTransformersEmbedder:
    """Safe to share between threads, which then take turns: the model's tokenizer is not made for several."""

    def __init__(self, model: str, *, device: str | None = None, batch_size: int = 32) -> None:
        """``model``: a folder, or a name on the hub. ``device``: ``cpu``, ``cuda`` ..., the best there is if ``None``.

        Raises ``ModelError``: the extra is not installed, or there is no such model.
        """
        self._model = _load(model, device)
        self._batch_size = batch_size
        self._turn = threading.Lock()
        tokenizer = self._model.tokenizer
        if not getattr(tokenizer, "is_fast", False):
            raise ModelError(
                f"The model {model!r} has no fast tokenizer, so it cannot tell where its tokens are.",
                code="model_unsupported",
                hint="Take a model that comes with a tokenizer.json.",
            )
        self._query_prompt, self._passage_prompt = _prompts(model, self._model)
        self._max_tokens = self._room(self._query_prompt, self._passage_prompt)
        dimensions = self._model.get_embedding_dimension()
        self._identity = PackIdentity(model, self._digest(), dimensions)

    @property
    def identity(self) -> PackIdentity:
        return self._identity

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def token_offsets(self, text: str) -> list[tuple[int, int]]:
        with self._turn:
            return self._offsets(encodable(text))

    def embed_query(self, text: str) -> Vector:
        return np.asarray(self._embed([text], self._query_prompt)[0], np.float32)

    def embed_passages(self, texts: Sequence[str]) -> Matrix:
        if not texts:
            return np.empty((0, self._identity.dimensions), np.float32)
        return self._embed(texts, self._passage_prompt)

    def close(self) -> None:
        """Nothing to give back: the model's memory goes with the object."""

    def _embed(self, texts: Sequence[str], prompt: str) -> Matrix:
        with self._turn:
            found = self._model.encode(
                [self._cut(encodable(text)) for text in texts],
                prompt=prompt,
                batch_size=self._batch_size,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(found, np.float32)

    def _cut(self, text: str) -> str:
        """``text`` up to the last token that fits: models without a limit of their own would take it whole."""
        if len(text) <= self._max_tokens:
            return text
        offsets = self._offsets(text)
        return text if len(offsets) <= self._max_tokens else text[: offsets[self._max_tokens - 1][1]]

    def _offsets(self, text: str) -> list[tuple[int, int]]:
        encoded = self._model.tokenizer(
            text, add_special_tokens=False, return_offsets_mapping=True, truncation=False, verbose=False
        )
        return [(start, end) for start, end in encoded["offset_mapping"]]

    def _room(self, *prompts: str) -> int:
        limit = self._model.max_seq_length or self._model.tokenizer.model_max_length
        special = self._model.tokenizer.num_special_tokens_to_add()
        return int(limit - special) - max(len(self._offsets(prompt)) for prompt in prompts)

    def _digest(self) -> str:
        digest = hashlib.sha256(f"{self._query_prompt}\n{self._passage_prompt}\n{self._max_tokens}\n".encode())
        digest.update(self._model.tokenizer.backend_tokenizer.to_str().encode())
        for name, tensor in sorted(self._model.state_dict().items()):
            digest.update(f"{name} {tensor.dtype} {tuple(tensor.shape)}".encode())
            digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(_bytes_type()).numpy())
        return digest.hexdigest()


def require_extra(what: str) -> None:
    """Raises ``ModelError`` (``extra_missing``), saying that ``what`` needs the extra, where it is not installed."""
    if find_spec("sentence_transformers") is None:
        raise ModelError(
            f"{what} needs sentence-transformers, which is not installed here.",
            code="extra_missing",
            hint="Run: pip install 'lonja[sentence-transformers]'. Without LONJA_MODEL, Lonja uses its own model.",
        )


def _load(model: str, device: str | None) -> SentenceTransformer:
    require_extra(f"The model {model!r}")
    from sentence_transformers import SentenceTransformer

    if _is_path(model) and not Path(model).is_dir():
        raise _not_found(model, "there is no such folder")
    try:
        loaded: SentenceTransformer = SentenceTransformer(model, device=device)
    except (OSError, ValueError, RuntimeError) as error:
        raise _not_found(model, str(error).strip().splitlines()[0] if str(error).strip() else repr(error)) from error
    return loaded


def _not_found(model: str, why: str) -> ModelError:
    return ModelError(
        f"The model {model!r} cannot be loaded: {why}.",
        code="model_missing",
        hint=(
            "LONJA_MODEL takes a folder with a model pack, a folder with a sentence-transformers model, or the name of "
            "one on a hub that this machine reaches."
        ),
    )


def _is_path(model: str) -> bool:
    """A name on a hub is ``name`` or ``owner/name``."""
    return model.startswith((".", "/", "~", "\\")) or ":" in model or model.count("/") > 1


def _prompts(name: str, model: SentenceTransformer) -> tuple[str, str]:
    """What goes before a question and before a passage: as the model's own configuration says, or as E5 wants it."""
    configured = {key: text for key, text in (model.prompts or {}).items() if text}
    if configured:
        return _first(configured, _QUERY_PROMPTS), _first(configured, _PASSAGE_PROMPTS)
    return _E5_PROMPTS if "e5" in Path(name).name.lower().replace("_", "-").split("-") else ("", "")


def _first(prompts: dict[str, str], names: tuple[str, ...]) -> str:
    return next((prompts[name] for name in names if name in prompts), "")


def _bytes_type() -> object:
    import torch

    return torch.uint8
