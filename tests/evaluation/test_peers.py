"""Lonja and a peer that needs nothing installed, over the same passages."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from search_api.benchmarks.peers.comparing import compare_with_peers

PASSAGES = {
    "es": "La prueba de origen vale doce meses desde su fecha.",
    "pt": "O cacau fermenta seis dias em caixas de madeira.",
    "en": "Gloves are tested for hexavalent chromium in Hamburg.",
}
QUESTIONS = {
    "es": "¿Cuánto vale la prueba de origen?",
    "pt": "quantos dias fermenta o cacau",
    "en": "chromium in gloves",
}


@pytest.mark.slow
def test_both_are_asked_the_same_and_judged_alike(tmp_path: Path) -> None:
    folder = tmp_path / "tiny"
    folder.mkdir()
    for name, texts in (("corpus.jsonl", PASSAGES), ("queries.jsonl", QUESTIONS)):
        rows = ({"id": language, "language": language, "text": text} for language, text in texts.items())
        (folder / name).write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "qrels.tsv").write_text("".join(f"{each}\t{each}\t1\n" for each in PASSAGES), encoding="utf-8")
    figures = compare_with_peers(
        [folder], Path(sys.executable), lambda _done, _total, _what: None, peers=["sqlite_fts5"]
    )
    assert list(figures) == ["lonja", "sqlite_fts5"]
    for found in figures.values():
        assert found.ndcg == {"tiny": 1.0}
        assert min(found.passages_per_second, found.query_ms, found.megabytes) > 0
