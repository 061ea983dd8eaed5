from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.kill import killing_service


@pytest.mark.timeout(1800)
def test_a_service_killed_under_uploads_and_searches_loses_nothing_it_answered(tmp_path: Path) -> None:
    """LONJA_KILLS sets how often; ``python -m tests.kill.killing_service --count 50`` is the long run."""
    tally = killing_service.run(int(os.environ.get("LONJA_KILLS", "3")), seed=11, folder=tmp_path, longest=6.0)
    assert tally.faults == []
    assert tally.uploads
