"""A model pack: one folder with a model made ready for our runtime, and a manifest that says what is in it.

::

    lonja-e5-small-2.4/
        manifest.json    what it is, where it comes from, its licence, the SHA-256 of every file beside it
        tokenizer.model  for SentencePiece
        encoder.xml      the graph, for OpenVINO
        encoder.bin      its weights
        projection.npy   the language-neutral projection, made with this model
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.embedding.embedder import PackIdentity
from corpus.errors import ModelError

MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.model"
GRAPH = "encoder.xml"
GRAPH_WEIGHTS = "encoder.bin"
PROJECTION = "projection.npy"
FORMAT = 4
"""Raised when the files of a pack are others, though the vectors are the same."""

_REBUILD = "Run `lonja model --rebuild`, or delete the folder: it is built anew when next needed."


@dataclass(frozen=True, slots=True)
class Source:
    """Where the weights come from."""

    model: str
    licence: str
    package: str
    package_version: str
    package_licence: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What ``manifest.json`` says."""

    format: int
    name: str
    builder: int  # raised when the same source gives other vectors
    digest: str  # of the source and the builder: which vectors come out
    dimensions: int
    positions: int  # tokens of one text, prefix and special tokens among them
    query_prefix: str
    passage_prefix: str
    built_with: Mapping[str, str]  # package -> version
    source: Source
    files: Mapping[str, str]  # name -> SHA-256

    @property
    def identity(self) -> PackIdentity:
        return PackIdentity(self.name, self.digest, self.dimensions)

    def write(self, folder: Path) -> None:
        (folder / MANIFEST).write_text(json.dumps(asdict(self), indent=2) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class ModelPack:
    """A pack whose files were found to be as its manifest says."""

    folder: Path
    manifest: Manifest

    @classmethod
    def load(cls, folder: Path) -> ModelPack:
        """Read the manifest and check every file. Raises ``ModelError``: missing, of another format, or damaged."""
        manifest = read_manifest(folder)
        for name, expected in manifest.files.items():
            path = folder / name
            if not path.is_file():
                raise ModelError(f"The model pack in {folder} has lost {name}.", code="model_damaged", hint=_REBUILD)
            if sha256_of(path) != expected:
                raise ModelError(
                    f"The model pack in {folder} is damaged: {name} is not the file its manifest describes.",
                    code="model_damaged",
                    hint=_REBUILD,
                )
        return cls(folder, manifest)

    def path(self, name: str) -> Path:
        """A file of the pack. Raises ``ModelError`` where the manifest does not list it."""
        if name not in self.manifest.files:
            raise ModelError(f"The model pack in {self.folder} has no {name}.", code="model_damaged", hint=_REBUILD)
        return self.folder / name


def is_pack(folder: Path) -> bool:
    return (folder / MANIFEST).is_file()


def read_manifest(folder: Path) -> Manifest:
    """The manifest, its files not yet checked. Raises ``ModelError``."""
    path = folder / MANIFEST
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"There is no model pack in {folder}.", code="model_missing", hint=_REBUILD) from error
    except (OSError, ValueError) as error:
        raise ModelError(f"{path} cannot be read: {error}.", code="model_damaged", hint=_REBUILD) from error
    try:
        if content["format"] != FORMAT:
            raise ModelError(
                f"The model pack in {folder} has format {content['format']}, and this Lonja reads {FORMAT}.",
                code="model_format",
                hint=_REBUILD,
            )
        return Manifest(**{**content, "source": Source(**content["source"])})
    except (KeyError, TypeError) as error:
        raise ModelError(f"{path} is not a pack's manifest: {error}.", code="model_damaged", hint=_REBUILD) from error


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
