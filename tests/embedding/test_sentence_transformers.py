"""What only the sentence-transformers embedder does."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from corpus.embedding.benchmark import compare_with_fp32
from corpus.embedding.embedder import Embedder
from corpus.embedding.opening import open_embedder
from corpus.embedding.projection import calibration_texts
from corpus.embedding.weights import Weights
from corpus.errors import BadInput, ModelError

from .conftest import with_extra


def test_without_the_extra_the_error_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch, ours: Embedder) -> None:
    monkeypatch.setitem(sys.modules, "sentence_transformers", None)
    for attempt in (lambda: open_embedder("intfloat/e5-large"), lambda: compare_with_fp32(ours, ["text"])):
        with pytest.raises(ModelError, match="pip install") as caught:
            attempt()
        assert caught.value.code == "extra_missing"


@with_extra
def test_a_folder_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder") as caught:
        open_embedder(str(tmp_path / "none"))
    assert caught.value.code == "model_missing"


@with_extra
def test_a_folder_without_a_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        open_embedder(str(tmp_path))
    assert caught.value.code == "model_missing"


@with_extra
def test_an_e5_without_prompts_gets_those_that_e5_wants(weights: Weights, tmp_path: Path, reference: Embedder) -> None:
    from corpus.embedding.reference import write_sentence_transformers_folder

    texts = ["plazo para el despacho", "regras de origem"]
    folder = tmp_path / "my-e5-model"
    write_sentence_transformers_folder(weights, folder, prompts=None)
    named = open_embedder(str(folder))
    np.testing.assert_allclose(named.embed_query(texts[0]), reference.embed_query(texts[0]), atol=1e-6)
    np.testing.assert_allclose(named.embed_passages(texts), reference.embed_passages(texts), atol=1e-6)

    other = folder.rename(tmp_path / "another-model")
    plain = open_embedder(str(other))
    assert plain.embed_query(texts[0]) @ plain.embed_passages(texts)[0] == pytest.approx(1, abs=1e-5)
    assert plain.max_tokens > named.max_tokens
    assert plain.identity.digest != named.identity.digest


@with_extra
def test_the_comparison_measures_both_on_the_same_texts(ours: Embedder) -> None:
    found = compare_with_fp32(ours, calibration_texts("passages", "pt")[:6], rounds=1)
    assert found.passages == 6
    assert found.ratio == pytest.approx(found.ours_per_second / found.reference_per_second)
    assert 0.998 < found.min_cosine <= found.mean_cosine <= 1


@with_extra
def test_there_is_nothing_to_compare_without_texts(ours: Embedder) -> None:
    with pytest.raises(BadInput):
        compare_with_fp32(ours, [])
