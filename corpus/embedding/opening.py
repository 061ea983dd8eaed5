"""From a setting to an embedder."""

from __future__ import annotations

from pathlib import Path

from corpus.embedding import building
from corpus.embedding.building import Progress
from corpus.embedding.embedder import Embedder
from corpus.embedding.pack import ModelPack, is_pack
from corpus.embedding.projection import LanguageProjection, calibrate


def open_embedder(
    setting: str | None = None,
    *,
    models: Path | None = None,
    threads: int | None = None,
    progress: Progress = lambda _step, _done: None,
) -> Embedder:
    """The embedder that ``setting`` names.

    ``None`` or ``lonja/e5-small``: the model pack under ``models`` (``default_models_folder()`` where that is
    ``None``), built where it is not there yet, telling ``progress``. A folder with a pack: that pack. Anything else: a
    sentence-transformers model, by folder or by name. Raises ``ModelError``.
    """
    if setting is None or setting == building.NAME:
        pack = building.ensure_pack(models or building.default_models_folder(), progress)
    elif is_pack(Path(setting)):
        pack = ModelPack.load(Path(setting))
    else:
        from corpus.embedding.sentence_transformers import SentenceTransformersEmbedder

        return SentenceTransformersEmbedder(setting)
    from corpus.embedding.openvino import OpenVinoEmbedder

    return OpenVinoEmbedder(pack, threads=threads)


def projection_for(embedder: Embedder) -> LanguageProjection:
    """The language-neutral projection of an embedder: its pack's, or made now, which embeds 320 short texts."""
    stored: LanguageProjection | None = getattr(embedder, "projection", None)
    return calibrate(embedder) if stored is None else stored
