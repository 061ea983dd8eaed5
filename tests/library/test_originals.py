"""The files behind the documents, and what killed processes left among them."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from corpus.datafolder import DataFolder
from corpus.originals import Originals


def test_what_killed_processes_left_is_cleared_away_and_what_comes_in_is_not(tmp_path: Path) -> None:
    with DataFolder(tmp_path) as folder:
        originals = Originals(folder.originals, folder.incoming)
        kept = originals.store(BytesIO(b"a report"))
        coming = originals.begin()
        coming.write(b"half of another")
        upload = folder.incoming / "an upload that broke off"
        upload.write_bytes(b"half")
        backup = folder.incoming / "backup-killed"
        backup.mkdir()
        (backup / "catalog.db").write_bytes(b"half")
        yesterday = time.time() - timedelta(days=2).total_seconds()
        for left in (upload, backup):
            os.utime(left, (yesterday, yesterday))
        originals.remove_remains()
        assert len(list(folder.incoming.iterdir())) == 1
        assert coming.keep().size == len(b"half of another")
        assert originals.path(kept.sha256).read_bytes() == b"a report"
