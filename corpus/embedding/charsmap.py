"""The table of characters by which SentencePiece normalises.

Its form: the size of a trie in bytes, the trie as a double array of Darts-clone units, and the
replacements, each ended by NUL. See Aoe 1989, "An Efficient Digital Search Algorithm by Using a Double-Array
Structure", and the units' bits in https://github.com/s-yata/darts-clone.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping

_LEAF_VALUE = 1 << 31
_HAS_LEAF = 1 << 8
_FAR = 1 << 9
_NEAR_LIMIT = 1 << 21
_BLOCK = 256
_OPEN_BLOCKS = 2  # how far back free places are looked for; further back they are few


def build_charsmap(replacements: Mapping[str, str]) -> bytes:
    """The table that turns each key into its value. Keys and values must be free of NUL."""
    normalised = bytearray()
    places: dict[str, int] = {}
    keys: list[tuple[bytes, int]] = []
    for source, target in replacements.items():
        if target not in places:
            places[target] = len(normalised)
            normalised += target.encode() + b"\0"
        keys.append((source.encode(), places[target]))
    units = _DoubleArray(sorted(keys)).units
    return struct.pack(f"<I{len(units)}I", 4 * len(units), *units) + bytes(normalised)


class _DoubleArray:
    """A trie over byte strings in which node ``n``'s child by label ``c`` is unit ``offset(n) ^ c``."""

    def __init__(self, keys: list[tuple[bytes, int]]) -> None:
        self.units = [0] * _BLOCK
        self._used = [False] * _BLOCK
        self._first_free = 1
        self._offsets: set[int] = set()  # two nodes with one offset would take each other's children for their own
        self._used[0] = True
        self._place(0, keys, 0)

    def _place(self, node: int, keys: list[tuple[bytes, int]], depth: int) -> None:
        """Give ``node`` its children: one a label that follows at ``depth``, or a value where a key ends there."""
        children: dict[int, list[tuple[bytes, int]]] = {}
        for key, value in keys:
            children.setdefault(key[depth] if depth < len(key) else 0, []).append((key, value))
        offset = self._free_offset(node, sorted(children))
        relative = node ^ offset
        self.units[node] |= relative << 10 if relative < _NEAR_LIMIT else (relative << 2) | _FAR
        for label, below in children.items():
            child = offset ^ label
            if label == 0:
                self.units[node] |= _HAS_LEAF
                self.units[child] = below[0][1] | _LEAF_VALUE
            else:
                self.units[child] = label
        for label, below in children.items():
            if label:
                self._place(offset ^ label, below, depth + 1)

    def _free_offset(self, node: int, labels: list[int]) -> int:
        self._first_free = max(self._first_free, len(self.units) - _OPEN_BLOCKS * _BLOCK)
        while self._used[self._first_free]:
            self._first_free += 1
            self._grow_to(self._first_free)
        candidate = self._first_free
        while True:
            offset = candidate ^ labels[0]
            self._grow_to(max(offset ^ label for label in labels))
            relative = node ^ offset
            fits = relative < _NEAR_LIMIT or relative % _BLOCK == 0
            if (
                offset
                and fits
                and offset not in self._offsets
                and not any(self._used[offset ^ label] for label in labels)
            ):
                for label in labels:
                    self._used[offset ^ label] = True
                self._offsets.add(offset)
                return offset
            candidate += 1

    def _grow_to(self, index: int) -> None:
        while index >= len(self.units):
            self.units.extend([0] * _BLOCK)
            self._used.extend([False] * _BLOCK)
