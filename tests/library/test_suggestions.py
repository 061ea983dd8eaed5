"""Suggestions of a whole library."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.documents import Audience, Principal
from corpus.index.visibility import visible_to
from corpus.library import Library
from corpus.search import suggestions
from ingest.run import IngestOptions, run


def test_what_others_hide_takes_no_place(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions, "TRIED", 3)
    for organisation, audience, titles in (
        ("gamma", Audience.owner(), ("Zorro 1", "Zorro 2", "Zorro 3", "Zorro 4")),
        ("beta", Audience.cluster(), ("Zorros y perros del valle",)),
    ):
        folder = tmp_path / organisation
        folder.mkdir()
        for title in titles:
            (folder / f"{title}.md").write_text(
                f"# {title}\n\nLos animales bajan de noche al valle.\n", encoding="utf-8"
            )
        run(library, [folder], IngestOptions(organisation=organisation, audience=audience))
    known = suggestions.Suggestions(library.catalog)

    def suggested(organisation: str) -> list[str]:
        return [each.text for each in known.suggest("zorro", visible_to(Principal(organisation)))]

    assert suggested("alpha") == ["Zorros y perros del valle"]
    assert len(suggested("gamma")) == 3
