"""The way of a file to its embedded passages, as a Haystack pipeline.

    convert -> structure -> split -> tell -> embed
          \\______________________\\______/
                     guess (title, kind, date, countries, HS codes)

Importing this module takes more than a second (Haystack): only what ingests does so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from corpus.documents import Passage
from corpus.embedding.embedder import Embedder, Matrix
from corpus.errors import LonjaError
from ingest.components import (
    Document,
    FactGuesser,
    FileConverter,
    LanguageMarker,
    PassageEmbedder,
    PassageSplitter,
    Pipeline,
    Structurer,
    to_passage,
)
from ingest.components.models import use_embedder
from ingest.converted import ConvertedDocument
from ingest.guesses import Guesses
from ingest.passages import PassageLimits

OnProgress = Callable[[int, int | None], None]


@dataclass(frozen=True, slots=True)
class PreparedDocument:
    """What the pipeline made of a file."""

    converted: ConvertedDocument
    passages: tuple[Passage, ...]
    guesses: Guesses
    vectors: Matrix | None = None  # (len(passages), dimensions), raw; None where the pipeline does not embed


def build_pipeline(
    model: str,
    *,
    conversion_limits: dict[str, Any] | None = None,
    passage_limits: PassageLimits | None = None,
    languages: list[str] | None = None,
    embed: bool = True,
) -> Pipeline:
    """The pipeline for the embedder called ``model`` (as ``corpus.embedding.opening.open_embedder`` takes it, or as it
    was given to ``use_embedder``). Without ``embed`` it ends with passages whose language is told.

    Without ``passage_limits`` they are the usual ones for the model.
    """
    pipeline = Pipeline()
    pipeline.add_component("convert", FileConverter(conversion_limits))
    pipeline.add_component("structure", Structurer())
    pipeline.add_component("split", PassageSplitter(model, None if passage_limits is None else asdict(passage_limits)))
    pipeline.add_component("tell", LanguageMarker(languages))
    pipeline.add_component("guess", FactGuesser())
    pipeline.connect("convert.converted", "structure.converted")
    pipeline.connect("structure.sections", "split.sections")
    pipeline.connect("structure.language", "split.language")
    pipeline.connect("split.documents", "tell.documents")
    pipeline.connect("convert.converted", "tell.converted")
    pipeline.connect("convert.converted", "guess.converted")
    pipeline.connect("tell.documents", "guess.documents")
    if embed:
        room = {} if passage_limits is None else {"prefix_characters": passage_limits.prefix_characters}
        pipeline.add_component("embed", PassageEmbedder(model, **room))
        pipeline.connect("tell.documents", "embed.documents")
        pipeline.connect("guess.title", "embed.title")
    return pipeline


def load_pipeline(text: str) -> Pipeline:
    """The pipeline that ``Pipeline.dumps`` wrote. Haystack builds our components only when told that it may."""
    pipeline: Pipeline = Pipeline.loads(text, allowed_modules=["ingest.components"])
    return pipeline


def run_pipeline(
    pipeline: Pipeline, path: Path, *, file_name: str, title: str | None = None, on_progress: OnProgress | None = None
) -> PreparedDocument:
    """One file through ``pipeline``. ``title``: what somebody calls it, where somebody does.

    Raises DocumentError for what is wrong with the file, ModelError for the model.
    """
    from haystack.core.errors import PipelineRuntimeError

    inputs = {
        "convert": {"path": str(path), "file_name": file_name, "on_progress": on_progress},
        "guess": {"file_name": file_name, "title": title},
    }
    try:
        results = pipeline.run(inputs, include_outputs_from={"convert", "tell", "guess"})
    except PipelineRuntimeError as error:
        if isinstance(error.__cause__, LonjaError):
            raise error.__cause__ from None
        raise
    documents: list[Document] = results["tell"]["documents"]
    return PreparedDocument(
        converted=results["convert"]["converted"],
        passages=tuple(to_passage(document) for document in documents),
        guesses=results["guess"]["guesses"],
        vectors=_matrix(results["embed"]["documents"]) if "embed" in results else None,
    )


def _matrix(documents: list[Document]) -> Matrix:
    if not documents:
        return np.zeros((0, 0), np.float32)
    return np.array([document.embedding for document in documents], np.float32)


class Ingestion:
    """The pipeline for one embedder. Safe for threads: conversions run in processes of their own."""

    def __init__(self, embedder: Embedder, *, limits: PassageLimits | None = None, embed: bool = True) -> None:
        """Without ``embed`` documents are prepared up to their passages: whoever embeds does so for many at once."""
        self._model = f"{embedder.identity.name}@{embedder.identity.digest[:12]}"
        use_embedder(self._model, embedder)
        self._embed = embed
        self._limits = limits or PassageLimits.for_model(embedder)

    @property
    def limits(self) -> PassageLimits:
        return self._limits

    def prepare(
        self, path: Path, *, file_name: str, title: str | None = None, on_progress: OnProgress | None = None
    ) -> PreparedDocument:
        """As :func:`run_pipeline`. Raises DocumentError where the file cannot be taken in."""
        pipeline = build_pipeline(self._model, passage_limits=self._limits, embed=self._embed)
        return run_pipeline(pipeline, path, file_name=file_name, title=title, on_progress=on_progress)
