"""The old binary container of Office (OLE, "compound file"), read just far enough to tell what is in it.

After [MS-CFB]: a header, a table of the sectors of the table of sectors, the table of sectors, a directory of 128-byte
entries with their names in UTF-16.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END_OF_CHAIN = 0xFFFFFFFA  # this and above: no sector
_MOST_DIRECTORY_SECTORS = 1024


def stream_names(stream: BinaryIO) -> frozenset[str]:
    """Names of the streams and storages in the container; empty where it is damaged."""
    try:
        return frozenset(_names(stream))
    except (struct.error, ValueError, IndexError):
        return frozenset()


def _names(stream: BinaryIO) -> list[str]:
    stream.seek(0)
    header = stream.read(512)
    sector_shift = struct.unpack_from("<H", header, 30)[0]
    first_directory = struct.unpack_from("<I", header, 48)[0]
    if sector_shift not in (9, 12):
        return []
    size = 1 << sector_shift
    table_sectors = [sector for sector in struct.unpack_from("<109I", header, 76) if sector < _END_OF_CHAIN]

    def sector(number: int) -> bytes:
        stream.seek((number + 1) * size)
        return stream.read(size)

    names: list[str] = []
    current, seen = first_directory, set[int]()
    while current < _END_OF_CHAIN and current not in seen and len(seen) < _MOST_DIRECTORY_SECTORS:
        seen.add(current)
        entries = sector(current)
        for offset in range(0, len(entries) - 127, 128):
            length = struct.unpack_from("<H", entries, offset + 64)[0]
            if 2 < length <= 64:
                names.append(entries[offset : offset + length - 2].decode("utf-16-le", errors="replace"))
        table, position = divmod(current, size // 4)
        if table >= len(table_sectors):
            break
        current = struct.unpack_from("<I", sector(table_sectors[table]), position * 4)[0]
    return names
