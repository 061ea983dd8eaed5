"""Language-neutral vectors: what only tells the language of a text is taken out of its vector.

Yang et al. 2021, "A Simple and Effective Method To Eliminate the Self Language Bias in Multilingual Representations":
vectors are projected onto the orthogonal complement of the subspace that the differences of the languages' means span.

Where the means come from decides. Means of whatever happens to be indexed mix language with subject, wherever the
documents in one language speak of other things than those in another, and the projection then takes the subject out.
So the means are those of texts that say the same in every language (``calibration/``, twenty passages and twenty
questions, line by line). ``docs/relevance.md`` has the figures.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable

import numpy as np
from numpy.typing import NDArray

from corpus.embedding.embedder import Embedder, Matrix
from corpus.errors import ModelError

CALIBRATION_LANGUAGES = ("de", "en", "es", "fr", "it", "pt", "ru", "zh")


@dataclass(frozen=True, slots=True)
class CosineScale:
    """What a cosine of neutral vectors means with this model, measured on texts that are unrelated."""

    level: float  # the mean cosine of a question and an unrelated passage
    spread: float  # the standard deviation of one question's cosines with unrelated passages, above 0


E5_SCALE = CosineScale(level=0.78, spread=0.025)
"""Of multilingual-e5-small, for a projection that was not calibrated."""


@dataclass(frozen=True, eq=False)
class LanguageProjection:
    """Takes the span of ``basis`` out of vectors; knows what their cosines mean then.

    ``basis`` has shape (k, dimensions), its rows orthonormal, float32. With k = 0 nothing is taken out. ``typical`` has
    shape (dimensions,): the mean of neutral passages about all sorts of things, zeros where it was not measured.
    """

    basis: NDArray[np.float32]
    typical: NDArray[np.float32]
    scale: CosineScale = E5_SCALE

    def apply(self, vectors: Matrix) -> Matrix:
        """Vectors of shape (n, dimensions) or (dimensions,), projected and again L2-normalised. The input stays."""
        projected = vectors - (vectors @ self.basis.T) @ self.basis
        norms = np.linalg.norm(projected, axis=-1, keepdims=True)
        return np.asarray(projected / np.maximum(norms, np.finfo(np.float32).tiny), dtype=np.float32)

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the bytes that :meth:`to_bytes` gives."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """Three arrays in the .npy format, one after the other: the same bytes for the same values everywhere."""
        buffer = io.BytesIO()
        for array in (self.basis, self.typical, np.array([self.scale.level, self.scale.spread])):
            np.lib.format.write_array(buffer, np.ascontiguousarray(array, dtype="<f4"), version=(1, 0))
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> LanguageProjection:
        """
        Raises:
            ModelError: these are not the bytes of a projection.
        """
        buffer = io.BytesIO(content)
        try:
            basis, typical, scale = (np.lib.format.read_array(buffer, allow_pickle=False) for _ in range(3))
        except (ValueError, EOFError) as error:
            raise ModelError(f"The language-neutral projection is damaged: {error}.", code="bad_projection") from error
        if {array.dtype for array in (basis, typical, scale)} != {np.dtype("<f4")} or not (
            basis.ndim == 2 and typical.shape == basis.shape[1:] and scale.shape == (2,) and _is_orthonormal(basis)
        ):
            raise ModelError("The language-neutral projection is not an orthonormal basis.", code="bad_projection")
        return cls(basis, typical, CosineScale(float(scale[0]), float(scale[1])))

    @classmethod
    def identity(cls, dimensions: int) -> LanguageProjection:
        """Changes nothing: for a model without a bias to its own language, or a library in one language."""
        return cls(np.zeros((0, dimensions), dtype=np.float32), np.zeros(dimensions, dtype=np.float32))

    @classmethod
    def from_language_means(cls, means: Mapping[str, NDArray[np.floating]]) -> LanguageProjection:
        """Takes out the span of the differences of the languages' mean vectors: k is one less than the languages.

        The texts behind the means should say the same in every language.
        """
        if len(means) < 2:
            dimensions = next((len(mean) for mean in means.values()), 0)
            return cls.identity(dimensions)
        stacked = np.stack([np.asarray(means[language], dtype=np.float64) for language in sorted(means)])
        _, strengths, directions = np.linalg.svd(stacked - stacked.mean(axis=0), full_matrices=False)
        # The centred means span one dimension less than there are languages; two alike languages span fewer still.
        rank = int((strengths > strengths[0] * 1e-6).sum()) if strengths[0] > 0 else 0
        return cls(directions[:rank].astype(np.float32), np.zeros(stacked.shape[1], dtype=np.float32))


def calibrate(embedder: Embedder, languages: Sequence[str] = CALIBRATION_LANGUAGES) -> LanguageProjection:
    """The projection of this embedder, from the calibration texts. 320 short texts are embedded.

    A language's mean is over passages embedded as passages and questions embedded as questions, each half the weight:
    what tells a language differs a little between the two, and both are searched with.
    """
    passages = {each: embedder.embed_passages(calibration_texts("passages", each)) for each in languages}
    questions = {
        each: np.stack([embedder.embed_query(text) for text in calibration_texts("questions", each)])
        for each in languages
    }
    projection = LanguageProjection.from_language_means(
        {
            each: passages[each].mean(axis=0, dtype=np.float64) + questions[each].mean(axis=0, dtype=np.float64)
            for each in languages
        }
    )
    neutral_passages = projection.apply(np.concatenate(list(passages.values())))
    cosines = projection.apply(np.concatenate(list(questions.values()))) @ neutral_passages.T
    scale = CosineScale(float(cosines.mean()), float(cosines.std(axis=1).mean()))
    return replace(projection, typical=neutral_passages.mean(axis=0), scale=scale)


def calibration_texts(kind: str, language: str) -> list[str]:
    """``kind`` is "passages" or "questions". The texts at one place say the same in every language."""
    folder: Traversable = files("corpus.embedding") / "calibration" / kind
    return (folder / f"{language}.txt").read_text(encoding="utf-8").splitlines()


def _is_orthonormal(basis: NDArray[np.float32]) -> bool:
    return bool(np.allclose(basis @ basis.T, np.eye(len(basis)), atol=1e-4))
