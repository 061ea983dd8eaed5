"""Building the model pack, once, from the weights that an installed package carries."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from corpus.embedding import pack as packs
from corpus.embedding.pack import Manifest, ModelPack, Source
from corpus.embedding.weights import DATA_FILE, DISTRIBUTION, installed_data_file, read_weights
from corpus.errors import ModelError

NAME = "lonja/e5-small"
BUILDER = 2
"""Raise it whenever a change here or in the graph or the tokenizer gives other vectors: then indexes are built anew."""

MODELS_VARIABLE = "LONJA_MODELS"

Progress = Callable[[str, float], None]
"""Told what is being done, and the fraction of the whole that is behind."""


def default_models_folder() -> Path:
    """``LONJA_MODELS`` where it is set, else the user's cache."""
    named = os.environ.get(MODELS_VARIABLE)
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_cache_dir("lonja", appauthor=False)) / "models"


def pack_folder(models: Path) -> Path:
    """Where the pack of this builder is, or will be."""
    return models / f"{NAME.replace('/', '-')}-{BUILDER}.{packs.FORMAT}"


def ensure_pack(models: Path, progress: Progress = lambda _step, _done: None) -> ModelPack:
    """The pack, built first where it is not there yet. Raises ``ModelError``; a damaged pack is not replaced."""
    folder = pack_folder(models)
    return ModelPack.load(folder) if packs.is_pack(folder) else build_pack(models, progress)


def build_pack(models: Path, progress: Progress = lambda _step, _done: None, *, rebuild: bool = False) -> ModelPack:
    """Build the pack under ``models`` and return it; one that is there already is kept unless ``rebuild`` is set.

    It is built in a folder of its own and then renamed, so that a pack is whole or not there. Several processes may
    call this at once: one builds and the others wait for it.
    """
    folder = pack_folder(models)
    source = installed_data_file()
    try:
        models.mkdir(parents=True, exist_ok=True)
        with _one_builder(folder):
            if packs.is_pack(folder) and not rebuild:
                return ModelPack.load(folder)
            _remove_leftovers(folder)
            unfinished = Path(tempfile.mkdtemp(prefix=_unfinished_prefix(folder), dir=models))
            try:
                _write_pack(source, unfinished, progress)
                if folder.exists():
                    folder.rename(Path(tempfile.mkdtemp(prefix=_unfinished_prefix(folder), dir=models)) / "old")
                unfinished.rename(folder)
            finally:
                _remove_leftovers(folder)
    except ModelError:
        raise
    except Exception as error:  # of a full disk, OpenVINO says nothing narrower than this
        raise ModelError(
            f"The model pack cannot be written to {folder}: {getattr(error, 'strerror', None) or error}.",
            code="model_unwritable",
            hint=f"It needs 100 MB there; {MODELS_VARIABLE} can name another folder.",
        ) from error
    return ModelPack.load(folder)


def _write_pack(source: Path, folder: Path, progress: Progress) -> None:
    from corpus.embedding.graph import build_graph
    from corpus.embedding.runtime import openvino
    from corpus.embedding.tokenizer import build_model

    progress("reading the weights", 0.0)
    weights = read_weights(source)
    source_hash = packs.sha256_of(source)
    progress("building the tokenizer", 0.05)
    (folder / packs.TOKENIZER).write_bytes(build_model(weights.vocabulary))
    progress("building the encoder", 0.5)
    graph = build_graph(weights, lambda done: progress("building the encoder", 0.5 + 0.2 * done))
    openvino.save_model(graph, folder / packs.GRAPH, compress_to_fp16=False)
    manifest = Manifest(
        format=packs.FORMAT,
        name=NAME,
        builder=BUILDER,
        digest=hashlib.sha256(f"{NAME} {BUILDER} {source_hash}".encode()).hexdigest(),
        dimensions=weights.layout.hidden,
        positions=weights.layout.positions,
        query_prefix="query: ",
        passage_prefix="passage: ",
        built_with={name: metadata.version(name) for name in ("openvino", "sentencepiece")},
        source=Source(
            model="intfloat/multilingual-e5-small",
            licence="MIT",
            package=DISTRIBUTION,
            package_version=metadata.version(DISTRIBUTION),
            package_licence="MIT",
            file=DATA_FILE,
            sha256=source_hash,
        ),
        files=_hashes(folder, packs.TOKENIZER, packs.GRAPH, packs.GRAPH_WEIGHTS),
    )
    progress("learning what languages look like", 0.7)
    (folder / packs.PROJECTION).write_bytes(_projection(ModelPack(folder, manifest)))
    replace(manifest, files={**manifest.files, **_hashes(folder, packs.PROJECTION)}).write(folder)
    progress("done", 1.0)


def _projection(pack: ModelPack) -> bytes:
    """Made with the model itself, so it comes last."""
    from corpus.embedding.openvino import OpenVinoEmbedder
    from corpus.embedding.projection import calibrate

    embedder = OpenVinoEmbedder(pack)
    try:
        return calibrate(embedder).to_bytes()
    finally:
        embedder.close()


def _hashes(folder: Path, *names: str) -> dict[str, str]:
    return {name: packs.sha256_of(folder / name) for name in names}


def _unfinished_prefix(folder: Path) -> str:
    return f".{folder.name}.unfinished-"


def _remove_leftovers(folder: Path) -> None:
    """What a killed build left behind. Only the one builder calls this."""
    for leftover in folder.parent.glob(f"{_unfinished_prefix(folder)}*"):
        shutil.rmtree(leftover)


@contextmanager
def _one_builder(folder: Path) -> Iterator[None]:
    """Holds a lock that the system takes back when the process ends, however it ends."""
    import fcntl  # not on Windows, where the weights' package has no build either

    with (folder.parent / f".{folder.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
