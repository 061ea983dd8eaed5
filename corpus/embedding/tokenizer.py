"""The tokenizer of XLM-RoBERTa: SentencePiece with a unigram vocabulary (Kudo 2018).

SentencePiece holds the 250,000 pieces in 60 MB and reads seven times as fast as the package ``tokenizers``, which takes
300 MB for them and finds the same tokens (docs/decisions/0003-embedding-runtime.md).
"""

from __future__ import annotations

import struct
import unicodedata
from collections.abc import Iterator

from sentencepiece import SentencePieceProcessor

from corpus.embedding.charsmap import build_charsmap
from corpus.embedding.text import encodable
from corpus.embedding.weights import Vocabulary

_UNKNOWN, _CONTROL = 2, 3  # kinds of pieces; 1 is a normal one
_UNIGRAM = 1
_VARINT, _BYTES, _FOUR_BYTES = 0, 2, 5  # wire types of protocol buffers


class Tokenizer:
    """Safe for threads. Any string will do: what cannot be written as UTF-8 counts as U+FFFD."""

    def __init__(self, model: bytes) -> None:
        """``model`` is what :func:`build_model` made. Raises RuntimeError where it is damaged."""
        self._pieces = SentencePieceProcessor()
        self._pieces.LoadFromSerializedProto(model)
        self.start: int = self._pieces.bos_id()
        self.end: int = self._pieces.eos_id()

    def ids(self, text: str) -> list[int]:
        """Without those of the start and the end."""
        found: list[int] = self._pieces.Encode(_plain(text))
        return found

    def pieces(self, text: str) -> list[str]:
        found: list[str] = self._pieces.Encode(_plain(text), return_type=str)
        return found

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """From where to where each token reaches in ``text``, in characters; the space before a word is not its."""
        plain = _plain(text)
        found = self._pieces.Encode(plain, return_type="offset_mapping")["offsets"]
        offsets = [(_after_space(plain, start, end), end) for start, end in found]
        if plain == text:
            return offsets
        origins = _origins(text, plain)
        return [(origins[start], origins[end]) for start, end in offsets]


def build_model(vocabulary: Vocabulary) -> bytes:
    """SentencePiece's ``ModelProto``: pieces, scores and normalisation as in the source.

    Its fields are those of https://github.com/google/sentencepiece/blob/master/src/sentencepiece_model.proto.
    """
    kinds = {vocabulary.unknown: _UNKNOWN} | dict.fromkeys((vocabulary.bos, vocabulary.eos, vocabulary.pad), _CONTROL)
    kinds[len(vocabulary.pieces) - 1] = _CONTROL  # <mask>
    pieces = b"".join(
        _bytes(1, _bytes(1, piece.encode()) + _float(2, score) + (_number(3, kinds[at]) if at in kinds else b""))
        for at, (piece, score) in enumerate(zip(vocabulary.pieces, vocabulary.scores.tolist(), strict=True))
    )
    trainer = b"".join(
        _number(field, value)
        for field, value in (
            (3, _UNIGRAM),
            (40, vocabulary.unknown),
            (41, vocabulary.bos),
            (42, vocabulary.eos),
            (43, vocabulary.pad),
        )
    )
    charsmap = build_charsmap({chr(source): target for source, target in vocabulary.normalisation.items()})
    dummy_prefix, no_extra_spaces, escaped_spaces = _number(3, 1), _number(4, 1), _number(5, 1)
    normaliser = _bytes(2, charsmap) + dummy_prefix + no_extra_spaces + escaped_spaces
    return pieces + _bytes(2, trainer) + _bytes(3, normaliser)


def _plain(text: str) -> str:
    """The source's map knows single characters. XLM-RoBERTa's own also joins a letter and its accents (NFKC), so NFC
    goes before. NUL, which no map of NUL-ended strings can hold, is dropped."""
    return unicodedata.normalize("NFC", encodable(text).replace("\0", ""))


def _after_space(text: str, start: int, end: int) -> int:
    while start < end and text[start].isspace():
        start += 1
    return start


def _origins(text: str, plain: str) -> list[int]:
    """Where in ``text`` each place of ``plain`` was, its end included.

    A letter and the marks after it are composed apart from the next one. What composes across that (Hangul in parts,
    some vowels of India) shifts what follows by a few characters, and no place leaves the text.
    """
    places: list[int] = []
    for start, end in _clusters(text):
        places += [start] * len(_plain(text[start:end]))
    places += [len(text)] * (len(plain) + 1 - len(places))
    return [*places[: len(plain)], len(text)]


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for at in range(1, len(text)):
        if not unicodedata.combining(text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3 | _VARINT) + _varint(value)


def _float(field: int, value: float) -> bytes:
    return _varint(field << 3 | _FOUR_BYTES) + struct.pack("<f", value)


def _bytes(field: int, value: bytes) -> bytes:
    return _varint(field << 3 | _BYTES) + _varint(len(value)) + value


def _varint(value: int) -> bytes:
    """Seven bits a byte, the lowest first; the highest bit says that there are more."""
    written = bytearray()
    while value > 0x7F:
        written.append(value & 0x7F | 0x80)
        value >>= 7
    written.append(value)
    return bytes(written)
