from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.documents import Passage
from corpus.embedding.embedder import Embedder
from corpus.embedding.opening import open_embedder
from corpus.errors import DocumentError
from corpus.passage_text import embedding_text
from ingest.components import to_document, to_passage
from ingest.components.models import forget_embedder, use_embedder
from ingest.passages import PassageLimits
from ingest.pipeline import Ingestion, build_pipeline, load_pipeline, run_pipeline

MODEL = "the model of these tests"
PAGE = """<!doctype html><html lang="es"><head><title>Exportar café a China</title></head><body>
<h1>Exportar café a China</h1>
<h2>Registro</h2><p>La planta se registra ante la GACC antes del primer embarque.</p>
<h2>Arancel</h2><p>La partida 09.01 paga ocho por ciento.</p>
<table><tr><th>Producto</th><th>Arancel</th></tr><tr><td>Café verde</td><td>8 %</td></tr></table>
<h2>Notice</h2><p>The importer files the declaration within fourteen days of the arrival of the goods at the port.</p>
</body></html>"""


@pytest.fixture(scope="module")
def embedder() -> Iterator[Embedder]:
    opened = open_embedder()
    use_embedder(MODEL, opened)
    yield opened
    forget_embedder(MODEL)
    opened.close()


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "original"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_a_file_goes_all_the_way(embedder: Embedder, page: Path) -> None:
    prepared = run_pipeline(build_pipeline(MODEL), page, file_name="cafe.html")
    assert prepared.converted.media_type == "text/html"
    assert [passage.heading_path[-1] for passage in prepared.passages] == ["Registro", "Arancel", "Notice"]
    assert [passage.language for passage in prepared.passages] == ["es", "es", "en"]
    assert prepared.passages[1].text == "La partida 09.01 paga ocho por ciento.\nProducto | Arancel\nCafé verde | 8 %"
    assert prepared.guesses.title.value == "Exportar café a China"
    assert prepared.guesses.countries is not None
    assert prepared.guesses.countries.value == ("CHN",)
    assert prepared.guesses.hs_codes is not None
    assert prepared.guesses.hs_codes.value == ("0901",)


def test_the_vectors_are_the_embedder_s(embedder: Embedder, page: Path) -> None:
    prepared = run_pipeline(build_pipeline(MODEL), page, file_name="cafe.html")
    prefix = PassageLimits.for_model(embedder).prefix_characters
    texts = [embedding_text("Exportar café a China", each, prefix_characters=prefix) for each in prepared.passages]
    assert prepared.vectors is not None
    assert prepared.vectors.dtype == np.float32
    np.testing.assert_array_equal(prepared.vectors, embedder.embed_passages(texts))


def test_a_title_that_somebody_gave_is_the_one_embedded(embedder: Embedder, page: Path) -> None:
    pipeline = build_pipeline(MODEL)
    given_one = run_pipeline(pipeline, page, file_name="cafe.html", title="Aduanas de Asia")
    guessed = run_pipeline(pipeline, page, file_name="cafe.html")
    assert given_one.vectors is not None
    assert guessed.vectors is not None
    assert given_one.passages == guessed.passages
    assert not np.array_equal(given_one.vectors, guessed.vectors)


def test_it_serialises_to_yaml_and_back_and_gives_the_same(embedder: Embedder, page: Path) -> None:
    limits = PassageLimits(target_tokens=20, max_tokens=40, small_section=4, prefix_characters=30)
    pipeline = build_pipeline(MODEL, conversion_limits={"pages": 7}, passage_limits=limits, languages=["es", "en"])
    again = load_pipeline(pipeline.dumps())
    assert again.to_dict()["components"] == pipeline.to_dict()["components"]
    first, second = (run_pipeline(each, page, file_name="cafe.html") for each in (pipeline, again))
    assert first.passages == second.passages
    assert first.guesses == second.guesses
    assert first.vectors is not None
    assert second.vectors is not None
    np.testing.assert_array_equal(first.vectors, second.vectors)


def test_what_is_wrong_with_a_file_is_its_own_error(embedder: Embedder, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_bytes(b"")
    with pytest.raises(DocumentError) as raised:
        run_pipeline(build_pipeline(MODEL), empty, file_name="vacío.pdf")
    assert raised.value.code == "empty"
    assert "vacío.pdf" in raised.value.message


def test_without_embedding_it_ends_with_passages(embedder: Embedder, page: Path) -> None:
    whole, part = (Ingestion(embedder, embed=embed).prepare(page, file_name="cafe.html") for embed in (True, False))
    assert part.vectors is None
    assert part.passages == whole.passages


@given(
    st.builds(
        Passage,
        ordinal=st.integers(0, 999),
        text=st.text(min_size=1),
        language=st.sampled_from(["es", "zh"]),
        heading_path=st.lists(st.text(), max_size=3).map(tuple),
        first_page=st.none() | st.integers(1, 9),
        last_page=st.none() | st.integers(1, 9),
        place=st.none() | st.text(),
        is_table=st.booleans(),
    )
)
def test_a_passage_survives_being_a_haystack_document(passage: Passage) -> None:
    assert to_passage(to_document(passage)) == passage


def test_haystack_is_imported_only_by_the_pipeline_and_never_phones_home() -> None:
    quiet = "import sys, ingest.structure, ingest.passages, ingest.guesses, ingest.lonja_toml, corpus.language"
    subprocess.run([sys.executable, "-c", f"{quiet}; assert 'haystack' not in sys.modules"], check=True)
    silent = "import ingest.pipeline; from haystack.telemetry import _telemetry; assert _telemetry.telemetry is None"
    subprocess.run([sys.executable, "-c", silent], check=True)
