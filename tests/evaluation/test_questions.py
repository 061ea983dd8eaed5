"""Questions judged by what stands in documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import BadInput
from corpus.evaluation.collection import CollectionPassage
from corpus.evaluation.questions import Place, PlacedQuestion, collection_of, read_questions

DOCUMENTS = {
    "a.md": [
        CollectionPassage("a.md#0", "es", "", "El REX se\n  escribe en la factura."),
        CollectionPassage("a.md#1", "es", "", "La prueba vale doce meses."),
    ],
    "b.md": [CollectionPassage("b.md#0", "pt", "", "A prova vale doze meses.")],
}


def _question(*places: Place) -> PlacedQuestion:
    return PlacedQuestion("q", "en", "How long?", places)


def test_the_passage_that_holds_the_text_is_relevant_however_it_is_broken_into_lines() -> None:
    question = _question(Place("a.md", "REX se escribe"), Place("b.md", "doze meses", 2))
    collection = collection_of("tiny", [question, PlacedQuestion("none", "es", "¿Qué?", ())], DOCUMENTS)
    assert collection.judgements == {"q": {"a.md#0": 1, "b.md#0": 2}}
    assert [each.id for each in collection.passages] == ["a.md#0", "a.md#1", "b.md#0"]
    assert [each.id for each in collection.answerable] == ["q"]
    assert len(collection.questions) == 2


@pytest.mark.parametrize("place", [Place("c.md", "doce meses"), Place("a.md", "trece meses")])
def test_a_judgement_of_what_is_not_there_is_told(place: Place) -> None:
    with pytest.raises(BadInput, match="'q'"):
        collection_of("tiny", [_question(place)], DOCUMENTS)


def test_a_line_that_is_no_question_is_named(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    good = '{"id": "q", "language": "es", "text": "¿Qué?", "relevant": [{"document": "a.md", "contains": "REX"}]}'
    file.write_text(f"{good}\n\n", encoding="utf-8")
    assert read_questions(file) == (PlacedQuestion("q", "es", "¿Qué?", (Place("a.md", "REX"),)),)
    for bad in ("{", "[]", '{"id": "q"}', good.replace('"contains"', '"holds"'), good.replace('"text"', '"words"')):
        file.write_text(f"{good}\n{bad}\n", encoding="utf-8")
        with pytest.raises(BadInput, match="line 2"):
            read_questions(file)
