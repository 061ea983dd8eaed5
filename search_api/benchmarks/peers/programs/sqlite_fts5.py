"""SQLite's full-text search, BM25, accents folded."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence

from measuring import FIRST, Passage, full_text, measure


class Fts5:
    def __init__(self, _model: str) -> None:
        self._database = sqlite3.connect(":memory:")
        self._database.execute(
            "CREATE VIRTUAL TABLE p USING fts5(id UNINDEXED, text, tokenize='unicode61 remove_diacritics 2')"
        )

    def take_in(self, passages: Sequence[Passage]) -> None:
        self._database.executemany("INSERT INTO p VALUES (?, ?)", ((each["id"], full_text(each)) for each in passages))

    def ask(self, question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in re.findall(r"\w+", question))
        found = self._database.execute("SELECT id FROM p WHERE p MATCH ? ORDER BY rank LIMIT ?", (words, FIRST))
        return [row[0] for row in found]


measure(Fts5)
