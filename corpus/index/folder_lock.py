"""One owner for a folder: a lock that the system takes back when its holder dies, however that happens."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from corpus.errors import Conflict

if sys.platform == "win32":
    import msvcrt

    def _take(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


_PAUSE = 0.02  # seconds between two tries


def _refusal(file: int) -> OSError | None:
    try:
        _take(file)
    except OSError as error:
        return error
    return None


class FolderLock:
    """Held from construction to :meth:`release`.

    Raises Conflict where somebody else holds it, and goes on holding it for ``patience`` seconds.
    """

    def __init__(self, folder: Path, patience: float = 0.0) -> None:
        self._file = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        deadline = time.monotonic() + patience
        while error := _refusal(self._file):
            if time.monotonic() < deadline:
                time.sleep(_PAUSE)
                continue
            os.close(self._file)
            raise Conflict(
                f"The index in {folder} is open in another process.",
                code="index_in_use",
                hint="Stop that process or ask the running service; a Qdrant server (LONJA_QDRANT_URL) takes many.",
            ) from error

    def release(self) -> None:
        os.close(self._file)
