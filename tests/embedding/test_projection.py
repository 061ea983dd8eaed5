"""The language-neutral projection: what it takes out, what it keeps, and what the calibration texts are worth."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from corpus.embedding.projection import CALIBRATION_LANGUAGES, LanguageProjection, calibration_texts
from corpus.errors import ModelError

DIMENSIONS = 32


def _subjects_in(languages: dict[str, NDArray[np.float64]], count: int) -> dict[str, NDArray[np.float32]]:
    """The same subjects in each language: a subject's vector, and the language's offset."""
    subjects = np.random.default_rng(5).standard_normal((count, DIMENSIONS))
    moved = {language: subjects + offset for language, offset in languages.items()}
    return {k: (v / np.linalg.norm(v, axis=1, keepdims=True)).astype(np.float32) for k, v in moved.items()}


@pytest.fixture
def vectors() -> dict[str, NDArray[np.float32]]:
    offsets = np.random.default_rng(7).standard_normal((3, DIMENSIONS)) * 2.0
    return _subjects_in(dict(zip(("es", "pt", "ru"), offsets, strict=True)), 40)


def _translation_before_its_own_language(asked: NDArray[np.float32], meant: NDArray[np.float32]) -> float:
    """How often a text's translation is nearer to it than all other texts in its own language."""
    own = asked @ asked.T
    np.fill_diagonal(own, -1.0)
    return float(((asked * meant).sum(axis=1) > own.max(axis=1)).mean())


def test_a_text_finds_its_translation_among_texts_of_its_own_language(vectors: dict[str, NDArray[np.float32]]) -> None:
    projection = LanguageProjection.from_language_means({k: v[:20].mean(axis=0) for k, v in vectors.items()})
    asked, meant = vectors["es"][20:], vectors["ru"][20:]  # others than those behind the means
    assert _translation_before_its_own_language(asked, meant) < 0.3
    assert _translation_before_its_own_language(projection.apply(asked), projection.apply(meant)) > 0.95


def test_what_comes_out_is_normalised_and_has_nothing_of_the_basis(vectors: dict[str, NDArray[np.float32]]) -> None:
    projection = LanguageProjection.from_language_means({k: v.mean(axis=0) for k, v in vectors.items()})
    assert projection.basis.shape == (2, DIMENSIONS)
    neutral = projection.apply(vectors["pt"])
    assert neutral.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(neutral, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(neutral @ projection.basis.T, 0.0, atol=1e-5)
    np.testing.assert_allclose(projection.apply(neutral), neutral, atol=1e-5)
    np.testing.assert_allclose(projection.apply(vectors["pt"][0]), neutral[0], atol=1e-5)


def test_one_language_or_two_alike_take_out_only_what_differs(vectors: dict[str, NDArray[np.float32]]) -> None:
    mean = vectors["es"].mean(axis=0)
    for means in ({"es": mean}, {"es": mean, "ca": mean}):
        projection = LanguageProjection.from_language_means(means)
        assert projection.basis.shape == (0, DIMENSIONS)
        np.testing.assert_allclose(projection.apply(vectors["es"]), vectors["es"], atol=1e-6)


def test_bytes_and_back(vectors: dict[str, NDArray[np.float32]]) -> None:
    projection = LanguageProjection.from_language_means({k: v.mean(axis=0) for k, v in vectors.items()})
    again = LanguageProjection.from_bytes(projection.to_bytes())
    np.testing.assert_array_equal(again.basis, projection.basis)
    np.testing.assert_array_equal(again.typical, projection.typical)
    assert again.scale.spread == pytest.approx(projection.scale.spread)
    assert again.digest == projection.digest
    assert again.digest != LanguageProjection.identity(DIMENSIONS).digest
    empty = LanguageProjection.identity(DIMENSIONS)
    assert LanguageProjection.from_bytes(empty.to_bytes()).basis.shape == (0, DIMENSIONS)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x93NUMPY\x01\x00",
        LanguageProjection(np.ones((2, 4), dtype=np.float32), np.zeros(4, dtype=np.float32)).to_bytes(),
        LanguageProjection(np.eye(2, 4, dtype=np.float32), np.zeros(3, dtype=np.float32)).to_bytes(),
        LanguageProjection.identity(4).to_bytes()[:-3],
    ],
)
def test_bytes_that_are_no_projection(content: bytes) -> None:
    with pytest.raises(ModelError) as caught:
        LanguageProjection.from_bytes(content)
    assert caught.value.code == "bad_projection"


@pytest.mark.parametrize("kind", ["passages", "questions"])
def test_the_calibration_texts_stand_side_by_side(kind: str) -> None:
    by_language = {language: calibration_texts(kind, language) for language in CALIBRATION_LANGUAGES}
    assert {len(texts) for texts in by_language.values()} == {20}
    for texts in by_language.values():
        assert all(text == text.strip() and text for text in texts)
        assert len(set(texts)) == len(texts)
