"""One pack and one reference model for the session; every embedder behind one name."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.embedding.building import ensure_pack
from corpus.embedding.embedder import Embedder
from corpus.embedding.openvino import OpenVinoEmbedder
from corpus.embedding.pack import ModelPack
from corpus.embedding.weights import Weights, installed_data_file, read_weights

with_extra = pytest.mark.skipif(
    importlib.util.find_spec("sentence_transformers") is None,
    reason="the extra lonja[sentence-transformers] is not installed",
)


@pytest.fixture(scope="session")
def weights() -> Weights:
    return read_weights(installed_data_file())


@pytest.fixture(scope="session")
def pack(tmp_path_factory: pytest.TempPathFactory) -> ModelPack:
    return ensure_pack(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="session")
def ours(pack: ModelPack) -> Iterator[Embedder]:
    embedder = OpenVinoEmbedder(pack)
    yield embedder
    embedder.close()


@pytest.fixture(scope="session")
def reference_folder(weights: Weights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    from corpus.embedding.reference import write_sentence_transformers_folder

    folder = tmp_path_factory.mktemp("reference")
    write_sentence_transformers_folder(weights, folder)
    return folder


@pytest.fixture(scope="session")
def reference(reference_folder: Path) -> Iterator[Embedder]:
    import torch

    from corpus.embedding.sentence_transformers import SentenceTransformersEmbedder

    torch.set_num_threads(1)  # its threads wait for each other by spinning, which other tests beside would pay for
    embedder = SentenceTransformersEmbedder(str(reference_folder), device="cpu")
    yield embedder
    embedder.close()


@pytest.fixture(params=["ours", pytest.param("reference", marks=with_extra)])
def embedder(request: pytest.FixtureRequest) -> Embedder:
    found: Embedder = request.getfixturevalue(request.param)
    return found
