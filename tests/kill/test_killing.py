from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kill import killing


@pytest.mark.timeout(1800)
def test_an_ingest_killed_at_random_moments_loses_nothing_and_finishes(tmp_path: Path) -> None:
    """LONJA_KILLS sets how often; ``python -m tests.kill.killing --count 50`` is the long run."""
    tally = killing.run(int(os.environ.get("LONJA_KILLS", "6")), seed=7, folder=tmp_path, documents=12)
    assert tally.faults == []
