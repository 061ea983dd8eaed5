"""A phrase in quotes is found wherever it stands, also far down by words and by meaning."""

from __future__ import annotations

from pathlib import Path

from corpus.documents import Audience, Organisation, Principal
from corpus.library import Library
from corpus.search.results import SearchRequest
from corpus.settings import read_settings
from ingest.run import IngestOptions, run

COUNT = 130  # more than the candidates of a search without phrases
WORDS = "El certificado prueba el origen. Sin certificado no hay origen; el origen pide certificado."
PHRASE = (
    "Se tuesta el grano a fuego lento, se muele grueso y se sirve con panela. La receta de la abuela lleva canela, "
    "clavo y una pizca de sal; quien la prueba repite. En la pared cuelga un certificado de origen."
)


def test_a_phrase_far_down_is_found(tmp_path: Path) -> None:
    articles = [f"## Artículo {number}\n\n{WORDS} Caso {number}.\n" for number in range(1, COUNT)]
    file = tmp_path / "reglas.md"
    file.write_text("# Reglas\n\n" + "\n".join([*articles, f"## Artículo {COUNT}\n\n{PHRASE}\n"]), encoding="utf-8")
    with Library(read_settings(data=tmp_path / "data")) as library:
        library.catalog.organisations.put(Organisation("alpha", "Alpha"))
        run(library, [file], IngestOptions(organisation="alpha", audience=Audience.cluster()))

        def found(text: str) -> list[str]:
            hits = library.search(SearchRequest(text, Principal("alpha"), only_relevant=False)).hits
            return [passage.stored.passage.text for hit in hits for passage in hit.passages]

        assert not any("abuela" in text for text in found("certificado origen"))
        assert [PHRASE in text for text in found('"certificado de origen"')] == [True]
        assert all("abuela" not in text for text in found("certificado origen -abuela"))
