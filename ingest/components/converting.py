"""A file becomes a converted document."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from haystack import component, default_to_dict

from ingest.converted import ConvertedDocument
from ingest.isolation import convert_isolated
from ingest.limits import Limits


@component
class FileConverter:
    """Converts a file in an isolated child process (:mod:`ingest.isolation`).

    ```python
    FileConverter().run(path="data/originals/ab/cdef", file_name="informe.pdf")["converted"]
    ```
    """

    def __init__(self, limits: dict[str, Any] | None = None) -> None:
        """``limits``: fields of :class:`ingest.limits.Limits` that differ from the usual."""
        self._limits = Limits(**(limits or {}))

    def to_dict(self) -> dict[str, Any]:
        return default_to_dict(self, limits=asdict(self._limits))

    @component.output_types(converted=ConvertedDocument)
    def run(
        self, path: str, file_name: str, on_progress: Callable[[int, int | None], None] | None = None
    ) -> dict[str, ConvertedDocument]:
        """Raises DocumentError; the pipeline wraps it in its own error (see ``ingest.pipeline.run_pipeline``)."""
        converted = convert_isolated(Path(path), file_name=file_name, limits=self._limits, on_progress=on_progress)
        return {"converted": converted}
