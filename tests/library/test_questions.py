"""Questions as people type them, asked of a real library: operators, codes, other languages, and no answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from corpus.documents import Audience, Organisation, Principal
from corpus.errors import BadInput
from corpus.library import Library
from corpus.search.results import Mode, SearchRequest
from corpus.settings import read_settings
from ingest.run import IngestOptions, run
from tests.library.texts import ALL

OWNERS = {"coffee.md": "alpha", "leather.md": "beta", "fruit.md": "gamma"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    """Three documents in three languages, of three firms, seen by all. Nothing is changed by a test."""
    folder = tmp_path_factory.mktemp("questions")
    with Library(read_settings(data=folder / "data")) as library:
        for name, owner in OWNERS.items():
            library.catalog.organisations.put(Organisation(owner, owner.title()))
            path = folder / owner / name
            path.parent.mkdir()
            path.write_text(ALL[name], encoding="utf-8")
            run(library, [path], IngestOptions(organisation=owner, audience=Audience.cluster()))
        yield library


def _owners(library: Library, text: str, mode: Mode = Mode.HYBRID) -> list[str]:
    results = library.search(SearchRequest(text, Principal("alpha"), mode=mode))
    return [hit.organisation.id for hit in results.hits]


@pytest.mark.parametrize(
    ("question", "owner"),
    [
        ("Where do gloves fail because of chromium?", "beta"),
        ("¿Qué límite de cromo hexavalente aceptan en Hamburgo para los guantes?", "beta"),
        ("What does the Brazilian inspector ask of fresh mangoes?", "gamma"),
        ("documentos para vender café torrado no Chile", "alpha"),
        ("进口新鲜芒果到巴西需要植物检疫证书吗？", "gamma"),
        ("090121", "alpha"),
        ("HS 0901.21", "alpha"),
    ],
)
def test_the_first_answer_in_whatever_language(shared: Library, question: str, owner: str) -> None:
    assert _owners(shared, question)[:1] == [owner]


def test_a_phrase_has_to_stand_there(shared: Library) -> None:
    assert _owners(shared, 'importador "certificado de origen"') == ["alpha"]


def test_a_phrase_that_stands_nowhere_is_worth_its_words_and_that_is_told(shared: Library) -> None:
    results = shared.search(SearchRequest('importador "origen del certificado"', Principal("alpha")))
    assert [operator.applied for operator in results.operators] == [False]
    assert [hit.organisation.id for hit in results.hits][:1] == ["alpha"]


def test_what_is_left_out_is_left_out(shared: Library) -> None:
    assert "alpha" in _owners(shared, "certificado")
    assert "alpha" not in _owners(shared, "certificado -café")


@pytest.mark.parametrize("operator", ["empresa:gamma", "company:gamma", "idioma:pt", "language:portuguese"])
def test_filters_in_the_question(shared: Library, operator: str) -> None:
    assert _owners(shared, f"certificado {operator}") == ["gamma"]


@pytest.mark.parametrize("mode", list(Mode))
def test_every_mode_answers(shared: Library, mode: Mode) -> None:
    assert _owners(shared, "hexavalent chromium in leather gloves", mode)[0] == "beta"


@pytest.mark.parametrize(
    "question",
    [
        "Who won the football world cup in 1978?",
        "¿Cuál es la órbita de Saturno alrededor del Sol?",
        "receita de bolo de cenoura",
    ],
)
def test_where_nothing_is_relevant_nothing_is_found(shared: Library, question: str) -> None:
    results = shared.search(SearchRequest(question, Principal("alpha")))
    assert results.nothing_found
    assert results.hits == ()
    everything = shared.search(SearchRequest(question, Principal("alpha"), only_relevant=False))
    assert everything.total == 3


@pytest.mark.parametrize(
    ("question", "owners"),
    [
        ("¿Qué certificado piden en Chile para el café tostado?", ["alpha"]),
        ("Which certificate do Chilean importers ask for roasted coffee?", ["alpha"]),
        ("¿Qué certificado piden en Corea del Sur para el café tostado?", []),
        ("Which certificate does a Turkish importer in Turkey ask for roasted coffee?", []),
    ],
)
def test_what_is_said_of_another_country_is_no_answer(shared: Library, question: str, owners: list[str]) -> None:
    assert _owners(shared, question)[:1] == owners


def test_a_name_that_is_nowhere_else_is_enough(shared: Library) -> None:
    assert _owners(shared, "Valparaíso") == ["alpha"]


@pytest.mark.parametrize("typed", ["", "   ", "empresa:alpha", "x" * 100_000])
def test_what_cannot_be_asked(shared: Library, typed: str) -> None:
    with pytest.raises(BadInput):
        _owners(shared, typed)
